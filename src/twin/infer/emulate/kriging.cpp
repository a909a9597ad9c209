#include "twin/infer/emulate/kriging.hpp"

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <utility>

#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"
#include "twin/math/distributions.hpp"

namespace twin::infer {
namespace {

using core::Error;
using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr const char* NotTellable =
    "the runs' covariance has no factor (two runs in one place, or lengths far beyond their "
    "distances) a nugget?";

Hyperparameters checked_hyper(Hyperparameters h, Index inputs) {
  if (std::cmp_not_equal(h.lengths.size(), inputs))
    throw Error(fmt::format("{} lengths for {} inputs", h.lengths.size(), inputs));
  for (std::size_t j = 0; j < h.lengths.size(); ++j)
    if (!(h.lengths[j] > 0.0) || !std::isfinite(h.lengths[j]))
      throw Error(fmt::format("length {} is {} (above 0)", j, h.lengths[j]));
  if (!(h.variance > 0.0) || !std::isfinite(h.variance))
    throw Error(fmt::format("a variance of {} (above 0)", h.variance));
  if (!(h.nugget >= 0.0) || !std::isfinite(h.nugget))
    throw Error(fmt::format("a nugget of {} (not below 0)", h.nugget));
  return h;
}

GeneralisedLeastSquares solved_at(CovarianceKernel kernel, const KrigedRuns& data,
                                  const MatrixXd& scaled, const Hyperparameters& hyper) {
  check_regressors(data.trend);
  MatrixXd k;
  correlations(kernel, scaled, scaled, k);
  k *= hyper.variance;
  k.diagonal().array() += hyper.nugget + data.noise.array();
  auto solved = GeneralisedLeastSquares::of(std::move(k), data.trend, data.y);
  if (!solved) throw Error(NotTellable);
  return *std::move(solved);
}

}  // namespace

void check_regressors(const MatrixXd& trend) {
  // Columns of one length: they may be of any size.
  const MatrixXd columns = trend.array().rowwise() / trend.colwise().norm().array();
  Eigen::ColPivHouseholderQR<MatrixXd> qr(columns.rows(), columns.cols());
  qr.setThreshold(1e-9);
  if (trend.rows() < trend.cols() || !columns.allFinite() ||
      qr.compute(columns).rank() < trend.cols())
    throw Error("the runs do not tell the trend's regressors apart");
}

double LeaveOneOut::ratio() const {
  double sum = 0.0;
  for (const double z : standardised)
    if (!std::isnan(z)) sum += z * z;
  return std::sqrt(sum / static_cast<double>(coverage.total()));
}

Kriging::Kriging(CovarianceKernel kernel, KrigedRuns data, Hyperparameters hyper)
    : kernel_(kernel),
      data_(std::move(data)),
      hyper_(checked_hyper(std::move(hyper), data_.x.cols())),
      scaled_(scaled(data_.x)),
      solved_(solved_at(kernel_, data_, scaled_, hyper_)) {}

MatrixXd Kriging::scaled(const MatrixXd& x) const {
  const Eigen::Map<const Eigen::RowVectorXd> lengths(hyper_.lengths.data(), x.cols());
  return x.array().rowwise() / lengths.array();
}

void Kriging::predict(const MatrixXd& x, const MatrixXd& trend, VectorXd& mean,
                      VectorXd* variance) const {
  MatrixXd k;
  correlations(kernel_, scaled_, scaled(x), k);
  k *= hyper_.variance;
  mean.noalias() = k.transpose() * solved_.weights();
  mean += trend * solved_.coefficients();
  if (variance == nullptr) return;
  VectorXd of_runs, of_trend;
  solved_.reduce(k, trend, of_runs, of_trend);
  // Rounding may take a little more than all at a run.
  *variance = (hyper_.variance - of_runs.array()).max(0.0) + of_trend.array();
}

LeaveOneOut Kriging::leave_one_out() const {
  const double wide = math::normal(0.95);
  const VectorXd diagonal = solved_.precision_diagonal();
  const double middle = data_.y.mean();
  double missed = 0.0, about = 0.0;
  LeaveOneOut all;
  for (Index i = 0; i < diagonal.size(); ++i) {
    if (diagonal[i] == 0.0) {
      all.mean.push_back(std::numeric_limits<double>::quiet_NaN());
      all.variance.push_back(std::numeric_limits<double>::infinity());
      all.standardised.push_back(std::numeric_limits<double>::quiet_NaN());
      continue;
    }
    const double off = solved_.weights()[i] / diagonal[i], deviation = 1 / std::sqrt(diagonal[i]);
    const double mean = data_.y[i] - off;
    all.mean.push_back(mean);
    all.variance.push_back(deviation * deviation);
    all.standardised.push_back(off / deviation);
    all.coverage.add(mean - wide * deviation, mean + wide * deviation, data_.y[i]);
    missed += off * off;
    about += (data_.y[i] - middle) * (data_.y[i] - middle);
  }
  all.predictivity = 1 - missed / about;
  return all;
}

double Kriging::add(const VectorXd& x, const VectorXd& trend, double y, double noise) {
  const Index n = data_.x.rows();
  TWIN_EXPECT(x.size() == data_.x.cols() && trend.size() == data_.trend.cols());
  VectorXd mean, variance;
  predict(x.transpose(), trend.transpose(), mean, &variance);
  const double error = noise + hyper_.nugget;
  const MatrixXd place = scaled(x.transpose());
  MatrixXd k;
  correlations(kernel_, scaled_, place, k);
  k *= hyper_.variance;
  if (!solved_.append(k.col(0), hyper_.variance + error, trend, y)) throw Error(NotTellable);
  scaled_.conservativeResize(n + 1, Eigen::NoChange);
  scaled_.row(n) = place;
  data_.x.conservativeResize(n + 1, Eigen::NoChange);
  data_.x.row(n) = x.transpose();
  data_.trend.conservativeResize(n + 1, Eigen::NoChange);
  data_.trend.row(n) = trend.transpose();
  data_.y.conservativeResize(n + 1);
  data_.y[n] = y;
  data_.noise.conservativeResize(n + 1);
  data_.noise[n] = noise;
  return (y - mean[0]) / std::sqrt(variance[0] + error);
}

}  // namespace twin::infer
