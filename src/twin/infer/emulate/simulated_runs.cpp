#include "twin/infer/emulate/simulated_runs.hpp"

#include <fmt/format.h>

#include <cmath>
#include <vector>

#include "twin/core/error.hpp"

namespace twin::infer {
namespace {

using core::Error;
using Eigen::Index;

}  // namespace

Eigen::MatrixXd points_of_rows(std::span<const double> x, std::size_t inputs) {
  if (inputs == 0) throw Error("an emulator of no inputs");
  if (x.size() % inputs != 0)
    throw Error(fmt::format("{} numbers for points of {} inputs", x.size(), inputs));
  for (std::size_t k = 0; k < x.size(); ++k)
    if (!std::isfinite(x[k]))
      throw Error(fmt::format("point {} has {} as input {} (must be finite)", k / inputs, x[k],
                              k % inputs));
  const auto rows = static_cast<Index>(x.size() / inputs), columns = static_cast<Index>(inputs);
  return Eigen::Map<const Eigen::MatrixXd>(x.data(), columns, rows).transpose();
}

Eigen::VectorXd point_of_row(std::span<const double> x, std::size_t inputs) {
  if (x.size() != inputs)
    throw Error(fmt::format("{} numbers for a point of {} inputs", x.size(), inputs));
  return points_of_rows(x, inputs).row(0).transpose();
}

KeptRuns kept_runs(const SimulatedRuns& runs, std::size_t inputs) {
  const Eigen::MatrixXd x = points_of_rows(runs.x, inputs);
  const std::size_t count = runs.y.size();
  if (static_cast<std::size_t>(x.rows()) != count ||
      (!runs.noise.empty() && runs.noise.size() != count))
    throw Error(fmt::format("{} points with {} outputs and {} noises (as many, or no noises)",
                            x.rows(), count, runs.noise.size()));
  std::vector<Index> good;
  for (std::size_t k = 0; k < count; ++k) {
    if (!std::isfinite(runs.y[k])) continue;
    if (!runs.noise.empty() && (!(runs.noise[k] >= 0.0) || !std::isfinite(runs.noise[k])))
      throw Error(fmt::format("run {} has a noise of {} (a variance)", k, runs.noise[k]));
    good.push_back(static_cast<Index>(k));
  }
  const Eigen::Map<const Eigen::VectorXd> y(runs.y.data(), static_cast<Index>(count));
  KeptRuns kept{.x = x(good, Eigen::all),
                .y = y(good),
                .noise = Eigen::VectorXd::Zero(static_cast<Index>(good.size())),
                .failed = count - good.size()};
  if (!runs.noise.empty())
    kept.noise =
        Eigen::Map<const Eigen::VectorXd>(runs.noise.data(), static_cast<Index>(count))(good);
  return kept;
}

RunBox::RunBox(const Eigen::MatrixXd& x) {
  if (x.rows() == 0) throw Error("no run has a value");
  low = x.colwise().minCoeff().transpose();
  high = x.colwise().maxCoeff().transpose();
}

void RunBox::hold(const Eigen::VectorXd& x) {
  low = low.cwiseMin(x);
  high = high.cwiseMax(x);
}

bool RunBox::holds(const Eigen::VectorXd& x, double margin) const {
  const Eigen::ArrayXd wider = margin * (high - low).array();
  return (x.array() >= low.array() - wider).all() && (x.array() <= high.array() + wider).all();
}

TrendBasis::TrendBasis(Trend trend, const RunBox& box)
    : trend_(trend),
      middle_(0.5 * (box.low + box.high)),
      half_((box.high.array() > box.low.array()).select(0.5 * (box.high - box.low), 1.0)) {}

Eigen::MatrixXd TrendBasis::of(const Eigen::MatrixXd& x) const {
  Eigen::MatrixXd f(x.rows(), size());
  f.col(0).setOnes();
  if (trend_ == Trend::Linear)
    f.rightCols(x.cols()) =
        (x.rowwise() - middle_.transpose()).array().rowwise() / half_.transpose().array();
  return f;
}

}  // namespace twin::infer
