// If these failed, particles would not be the posterior of any model, with events or with steps, or
// what goes wrong in a live twin would stay silent.
#include "twin/infer/particle/filter.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "twin/contract/check_estimator.hpp"
#include "twin/contract/refusal.hpp"
#include "twin/contract/toy_queue.hpp"
#include "twin/contract/toy_walk.hpp"

namespace twin::infer::particle {
namespace {

using contract::ToyWalk;
using contract::ToyWalkSensor;
using WalkEnsemble = core::Ensemble<ToyWalk>;

constexpr double FilterNan = std::numeric_limits<double>::quiet_NaN();
constexpr double FilterInfinity = std::numeric_limits<double>::infinity();
constexpr core::Draw FilterEstimator{.seed = 9, .member = 0xFFFFFFFFU};

template <Resampling Scheme>
auto bootstrap() {
  return contract::ensemble_case(1000, [](unsigned threads) {
    return ParticleFilter(ToyWalkSensor{}, {.resampling = Scheme}, core::Threads{threads});
  });
}

TWIN_CHECK_ESTIMATOR(SystematicParticles, bootstrap<Resampling::Systematic>);
TWIN_CHECK_ESTIMATOR(MultinomialParticles, bootstrap<Resampling::Multinomial>);
TWIN_CHECK_ESTIMATOR(SrinivasanParticles, bootstrap<Resampling::Srinivasan>);

// Moved apart by a kernel that is small beside the posterior: the contract's tolerances hold.
TWIN_CHECK_ESTIMATOR(RegularisedParticles, [] {
  return contract::ensemble_case(1000, [](unsigned threads) {
    return ParticleFilter(ToyWalkSensor{}, {.bandwidth = 0.1}, core::Threads{threads});
  });
});

WalkEnsemble belief_of(std::size_t members, std::uint64_t seed) {
  return core::initial_ensemble(ToyWalk{}, members, {}, {.seed = seed, .member = 0});
}

void advance_filter(WalkEnsemble& belief, core::Tick until, std::uint64_t seed) {
  for (std::size_t i = 0; i < belief.size(); ++i) {
    ToyWalk{}.advance(belief.x[i], {}, until, belief.draw_of(i, seed));
  }
}

core::Observation seen(std::vector<double> values) { return {.values = std::move(values)}; }

// The evidence decides between models: its mean over runs must be the exact one.
TEST(ParticleFilter, EvidenceIsUnbiased) {
  const ToyWalk walk;
  constexpr std::size_t Cycles = 8;
  const auto y = contract::detail::observations(walk, Cycles, {.seed = 4, .member = 1u << 31});
  double exact = 0.0;
  contract::Normal kalman = walk.start;
  for (const double v : y) {
    kalman = walk.forecast(kalman);
    exact += walk.log_evidence(kalman, v);
    kalman = walk.updated(kalman, v);
  }
  for (const Resampling scheme : AllResamplings) {
    constexpr int Runs = 2000;
    double sum = 0.0, square = 0.0;
    for (std::uint64_t seed = 0; seed < Runs; ++seed) {
      WalkEnsemble belief = belief_of(100, seed);
      ParticleFilter filter(ToyWalkSensor{}, {.resampling = scheme});
      double increments = 0.0;
      for (std::uint32_t k = 0; k < Cycles; ++k) {
        advance_filter(belief, k + 1, seed);
        increments += filter.update(belief, seen({y[k]}), {seed, 0xFFFFFFFFU}, k).log_evidence;
      }
      ASSERT_NEAR(log_evidence(belief), increments, 1e-10);
      const double ratio = std::exp(increments - exact);
      sum += ratio / Runs;
      square += ratio * ratio / Runs;
    }
    // 5.3 standard errors: 6 looks, once in 10^6.
    EXPECT_NEAR(sum, 1.0, 5.3 * std::sqrt((square - sum * sum) / Runs)) << name_of(scheme);
    EXPECT_LT(square - sum * sum, 0.5) << "too noisy to see anything";
  }
}

// Copies of a member that meet the same noise would stay one member for ever.
TEST(ParticleFilter, CopiesGoTheirOwnWay) {
  WalkEnsemble belief = belief_of(4, 9);
  belief.first = 100;
  belief.log_weight = {-FilterInfinity, 0.0, -FilterInfinity, -FilterInfinity};
  const auto one = belief.x[1];
  ParticleFilter filter(ToyWalkSensor{}, {.threshold = 0.9});
  const Report report = filter.update(belief, seen({0.0}), FilterEstimator, 0);
  EXPECT_TRUE(report.resampled);
  EXPECT_EQ(report.copies, 3U);
  EXPECT_EQ(report.ess, 1.0);
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(belief.x[i], one);
    auto alone = one;
    ToyWalk{}.advance(alone, {}, 3, {.seed = 9, .member = 100 + static_cast<std::uint32_t>(i)});
    ToyWalk{}.advance(belief.x[i], {}, 3, belief.draw_of(i, 9));
    EXPECT_EQ(belief.x[i], alone);
    if (i > 0) {
      EXPECT_NE(belief.x[i].x, belief.x[0].x);
    }
  }
}

// A kernel must move copies only, and by its own size.
TEST(ParticleFilter, AKernelMovesCopiesApart) {
  constexpr std::size_t Members = 2000;
  WalkEnsemble belief = belief_of(Members, 3);
  const WalkEnsemble before = belief;
  ParticleFilter filter(ToyWalkSensor{.r = 0.05}, {.threshold = 1.0, .bandwidth = 0.5});
  filter.weigh(belief, seen({1.0}));
  const WalkEnsemble weighed = belief;
  const Spread spread = spread_of(vectors_of(belief), weights_of(belief.log_weight).relative);
  const Report report = filter.resample_if_due(belief, {}, FilterEstimator, 0);
  ASSERT_TRUE(report.resampled);
  std::size_t alone = 0;
  for (std::size_t i = 0; i < Members; ++i) alone += belief.x[i] == before.x[i] ? 1U : 0U;
  EXPECT_GT(alone, 0U);
  // The mean stays, to the error of systematic resampling and of the kernel: 6 standard errors.
  const double s = spread.root(0, 0);
  const Spread after = spread_of(vectors_of(belief), weights_of(belief.log_weight).relative);
  EXPECT_NEAR(after.mean[0], spread.mean[0], 6.0 * s / std::sqrt(report.ess));
  // Variance s^2 (1 + h^2) less what those that stay alone do not get.
  const double h = 0.5 * rule_of_thumb(Members, 1);
  EXPECT_NEAR(after.root(0, 0), s * std::sqrt(1.0 + h * h), 0.15 * s);
  EXPECT_EQ(filter.update(belief, seen({}), FilterEstimator, 1).fate, Fate::Nothing);
}

// An event-driven state is weighed and copied like any other.
struct QueueLength {
  [[nodiscard]] double log_likelihood(const contract::ToyQueue<>::State& x,
                                      std::span<const double> y) const {
    const double d = y[0] - static_cast<double>(x.waiting.size());
    return -0.5 * d * d;
  }
};

TEST(ParticleFilter, FollowsAQueue) {
  using Queue = contract::ToyQueue<>;
  const Queue queue;
  constexpr std::size_t Members = 300;
  std::vector<double> theta;
  for (std::size_t i = 0; i < Members; ++i) theta.insert(theta.end(), {100.0, 90.0});
  const core::Draw hidden{.seed = 5, .member = 0xFFFF0000U};
  auto truth = queue.initial(std::vector<double>{100.0, 90.0}, hidden);
  core::Twin followed(queue, {.seed = 5},
                      core::initial_ensemble(queue, Members, theta, {.seed = 5}),
                      ParticleFilter(QueueLength{}, {}), core::Threads{2});
  core::Twin blind(queue, {.seed = 5}, core::initial_ensemble(queue, Members, theta, {.seed = 5}));
  double error = 0.0, blind_error = 0.0;
  for (core::Tick at = 200; at <= 20000; at += 200) {
    queue.advance(truth, std::vector<double>{100.0, 90.0}, at, hidden);
    const double length = static_cast<double>(truth.waiting.size());
    followed.absorb(core::Advance{.until = at});
    followed.absorb(core::Observation{.at = at, .arrived = at, .values = {length}});
    blind.absorb(core::Advance{.until = at});
    const auto miss = [&](const core::Ensemble<Queue>& b) {
      const Weights w = weights_of(b.log_weight);
      double mean = 0.0;
      for (std::size_t i = 0; i < Members; ++i) {
        mean += w.relative[i] / w.total * static_cast<double>(b.x[i].waiting.size());
      }
      return std::abs(mean - length);
    };
    error += miss(followed.belief());
    blind_error += miss(blind.belief());
  }
  EXPECT_LT(error, 0.5 * blind_error);
  const Counts& counts = followed.estimator().counts();
  EXPECT_EQ(counts.used + counts.collapsed, 100U);
  EXPECT_EQ(counts.lost, 0U);
}

// What cannot be weighed is counted and has the stated effect.
TEST(ParticleFilter, CountsWhatGoesWrong) {
  WalkEnsemble belief = belief_of(5, 1);
  belief.x[2].x[0] = FilterNan;  // a member whose model failed
  ParticleFilter filter(ToyWalkSensor{}, {.threshold = 0.0});
  Report report = filter.update(belief, seen({0.5}), FilterEstimator, 0);
  EXPECT_EQ(report.fate, Fate::Used);
  EXPECT_EQ(report.lost, 1U);
  EXPECT_TRUE(report.resampled);  // at once, whatever the threshold
  for (const auto& x : belief.x) EXPECT_TRUE(std::isfinite(x.x[0]));

  const WalkEnsemble before = belief;
  report = filter.update(belief, seen({1e200}), FilterEstimator, 1);
  EXPECT_EQ(report.fate, Fate::Collapsed);
  EXPECT_EQ(belief, before);
  EXPECT_EQ(filter.update(belief, seen({FilterNan}), FilterEstimator, 2).fate, Fate::Missing);
  EXPECT_EQ(filter.update(belief, seen({}), FilterEstimator, 3).fate, Fate::Nothing);
  EXPECT_EQ(belief, before);
  for (auto& x : belief.x) x.x[0] = FilterNan;
  EXPECT_EQ(filter.update(belief, seen({0.5}), FilterEstimator, 4).lost,
            5U);  // nobody is left to copy
  const Counts& counts = filter.counts();
  EXPECT_EQ(counts.used, 1U);
  EXPECT_EQ(counts.collapsed, 2U);
  EXPECT_EQ(counts.missing, 1U);
  EXPECT_EQ(counts.nothing, 1U);
  EXPECT_EQ(counts.lost, 6U);
  EXPECT_EQ(counts.resampled, 1U);

  WalkEnsemble none = belief_of(3, 1);
  none.log_weight.assign(3, -FilterInfinity);
  const WalkEnsemble weightless = none;
  EXPECT_EQ(filter.update(none, seen({0.5}), FilterEstimator, 5).fate, Fate::Collapsed);
  EXPECT_EQ(none, weightless);
}

TEST(ParticleFilter, SaysWhatIsWrong) {
  ParticleFilter filter(ToyWalkSensor{}, {.on_collapse = OnCollapse::Refuse});
  WalkEnsemble belief = belief_of(5, 1);
  const auto refused = [&](std::vector<double> y) {
    return contract::refusal([&] { filter.update(belief, seen(y), FilterEstimator, 0); });
  };
  EXPECT_EQ(refused({1e200}),
            "no weight is left on any of 5 members, 0 of them lost (none can have made what was "
            "observed) is the sensor's noise too small, or are the members too few?");
  EXPECT_EQ(refused({1.0, 2.0}), "2 values were observed (the sensor has 1)");
  EXPECT_EQ(refused({-FilterInfinity}), "observation 0 is -inf (must be finite)");
  belief = {};
  EXPECT_EQ(refused({1.0}), "the belief has no members (needs at least one)");
  const auto option = [](FilterOptions o) {
    return contract::refusal([&] { ParticleFilter<ToyWalkSensor> made(ToyWalkSensor{}, o); });
  };
  EXPECT_EQ(option({.threshold = -0.1}),
            "the resampling threshold is -0.1 (must be a share of the members, 0 or more)");
  EXPECT_EQ(option({.bandwidth = FilterNan}),
            "the kernel's bandwidth is nan (must be finite, 0 or more)");
  EXPECT_EQ(option({.discount = 0.5}),
            "the discount of parameters is 0.5 (must be above 0.5 and at most 1)");
}

}  // namespace
}  // namespace twin::infer::particle
