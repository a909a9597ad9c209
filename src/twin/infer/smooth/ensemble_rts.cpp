#include "twin/infer/smooth/ensemble_rts.hpp"

#include <fmt/core.h>

#include "twin/core/error.hpp"

namespace twin::infer::smooth {
namespace {

Eigen::MatrixXd anomalies_of(const Eigen::MatrixXd& x) {
  return x.colwise() - x.rowwise().mean().eval();
}

void check_ensemble_rts(std::span<const Kept> record) {
  const Eigen::Index members = record.front().analysed.cols();
  if (members < 2) {
    throw core::Error(fmt::format("the ensemble has {} member{} (its covariance needs at least 2)",
                                  members, members == 1 ? "" : "s"));
  }
  for (std::size_t k = 0; k < record.size(); ++k) {
    const Eigen::MatrixXd& forecast = k == 0 ? record[0].analysed : record[k].forecast;
    if (record[k].analysed.cols() != members || forecast.cols() != members) {
      throw core::Error(fmt::format(
          "moment {} has {} members in its forecast and {} analysed ones (the first moment has {})",
          k, forecast.cols(), record[k].analysed.cols(), members));
    }
    if (forecast.rows() != record[k].analysed.rows()) {
      throw core::Error(fmt::format(
          "moment {} has {} variables in its forecast and {} analysed ones (must be as many)", k,
          forecast.rows(), record[k].analysed.rows()));
    }
    if (!forecast.allFinite() || !record[k].analysed.allFinite()) {
      throw core::Error(fmt::format("moment {} is not finite (a member is lost)", k));
    }
  }
}

}  // namespace

std::vector<Eigen::MatrixXd> ensemble_rts(std::span<const Kept> record) {
  std::vector<Eigen::MatrixXd> out(record.size());
  if (record.empty()) return out;
  check_ensemble_rts(record);
  out.back() = record.back().analysed;
  for (std::size_t k = record.size() - 1; k-- > 0;) {
    // In the space of the members: A pinv(F) D with D the correction of the moment after.
    Eigen::CompleteOrthogonalDecomposition<Eigen::MatrixXd> forecast;
    forecast.setThreshold(1e-12);  // anomalies sum to zero but for round-off
    forecast.compute(anomalies_of(record[k + 1].forecast));
    const Eigen::MatrixXd weights = forecast.solve(out[k + 1] - record[k + 1].forecast);
    out[k] = record[k].analysed;
    out[k].noalias() += anomalies_of(record[k].analysed) * weights;
  }
  return out;
}

}  // namespace twin::infer::smooth
