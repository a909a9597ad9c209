#include "twin/infer/emulate/gaussian_process.hpp"

#include <fmt/format.h>

#include <cmath>
#include <utility>

#include "twin/core/error.hpp"
#include "twin/score/chi_square.hpp"

namespace twin::infer {
namespace {

using core::Error;
using Eigen::MatrixXd;
using Eigen::VectorXd;

}  // namespace

const EmulatorOptions& checked_emulator(const EmulatorOptions& o) {
  if (!(o.margin >= 0.0) || !(o.doubt > 0.0))
    throw Error(
        fmt::format("a margin of {} and a doubt of {} (not below 0, above 0)", o.margin, o.doubt));
  if (!(o.false_alarm > 0.0 && o.false_alarm < 1.0))
    throw Error(fmt::format("a chance of false alarm of {} (above 0, below 1)", o.false_alarm));
  return o;
}

GaussianProcess::GaussianProcess(const SimulatedRuns& runs, const EmulatorOptions& options)
    : GaussianProcess(kept_runs(runs, options.inputs), options, std::nullopt) {}

GaussianProcess::GaussianProcess(const SimulatedRuns& runs, const EmulatorOptions& options,
                                 Hyperparameters hyper)
    : GaussianProcess(kept_runs(runs, options.inputs), options, std::move(hyper)) {}

GaussianProcess::GaussianProcess(KeptRuns runs, const EmulatorOptions& options,
                                 const std::optional<Hyperparameters>& hyper)
    : options_(checked_emulator(options)),
      box_(runs.x),
      basis_(options.trend, box_),
      failed_(runs.failed),
      kriging_(made(std::move(runs), hyper)) {}

Kriging GaussianProcess::made(KeptRuns runs, const std::optional<Hyperparameters>& hyper) const {
  MatrixXd trend = basis_.of(runs.x);
  KrigedRuns data{.x = std::move(runs.x),
                  .trend = std::move(trend),
                  .y = std::move(runs.y),
                  .noise = std::move(runs.noise)};
  Hyperparameters h = hyper ? *hyper : infer::learn(options_.kernel, data, options_.learning).hyper;
  return {options_.kernel, std::move(data), std::move(h)};
}

EmulatedPoints GaussianProcess::predict(std::span<const double> x, bool variances,
                                        unsigned threads) const {
  return emulated_points(x, options_.inputs, variances, threads,
                         [&](const MatrixXd& points, VectorXd& mean, VectorXd* variance) {
                           kriging_.predict(points, basis_.of(points), mean, variance);
                         });
}

EmulatorRefusal GaussianProcess::refuses(std::span<const double> x) const {
  const VectorXd point = point_of_row(x, options_.inputs);
  if (!box_.holds(point, options_.margin)) return EmulatorRefusal::OutsideRuns;
  const double variance = predict(x).variance[0];
  return variance > options_.doubt * options_.doubt * hyper().variance ? EmulatorRefusal::TooUnsure
                                                                       : EmulatorRefusal::None;
}

std::optional<double> GaussianProcess::add(std::span<const double> x, double y, double noise) {
  const VectorXd point = point_of_row(x, options_.inputs);
  if (!std::isfinite(y)) {
    ++failed_;
    return std::nullopt;
  }
  if (!(noise >= 0.0) || !std::isfinite(noise))
    throw Error(fmt::format("a run with a noise of {} (a variance)", noise));
  const double off = kriging_.add(point, basis_.of(point.transpose()).row(0), y, noise);
  box_.hold(point);
  ++since_;
  squares_since_ += off * off;
  return off;
}

bool GaussianProcess::outdated() const {
  return since_ > 0 && score::chi_square_above(squares_since_, static_cast<double>(since_)) <
                           options_.false_alarm;
}

Learnt GaussianProcess::learn() {
  Learnt learnt = infer::learn(options_.kernel, kriging_.data(), options_.learning);
  kriging_ = Kriging(options_.kernel, kriging_.data(), learnt.hyper);
  since_ = 0;
  squares_since_ = 0.0;
  return learnt;
}

}  // namespace twin::infer
