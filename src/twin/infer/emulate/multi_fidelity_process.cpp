#include "twin/infer/emulate/multi_fidelity_process.hpp"

#include <fmt/format.h>

#include <cmath>
#include <utility>

#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"

namespace twin::infer {
namespace {

using core::Error;
using Eigen::MatrixXd;
using Eigen::VectorXd;

// [point][regressor]: the trend's, then rho's times what the level below has there.
MatrixXd regressors_of(const MatrixXd& trend, const MatrixXd& rho, const VectorXd& below) {
  MatrixXd all(trend.rows(), trend.cols() + rho.cols());
  all << trend, (rho.array().colwise() * below.array()).matrix();
  return all;
}

}  // namespace

MultiFidelityProcess::MultiFidelityProcess(std::span<const SimulatedRuns> runs,
                                           const MultiFidelityOptions& options)
    : options_(options) {
  build(runs, {});
}

MultiFidelityProcess::MultiFidelityProcess(std::span<const SimulatedRuns> runs,
                                           const MultiFidelityOptions& options,
                                           std::span<const Hyperparameters> hyper)
    : options_(options) {
  if (hyper.size() != runs.size())
    throw Error(
        fmt::format("hyper-parameters of {} levels for runs of {}", hyper.size(), runs.size()));
  build(runs, hyper);
}

void MultiFidelityProcess::build(std::span<const SimulatedRuns> runs,
                                 std::span<const Hyperparameters> hyper) {
  if (runs.empty()) throw Error("a process of no levels");
  const EmulatorOptions& o = checked_emulator(options_.level);
  for (std::size_t t = 0; t < runs.size(); ++t) {
    try {
      KeptRuns kept = kept_runs(runs[t], o.inputs);
      failed_ += kept.failed;
      const RunBox box(kept.x);
      const TrendBasis trend(o.trend, box), rho(options_.rho, box);
      MatrixXd f = trend.of(kept.x);
      if (t == 0) {
        box_ = box;
      } else {
        VectorXd below;
        predict_at(t - 1, kept.x, below, nullptr);
        f = regressors_of(f, rho.of(kept.x), below);
      }
      KrigedRuns data{.x = std::move(kept.x),
                      .trend = std::move(f),
                      .y = std::move(kept.y),
                      .noise = std::move(kept.noise)};
      Hyperparameters h = hyper.empty() ? learn(o.kernel, data, o.learning).hyper : hyper[t];
      levels_.push_back({trend, rho, Kriging(o.kernel, std::move(data), std::move(h))});
    } catch (const Error& e) {
      throw Error(fmt::format("level {}: {}", t, e.what()));
    }
  }
}

MultiFidelityProcess::Factors MultiFidelityProcess::factors(const Level& level,
                                                            const MatrixXd& x) const {
  const GeneralisedLeastSquares& solved = level.kriging.solved();
  const MatrixXd rho = level.rho.of(x);
  MatrixXd alone = MatrixXd::Zero(x.rows(), solved.regressors());
  alone.rightCols(rho.cols()) = rho;
  return {.mean = alone * solved.coefficients(), .variance = solved.trend_variances(alone)};
}

void MultiFidelityProcess::predict_at(std::size_t level, const MatrixXd& x, VectorXd& mean,
                                      VectorXd* variance) const {
  levels_[0].kriging.predict(x, levels_[0].trend.of(x), mean, variance);
  VectorXd next, own;
  for (std::size_t t = 1; t <= level; ++t) {
    const Level& l = levels_[t];
    l.kriging.predict(x, regressors_of(l.trend.of(x), l.rho.of(x), mean), next,
                      variance != nullptr ? &own : nullptr);
    mean = next;
    if (variance == nullptr) continue;
    // E rho^2 times the variance below: rho and the level below are independent, given the runs.
    const Factors rho = factors(l, x);
    *variance =
        own.array() + (rho.mean.array().square() + rho.variance.array()) * variance->array();
  }
}

EmulatedPoints MultiFidelityProcess::predict(std::size_t level, std::span<const double> x,
                                             unsigned threads) const {
  TWIN_EXPECT(level < levels_.size(), level, levels_.size());
  return emulated_points(x, options_.level.inputs, true, threads,
                         [&](const MatrixXd& points, VectorXd& mean, VectorXd* variance) {
                           predict_at(level, points, mean, variance);
                         });
}

MultiFidelityProcess::Factor MultiFidelityProcess::factor(std::size_t level,
                                                          std::span<const double> x) const {
  TWIN_EXPECT(level > 0 && level < levels_.size(), level, levels_.size());
  const Factors rho = factors(levels_[level], point_of_row(x, options_.level.inputs).transpose());
  return {.rho = rho.mean[0], .deviation = std::sqrt(rho.variance[0])};
}

EmulatorRefusal MultiFidelityProcess::refuses(std::span<const double> x) const {
  const VectorXd point = point_of_row(x, options_.level.inputs);
  if (!box_->holds(point, options_.level.margin)) return EmulatorRefusal::OutsideRuns;
  VectorXd mean, variance;
  predict_at(levels_.size() - 1, point.transpose(), mean, &variance);
  double before = levels_[0].kriging.hyper().variance;
  for (std::size_t t = 1; t < levels_.size(); ++t) {
    const Factors rho = factors(levels_[t], point.transpose());
    before = levels_[t].kriging.hyper().variance +
             (rho.mean[0] * rho.mean[0] + rho.variance[0]) * before;
  }
  return variance[0] > options_.level.doubt * options_.level.doubt * before
             ? EmulatorRefusal::TooUnsure
             : EmulatorRefusal::None;
}

LeaveOneOut MultiFidelityProcess::leave_one_out(std::size_t level) const {
  TWIN_EXPECT(level < levels_.size(), level, levels_.size());
  return levels_[level].kriging.leave_one_out();
}

const Hyperparameters& MultiFidelityProcess::hyper(std::size_t level) const {
  TWIN_EXPECT(level < levels_.size(), level, levels_.size());
  return levels_[level].kriging.hyper();
}

}  // namespace twin::infer
