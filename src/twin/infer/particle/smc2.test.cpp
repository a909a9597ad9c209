// If these failed, parameters learnt while observing would be believed too firmly, too loosely or
// wrongly.
#include "twin/infer/particle/smc2.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "twin/contract/refusal.hpp"
#include "twin/contract/toy_walk.hpp"
#include "twin/infer/particle/auxiliary.hpp"
#include "twin/math/distributions.hpp"
#include "twin/score/flatness.hpp"

namespace twin::infer::particle {
namespace {

using contract::Normal;
using contract::ToyWalk;
using contract::ToyWalkSensor;

struct NormalPrior {
  Normal law = {0.5, 0.09};
  [[nodiscard]] std::vector<double> sample(core::Draw draw) const {
    return {math::normal(draw.uniform(0xA11, 0, 0), law.mean, std::sqrt(law.variance))};
  }
  [[nodiscard]] double log_density(std::span<const double> theta) const {
    const double d = theta[0] - law.mean;
    return -0.5 * d * d / law.variance;
  }
};

core::Observation seen_smc2(std::size_t k, double y) {
  const auto at = static_cast<core::Tick>(k + 1);
  return {.at = at, .arrived = at, .values = {y}};
}

// What a walk with this a shows.
std::vector<double> shown_smc2(double a, std::size_t count, std::uint64_t seed) {
  ToyWalk walk;
  walk.a = a;
  const core::Draw draw{.seed = seed, .member = 0xFFFF0000U};
  auto x = walk.initial({}, draw);
  std::vector<double> y;
  for (std::size_t k = 0; k < count; ++k) {
    walk.advance(x, {}, static_cast<core::Tick>(k + 1), draw);
    y.push_back(walk.observe(x, draw));
  }
  return y;
}

template <class Filter>
Normal moments(const Filter& f) {
  const Weights w = weights_of(f.log_weight());
  Normal m{0.0, 0.0};
  for (std::size_t j = 0; j < f.size(); ++j) m.mean += w.relative[j] / w.total * f.theta(j)[0];
  for (std::size_t j = 0; j < f.size(); ++j) {
    const double d = f.theta(j)[0] - m.mean;
    m.variance += w.relative[j] / w.total * d * d;
  }
  return m;
}

// A statistic over independent runs, with its standard error.
struct Over {
  double mean = 0.0, square = 0.0;
  int runs = 0;
  void add(double x) {
    mean += (x - mean) / ++runs;
    square += (x * x - square) / runs;
  }
  [[nodiscard]] double error() const {
    return std::sqrt(std::max(0.0, square - mean * mean) / (runs - 1));
  }
};

// The posterior by quadrature is what SMC^2 must find, evidence included.
TEST(Smc2, FindsThePosteriorOfAParameter) {
  const ToyWalk walk;
  const NormalPrior prior;
  const auto y = shown_smc2(0.8, 15, 4);
  const auto [exact, log_evidence] = contract::learned(walk, prior.law, y);
  Over mean, variance, evidence;
  bool moved = false;
  constexpr int Runs = 20;
  for (std::uint64_t seed = 0; seed < Runs; ++seed) {
    Smc2 smc(walk, ToyWalkSensor{}, prior, {.thetas = 100, .particles = 40}, seed);
    for (std::size_t k = 0; k < y.size(); ++k) moved |= smc.step(seen_smc2(k, y[k])).moved;
    const Normal m = moments(smc);
    mean.add(m.mean);
    variance.add(m.variance);
    evidence.add(std::exp(smc.log_evidence() - log_evidence));
  }
  EXPECT_TRUE(moved);
  // 7 standard errors as the runs show them (Student, 19 degrees: once in 10^6), and 2/N of bias.
  EXPECT_NEAR(mean.mean, exact.mean, 7.0 * mean.error() + 0.02 * std::sqrt(exact.variance));
  EXPECT_NEAR(variance.mean, exact.variance, 7.0 * variance.error() + 0.02 * exact.variance);
  EXPECT_NEAR(evidence.mean, 1.0, 7.0 * evidence.error());
  EXPECT_LT(mean.error(), 0.1 * std::sqrt(exact.variance)) << "too noisy to see anything";
}

// Simulation-based calibration: a drawn from the prior has a uniform rank among posterior samples.
TEST(Smc2, RanksOfTheTruthAreUniform) {
  const NormalPrior prior;
  constexpr std::uint32_t Truths = 300, Samples = 9;
  std::array<std::uint64_t, Samples + 1> counts = {};
  for (std::uint32_t i = 0; i < Truths; ++i) {
    const double a = prior.sample({.seed = 77, .member = i})[0];
    const auto y = shown_smc2(a, 6, 5000 + i);
    const ToyWalk walk;
    Smc2 smc(walk, ToyWalkSensor{}, prior, {.thetas = 60, .particles = 30, .moves = 1}, i);
    for (std::size_t k = 0; k < y.size(); ++k) smc.step(seen_smc2(k, y[k]));
    const Weights w = weights_of(smc.log_weight());
    std::size_t rank = 0;
    for (std::uint32_t s = 0; s < Samples; ++s) {
      double left = core::Draw{.seed = 78, .member = i}.uniform(0, 0, s) * w.total;
      std::size_t j = 0;
      while (j + 1 < smc.size() && (left -= w.relative[j]) > 0.0) ++j;
      rank += smc.theta(j)[0] < a ? 1U : 0U;
    }
    ++counts[rank];
  }
  EXPECT_GT(score::flatness(counts)->all.p_value, 1e-6);
}

// The number of threads must not show.
TEST(Smc2, ThreadsDoNotShow) {
  const ToyWalk walk;
  const auto y = shown_smc2(0.8, 25, 4);
  const auto run = [&](unsigned threads) {
    Smc2 smc(walk, ToyWalkSensor{}, NormalPrior{},
             {.thetas = 30, .particles = 10, .least_acceptance = 0.9}, 3, core::Threads{threads});
    std::size_t particles = 0;
    std::vector<double> all;
    for (std::size_t k = 0; k < y.size(); ++k) {
      particles = smc.step(seen_smc2(k, y[k])).particles;
      for (std::size_t j = 0; j < smc.size(); ++j) {
        all.push_back(smc.theta(j)[0]);
        all.push_back(smc.log_weight()[j]);
      }
    }
    EXPECT_GT(particles, 10U);  // an acceptance of 0.9 cannot be had: filters grew
    return all;
  };
  const auto one = run(1);
  for (const unsigned threads : {2U, 3U, 7U}) EXPECT_EQ(run(threads), one);
}

TEST(Smc2, SaysWhatGoesWrong) {
  const ToyWalk walk;
  Smc2 smc(walk, ToyWalkSensor{}, NormalPrior{}, {.thetas = 10, .particles = 5}, 1);
  EXPECT_EQ(smc.step(seen_smc2(0, 1e200)).fate, Fate::Collapsed);
  EXPECT_EQ(smc.step(seen_smc2(1, std::nan(""))).fate, Fate::Missing);
  EXPECT_EQ(smc.log_evidence(), 0.0);
  EXPECT_EQ(smc.step(seen_smc2(2, 0.5)).fate, Fate::Used);
  const auto option = [](Smc2Options o) { return contract::refusal([&] { check_options(o); }); };
  EXPECT_EQ(option({.thetas = 1}), "1 thetas (needs at least two)");
  EXPECT_EQ(option({.particles = 0}),
            "0 particles, at most 3200 (needs at least one, and at most that)");
  EXPECT_EQ(option({.threshold = -1.0}),
            "the resampling thresholds are -1 of thetas and 0.5 of particles (must be 0 or more)");
  EXPECT_EQ(option({.moves = 0}), "0 moves (needs at least one)");
}

// The same posterior by the cheaper kernel of Liu and West, which holds it only roughly: the kernel
// keeps mean and covariance but not the shape, and parameters part from the states that bore them.
TEST(LiuWest, FindsThePosteriorRoughly) {
  const ToyWalk walk;
  const NormalPrior prior;
  const auto y = shown_smc2(0.8, 40, 4);
  const Normal exact = contract::learned(walk, prior.law, y).first;
  const auto preview = [&](const ToyWalk::State& x, std::span<const double> theta, core::Tick,
                           std::span<const double> v) {
    return walk.log_evidence({theta[0] * x.x[0], walk.q}, v[0]);
  };
  Over mean, variance;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    constexpr std::size_t Members = 2000;
    std::vector<double> theta;
    for (std::uint32_t i = 0; i < Members; ++i) theta.push_back(prior.sample({seed, i})[0]);
    auto belief = core::initial_ensemble(walk, Members, theta, {.seed = seed});
    AuxiliaryFilter filter(walk, ToyWalkSensor{}, preview, {.threshold = 1.0, .discount = 0.98});
    for (std::size_t k = 0; k < y.size(); ++k) {
      filter.step(belief, seen_smc2(k, y[k]), {seed, 0xFFFFFFFFU}, static_cast<std::uint32_t>(k));
    }
    const Weights w = weights_of(belief.log_weight);
    double m = 0.0, v = 0.0;
    for (std::size_t i = 0; i < Members; ++i) m += w.relative[i] / w.total * belief.theta[i];
    for (std::size_t i = 0; i < Members; ++i) {
      v += w.relative[i] / w.total * (belief.theta[i] - m) * (belief.theta[i] - m);
    }
    mean.add(m);
    variance.add(v);
  }
  const double deviation = std::sqrt(exact.variance);
  EXPECT_NEAR(mean.mean, exact.mean, 7.0 * mean.error() + 0.15 * deviation);
  EXPECT_NEAR(variance.mean, exact.variance, 7.0 * variance.error() + 0.15 * exact.variance);
  EXPECT_LT(exact.variance, 0.3 * prior.law.variance) << "there is nothing to learn";
}

}  // namespace
}  // namespace twin::infer::particle
