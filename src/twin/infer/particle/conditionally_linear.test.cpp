// If these failed, the part that is known exactly would be wrong, or the sampled part would gain
// nothing from it.
#include "twin/infer/particle/conditionally_linear.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "twin/contract/check_model.hpp"
#include "twin/contract/toy_walk.hpp"
#include "twin/infer/particle/filter.hpp"

namespace twin::infer::particle {
namespace {

using contract::Normal;

// A walk whose noise is small or large, by a Markov chain of two regimes.
struct Switching {
  static constexpr int Size = 1;
  static constexpr int Observations = 1;
  using Regime = std::int32_t;  // 0 or 1
  static constexpr double Stays = 0.8;
  static constexpr std::array<double, 2> Variance = {0.05, 2.0};

  [[nodiscard]] std::pair<Regime, kalman::Gaussian<1>> start(std::span<const double>,
                                                             core::Draw draw) const {
    kalman::Gaussian<1> g;
    g.mean << 0.5;
    g.covariance << 1.5;
    return {draw.uniform(0, 0, 0) < 0.5 ? 0 : 1, g};
  }
  void move(Regime& u, std::span<const double>, core::Tick tick, core::Draw draw) const {
    if (draw.uniform(1, 0, static_cast<std::uint32_t>(tick)) >= Stays) u = 1 - u;
  }
  [[nodiscard]] kalman::Matrix<1, 1> transition(Regime, std::span<const double>) const {
    return kalman::Matrix<1, 1>::Constant(0.9);
  }
  [[nodiscard]] kalman::ProcessNoise<1> process(Regime u, std::span<const double>) const {
    return kalman::ProcessNoise<1>(
        kalman::Matrix<1, 1>::Constant(Variance[static_cast<std::size_t>(u)]));
  }
  [[nodiscard]] kalman::Matrix<1, 1> op(Regime) const { return kalman::Matrix<1, 1>::Identity(); }
  [[nodiscard]] kalman::ObservationNoise<1> noise(Regime) const {
    return kalman::ObservationNoise<1>(kalman::Matrix<1, 1>::Constant(0.5));
  }
};

// Nothing to sample: there is one regime.
struct OneRegime : Switching {
  void move(Regime&, std::span<const double>, core::Tick, core::Draw) const {}
  [[nodiscard]] std::pair<Regime, kalman::Gaussian<1>> start(std::span<const double> theta,
                                                             core::Draw draw) const {
    return {1, Switching::start(theta, draw).second};
  }
};

using Model = ConditionallyLinear<Switching>;
using Sensor = ConditionallyLinearSensor<Switching>;
constexpr core::Draw Estimator{.seed = 3, .member = 0xFFFFFFFFU};

TWIN_CHECK_MODEL(SwitchingWalk, [] {
  return contract::ModelCase<Model>{
      .model = Model(Switching{}), .theta = {}, .draw = {.seed = 1, .member = 0}, .horizon = 30};
});

template <class M>
void advance(const M& model, core::Ensemble<M>& b, core::Tick until, std::uint64_t seed) {
  for (std::size_t i = 0; i < b.size(); ++i) {
    model.advance(b.x[i], b.theta_of(i), until, b.draw_of(i, seed));
  }
}

// With nothing to sample it is the Kalman filter itself, whatever the number of particles.
TEST(ConditionallyLinear, IsKalmanWhereAllIsLinear) {
  const ConditionallyLinear<OneRegime> model(OneRegime{});
  auto belief = core::initial_ensemble(model, 5, std::vector<double>(5), {.seed = 3});
  ParticleFilter filter(ConditionallyLinearSensor<OneRegime>(OneRegime{}), {.threshold = 2.0});
  contract::ToyWalk walk;
  walk.q = 2.0;
  Normal exact{0.5, 1.5};
  double evidence = 0.0;
  const std::vector<double> y = {0.3, -1.0, 4.0, 2.0};
  for (std::uint32_t k = 0; k < y.size(); ++k) {
    advance(model, belief, k + 1, 3);
    filter.update(belief, {.values = {y[k]}}, Estimator, k);
    exact = walk.forecast(exact);
    evidence += walk.log_evidence(exact, y[k]);
    exact = walk.updated(exact, y[k]);
    for (const auto& x : belief.x) {
      EXPECT_NEAR(x.mean[0], exact.mean, 1e-10);
      EXPECT_NEAR(x.covariance[0], exact.variance, 1e-10);
    }
    EXPECT_NEAR(log_evidence(belief), evidence, 1e-10);
  }
}

// Everything sampled, by the model of the same law: what the exact part is better than.
struct Sampled {
  struct State {
    core::Tick now = 0;
    std::int32_t regime = 0;
    double x = 0.0;
    bool operator==(const State&) const = default;
    template <class A>
    static void fields(A& archive, auto& self) {
      archive("now", self.now);
      archive("regime", self.regime);
      archive("x", self.x);
    }
  };
  [[nodiscard]] State initial(std::span<const double> theta, core::Draw draw) const {
    const auto [u, g] = Switching{}.start(theta, draw);
    return {0, u, 0.5 + std::sqrt(1.5) * contract::box_muller(draw.block(2, 0, 0))};
  }
  void advance(State& x, std::span<const double> theta, core::Tick until, core::Draw draw) const {
    for (; x.now < until; ++x.now) {
      Switching{}.move(x.regime, theta, x.now, draw);
      const double variance = Switching::Variance[static_cast<std::size_t>(x.regime)];
      const core::Block b = draw.block(3, 0, static_cast<std::uint32_t>(x.now));
      x.x = 0.9 * x.x + std::sqrt(variance) * contract::box_muller(b);
    }
  }
};
struct SampledSensor {
  [[nodiscard]] double log_likelihood(const Sampled::State& x, std::span<const double> y) const {
    return contract::ToyWalk{}.log_evidence({x.x, 0.0}, y[0]);  // r = 0.5
  }
};

struct Spreads {
  double mean = 0.0, variance = 0.0;  // of exp(log evidence - exact) over runs
};

template <class M, class H>
Spreads evidences(const M& model, const H& sensor, const std::vector<double>& y, double exact,
                  int runs) {
  Spreads s;
  for (std::uint64_t seed = 0; seed < static_cast<std::uint64_t>(runs); ++seed) {
    auto belief = core::initial_ensemble(model, 40, std::vector<double>(40), {.seed = seed});
    ParticleFilter filter(sensor, {});
    for (std::uint32_t k = 0; k < y.size(); ++k) {
      advance(model, belief, k + 1, seed);
      filter.update(belief, {.values = {y[k]}}, {seed, 0xFFFFFFFFU}, k);
    }
    const double ratio = std::exp(log_evidence(belief) - exact);
    s.mean += ratio / runs;
    s.variance += ratio * ratio / runs;
  }
  s.variance -= s.mean * s.mean;
  return s;
}

// The exact evidence sums over all paths of the regime; both filters must find it on average, and
// the one that samples less with less noise.
TEST(ConditionallyLinear, EvidenceIsUnbiasedAndLessNoisy) {
  const std::vector<double> y = {0.2, 0.1, 3.0, 2.8, 2.9, -1.0};
  double total = 0.0;
  for (std::uint32_t path = 0; path < (1U << (y.size() + 1)); ++path) {
    double p = 0.5;
    Normal exact{0.5, 1.5};
    for (std::size_t k = 0; k < y.size(); ++k) {
      const std::uint32_t before = (path >> k) & 1U, now = (path >> (k + 1)) & 1U;
      p *= before == now ? Switching::Stays : 1.0 - Switching::Stays;
      contract::ToyWalk walk;
      walk.q = Switching::Variance[now];
      exact = walk.forecast(exact);
      p *= std::exp(walk.log_evidence(exact, y[k]));
      exact = walk.updated(exact, y[k]);
    }
    total += p;
  }
  constexpr int Runs = 2000;
  const Spreads exact_part =
      evidences(Model(Switching{}), Sensor(Switching{}), y, std::log(total), Runs);
  const Spreads sampled = evidences(Sampled{}, SampledSensor{}, y, std::log(total), Runs);
  EXPECT_NEAR(exact_part.mean, 1.0, 5.0 * std::sqrt(exact_part.variance / Runs));
  EXPECT_NEAR(sampled.mean, 1.0, 5.0 * std::sqrt(sampled.variance / Runs));
  EXPECT_LT(exact_part.variance, 0.6 * sampled.variance);
}

}  // namespace
}  // namespace twin::infer::particle
