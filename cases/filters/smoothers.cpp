#include "cases/filters/smoothers.hpp"

#include <fmt/core.h>

#include <cmath>
#include <limits>
#include <unsupported/Eigen/MatrixFunctions>
#include <vector>

#include "cases/kit/table.hpp"
#include "twin/infer/kalman/ekf.hpp"
#include "twin/infer/smooth/windowed_experiment.hpp"
#include "twin/infer/variational/climatology.hpp"
#include "twin/infer/variational/minimise.hpp"
#include "twin/infer/variational/model_operator.hpp"
#include "twins/toys/lorenz63.hpp"
#include "twins/toys/lorenz96.hpp"

namespace cases {
namespace {

using twin::core::Draw;
using twin::core::Tick;
using twin::infer::Experiment;
using twin::infer::Noise;
namespace kalman = twin::infer::kalman;
namespace smooth = twin::infer::smooth;
namespace variational = twin::infer::variational;

constexpr std::uint32_t ClimateMember = 0xFFFE0000;  // a run of its own, never that of the truth

template <class M>
struct Setup {
  M model;
  Experiment e;  // members are the method's
  Noise noise;
  std::uint64_t seed = 0;
  double step = 0.0;  // [time unit] of a tick

  [[nodiscard]] variational::Climatology climatology() const {
    return variational::climatology_of(model, e.theta, {.seed = seed, .member = ClimateMember},
                                       {.spin_up = 1000, .every = 1, .samples = 20000});
  }
};

const auto Everything = [](const Eigen::MatrixXd& x) { return x; };

template <class M>
Score score(Setup<M> s, const IteratedSmoother& method) {
  s.e.members = method.members;
  const Draw draw{.seed = s.seed, .member = 0};
  const auto scores = smooth::run_windowed_experiment(
      s.model, s.e, method.lag, s.noise, s.seed, Everything,
      [&](const smooth::Window<M>& window, Eigen::MatrixXd& x) {
        const std::vector<Tick> moments = {window.end};
        const smooth::Forward forward = [&](const Eigen::MatrixXd& start) {
          return window.start.run(
              start, moments, [](std::size_t, const Eigen::MatrixXd& at) { return at; },
              window.end);
        };
        return smooth::iterate(method.iteration, forward, window.y, s.noise, draw, window.cycle, x)
            .end;
      });
  return {.rmse_a = scores.rmse_a, .spread = scores.spread, .diverged = scores.diverged};
}

template <class M>
Score score(Setup<M> s, const FourDVar& method) {
  s.e.members = 1;
  const auto background = variational::Background::full(
      method.share * Eigen::MatrixXd::Identity(s.noise.size(), s.noise.size()));
  const auto scores = smooth::run_windowed_experiment(
      s.model, s.e, method.lag, s.noise, s.seed, Everything,
      [&](const smooth::Window<M>& window, Eigen::MatrixXd& x) -> Eigen::MatrixXd {
        const variational::Stretch<M> stretch{.model = &s.model,
                                              .start = window.start.state(0),
                                              .theta = s.e.theta,
                                              .until = window.end};
        const variational::Cost cost{.background = background,
                                     .observed = variational::model_operator<M>(stretch),
                                     .first = x.col(0),
                                     .y = window.y,
                                     .noise = s.noise};
        const auto found = variational::minimise(cost, {.gradient = 1e-4, .residual = 1e-3});
        if (found.end == variational::End::Lost) return {};
        x.col(0) = found.x;
        return stretch.run(found.x);
      });
  return {.rmse_a = scores.rmse_a, .spread = 0.0, .diverged = scores.diverged};
}

// A filter of one estimate: correct(y, cycle, x).
template <class M, class Correct>
Score score_estimate(Setup<M> s, Correct&& correct) {
  s.e.members = 1;
  const auto scores = twin::infer::run_experiment(
      s.model, s.e, s.noise, s.seed, Everything,
      [&](const Eigen::MatrixXd&, const Eigen::VectorXd& y, std::uint32_t, Eigen::MatrixXd& x) {
        x.col(0) = correct(y, Eigen::VectorXd(x.col(0)));
      });
  return {.rmse_a = scores.rmse_a, .spread = 0.0, .diverged = scores.diverged};
}

Eigen::VectorXd three_d_var(const variational::Background& background, const Eigen::VectorXd& first,
                            const Eigen::VectorXd& y, const Noise& noise) {
  return variational::minimise({.background = background,
                                .observed = variational::identity(),
                                .first = first,
                                .y = y,
                                .noise = noise},
                               {.gradient = 1e-8, .residual = 1e-8})
      .x;
}

template <class M>
Score score(Setup<M> s, const ThreeDVar& method) {
  const auto background =
      variational::Background::sampled(method.share * s.climatology().covariance);
  return score_estimate(s, [&](const Eigen::VectorXd& y, const Eigen::VectorXd& x) {
    return three_d_var(background, x, y, s.noise);
  });
}

template <class M>
Score score(Setup<M> s, const OptimalInterpolation&) {
  const auto climate = s.climatology();
  const auto background = variational::Background::sampled(climate.covariance);
  return score_estimate(s, [&](const Eigen::VectorXd& y, const Eigen::VectorXd&) {
    return three_d_var(background, climate.mean, y, s.noise);
  });
}

template <class M>
Score score(Setup<M> s, const ClimatologyAlone&) {
  const auto climate = s.climatology();
  return score_estimate(
      s, [&](const Eigen::VectorXd&, const Eigen::VectorXd&) { return climate.mean; });
}

Eigen::MatrixXd slope_jacobian(const twins::toys::Lorenz96<>&, const Eigen::VectorXd& x) {
  const Eigen::Index n = x.size();
  Eigen::MatrixXd j = -Eigen::MatrixXd::Identity(n, n);
  for (Eigen::Index i = 0; i < n; ++i) {
    const Eigen::Index on = (i + 1) % n, back = (i + n - 1) % n, far = (i + n - 2) % n;
    j(i, on) = x[back];
    j(i, far) = -x[back];
    j(i, back) = x[on] - x[far];
  }
  return j;
}

Eigen::MatrixXd slope_jacobian(const twins::toys::Lorenz63&, const Eigen::VectorXd& x) {
  Eigen::MatrixXd j(3, 3);
  j << -10.0, 10.0, 0.0, 28.0 - x[2], -1.0, -x[0], x[1], x[0], -8.0 / 3.0;
  return j;
}

// One tick of the extended filter, inflation included.
template <class M>
void predict(const Setup<M>& s, const ExtendedKalman& method, variational::Stretch<M>& stretch,
             kalman::Gaussian<Eigen::Dynamic>& belief) {
  const auto size = s.noise.size();
  const kalman::ProcessNoise<Eigen::Dynamic> q(Eigen::MatrixXd::Zero(size, size));
  stretch.until = stretch.start.now + 1;
  kalman::predict_extended(
      belief, [&](const Eigen::VectorXd& x) { return stretch.run(x); },
      [&](const Eigen::VectorXd& x) {
        if (method.tangent == Tangent::FrozenAtItsEnd) {
          return Eigen::MatrixXd((s.step * slope_jacobian(s.model, stretch.run(x))).exp());
        }
        Eigen::MatrixXd jacobian = Eigen::MatrixXd::Identity(size, size);
        s.model.tangent(stretch.with(x), s.e.theta, stretch.until,
                        {jacobian.data(), static_cast<std::size_t>(jacobian.size())});
        return jacobian;
      },
      q);
  belief.covariance *= std::pow(method.inflation, s.step);
  stretch.start.now = stretch.until;
}

template <class M>
Score score(Setup<M> s, const ExtendedKalman& method) {
  const auto size = s.noise.size();
  auto state = s.model.initial(s.e.theta, {.seed = s.seed, .member = 0});
  kalman::Gaussian<Eigen::Dynamic> belief{
      .mean = Eigen::Map<const Eigen::VectorXd>(M::vector(state).data(), size),
      .covariance = Eigen::MatrixXd::Identity(size, size)};
  const kalman::ObservationNoise<Eigen::Dynamic> r(s.noise.covariance());
  const Eigen::MatrixXd op = Eigen::MatrixXd::Identity(size, size);
  variational::Stretch<M> stretch{.model = &s.model, .start = state, .theta = s.e.theta};
  return score_estimate(s, [&](const Eigen::VectorXd& y, const Eigen::VectorXd&) {
    for (Tick k = 0; k < s.e.ticks_per_cycle; ++k) predict(s, method, stretch, belief);
    if (!belief.covariance.allFinite() || !belief.mean.allFinite()) {
      return Eigen::VectorXd(
          Eigen::VectorXd::Constant(size, std::numeric_limits<double>::quiet_NaN()));
    }
    kalman::update(belief, y, op, r);
    return belief.mean;
  });
}

Score score(const Trial& trial, std::uint64_t seed) {
  const auto by = [&](const auto& setup) {
    return std::visit([&](const auto& method) { return score(setup, method); }, trial.method);
  };
  // A baseline is worse than the observations where it is all that it can be.
  const bool baseline = std::holds_alternative<ClimatologyAlone>(trial.method);
  if (trial.toy == Toy::Lorenz96) {
    const double step = twins::toys::Lorenz96<>::Step;
    return by(Setup<twins::toys::Lorenz96<>>{
        .model = {},
        .e = {.ticks_per_cycle = trial.ticks_per_cycle,
              .cycles = 1000,
              .burn_in = static_cast<std::uint32_t>(
                  std::lround(20.0 / (step * static_cast<double>(trial.ticks_per_cycle)))),
              .diverged_above = baseline ? 10.0 : 1.0,
              .theta = {8.0}},
        .noise = Noise::equal(40, 1.0),
        .seed = seed,
        .step = step});
  }
  const double step = twins::toys::Lorenz63::Step;
  return by(Setup<twins::toys::Lorenz63>{
      .model = {},
      .e = {.ticks_per_cycle = trial.ticks_per_cycle,
            .cycles = 1000,
            .burn_in = static_cast<std::uint32_t>(
                std::lround(16.0 / (step * static_cast<double>(trial.ticks_per_cycle)))),
            .diverged_above = baseline ? 20.0 : std::sqrt(2.0),
            .theta = {10.0, 28.0, 8.0 / 3.0}},
      .noise = Noise::equal(3, 2.0),
      .seed = seed,
      .step = step});
}

}  // namespace

Outcome run(const Trial& trial, int seeds) {
  return over_seeds(seeds, [&](std::uint64_t seed) { return score(trial, seed); });
}

void compare(const std::string& heading, const std::string& common, const Trial& trial,
             const Expected& e, int seeds) {
  const Outcome o = run(trial, seeds);
  const bool most = e.kind == Expected::Near::AtMost;
  const bool published =
      most ? o.rmse_a <= e.published + e.near : std::abs(o.rmse_a - e.published) <= e.near;
  const bool rerun = e.rerun > 0.0 && std::abs(o.rmse_a - e.rerun) <=
                                          3.0 * std::hypot(e.rerun_error, o.standard_error);
  Row row;
  row.setting = fmt::format("{}, {} seeds", common, seeds);
  row.published = most ? fmt::format("at most {:.2f}", e.published)
                       : fmt::format("{:.2f} ± {:g}", e.published, e.near);
  if (e.rerun > 0.0) row.published += fmt::format(" (rerun {:.3f} ± {:g})", e.rerun, e.rerun_error);
  row.published += e.note;
  row.source = trial.toy == Toy::Lorenz96 ? "DAPPER, Lorenz96/sakov2008, rmse.a"
                                          : "DAPPER, Lorenz63/sakov2012, rmse.a";
  row.ours = fmt::format("{:.3f} (standard error {:.3f}), ", o.rmse_a, o.standard_error);
  if (o.spread > 0.0) row.ours += fmt::format("spread {:.3f}, ", o.spread);
  row.ours += fmt::format("{} of {} runs diverged", o.diverged, o.runs);
  row.reached = o.diverged == 0 && (published || rerun);
  publish(heading + " > " + trial.name, row);
}

}  // namespace cases
