// If these failed, a recipe would be turned after noise, or a drifting tool let drift.
#include "twin/decide/run_to_run.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "twin/contract/refusal.hpp"
#include "twin/core/archive.hpp"
#include "twin/core/draw.hpp"
#include "twin/math/distributions.hpp"
#include "twin/math/statistics.hpp"

namespace twin::decide {
namespace {

using contract::refusal;

constexpr std::uint64_t RunToRunSeed = 20261201;
constexpr double RunToRunNan = std::numeric_limits<double>::quiet_NaN();
const Knob Plain{.gain = 2.0, .target = 100.0};

double normal(std::uint32_t who, std::uint32_t t) {
  return math::normal(core::Draw{RunToRunSeed, 0}.uniform(0, who, t));
}

// Wrong: a step would not be taken out as the theory says: what is left after t runs is
// S (1 - lambda beta / b)^t, with beta the true gain; beyond lambda beta / b = 2 it grows.
TEST(Ewma, TakesOutAStepGeometrically) {
  for (const double beta : {1.0, 2.0, 3.5}) {
    Ewma c(Plain, 0.4, 50.0);
    double left = (7.0 + beta * 50.0) - 100.0;
    for (int t = 0; t < 40; ++t) {
      const double u = c.recipe(), y = 7.0 + beta * u;
      EXPECT_NEAR(y - 100.0, left, 1e-9) << beta << " " << t;
      c.measured(u, y);
      left *= 1 - 0.4 * beta / 2.0;
    }
  }
  Ewma unstable(Plain, 0.9, 50.0);
  double worst = 0.0;
  for (int t = 0; t < 40; ++t) {
    const double u = unstable.recipe(), y = 5.0 * u - 149.0;
    worst = std::max(worst, std::abs(y - 100.0));
    unstable.measured(u, y);
  }
  EXPECT_GT(worst, 100.0);  // 0.9 x 5 / 2 = 2.25
}

// Wrong: its first advice would be another than the recipe that runs.
TEST(Ewma, BeginsWhereTheToolIs) {
  EXPECT_EQ(Ewma(Plain, 0.3, 48.5).recipe(), 48.5);
  EXPECT_EQ(DoubleEwma(Plain, 0.3, 0.1, 48.5).recipe(), 48.5);
  EXPECT_EQ(KalmanRunToRun(Plain, {}, 48.5).recipe(), 48.5);
}

// Wrong: the best weight would not be best. Offsets that walk by steps of variance q under noise of
// variance r: the best is K with K^2 / (1 - K) = q / r, and leaves an output variance of r / (1 - K),
// of white noise: over 50,000 runs within 5.2 sqrt(2 / 50,000) of it.
TEST(Ewma, WithTheBestWeightLeavesTheInnovation) {
  SCOPED_TRACE(RunToRunSeed);
  constexpr double Q = 0.25, R = 1.0;
  const double p = 0.5 * (Q + std::sqrt(Q * Q + 4 * Q * R)), k = p / (p + R);
  const auto variance = [&](double lambda) {
    Ewma c(Plain, lambda, 50.0);
    math::Moments m;
    double offset = 0.0;
    for (std::uint32_t t = 0; t < 50'200; ++t) {
      const double u = c.recipe();
      offset += std::sqrt(Q) * normal(1, t);
      const double y = offset + 2.0 * u + std::sqrt(R) * normal(2, t);
      if (t >= 200) m.add(y - 100.0);
      c.measured(u, y);
    }
    return m.variance();
  };
  const double best = variance(k);
  EXPECT_NEAR(best / (R / (1 - k)), 1.0, 5.2 * std::sqrt(2.0 / 50'000));
  EXPECT_GT(variance(k / 3), best * 1.1);
  EXPECT_GT(variance(std::min(1.0, k * 2)), best * 1.1);
}

// Wrong: a drift would leave an offset. An EWMA is behind by drift / lambda for ever; the double one
// and the Kalman filter are not.
TEST(DoubleEwma, FollowsADriftWithoutOffset) {
  Ewma one(Plain, 0.3, 50.0);
  DoubleEwma two(Plain, 0.3, 0.2, 50.0);
  KalmanRunToRun kalman(Plain, {.measurement = 1, .level = 0.01, .drift = 0.001, .first_drift = 1},
                        50.0);
  double y1 = 0.0, y2 = 0.0, y3 = 0.0;
  const auto run = [](auto& c, int t) {
    const double u = c.recipe(), y = 0.5 * t + 2.0 * u;
    c.measured(u, y);
    return y;
  };
  for (int t = 0; t < 400; ++t) y1 = run(one, t), y2 = run(two, t), y3 = run(kalman, t);
  EXPECT_NEAR(y1, 100.0 + 0.5 / 0.3, 1e-9);
  EXPECT_NEAR(y2, 100.0, 1e-9);
  EXPECT_NEAR(y3, 100.0, 1e-9);
  EXPECT_NEAR(two.drift(), 0.5, 1e-9);
  EXPECT_NEAR(two.offset(), 0.5 * 399, 1e-9);
  EXPECT_NEAR(kalman.drift(), 0.5, 1e-9);
}

// Wrong: it would not be the Kalman filter. Without walk and drift its offset is the mean of all that was
// seen; with a walk it ends in the EWMA of the best weight.
TEST(KalmanRunToRun, IsTheMeanAndTheEwmaInItsLimits) {
  SCOPED_TRACE(RunToRunSeed);
  KalmanRunToRun mean(Plain, {.measurement = 1, .level = 0, .first_level = 1e12}, 50.0);
  math::Moments seen;
  for (std::uint32_t t = 0; t < 30; ++t) {
    const double u = mean.recipe(), offset = 3.0 + normal(3, t);
    mean.measured(u, offset + 2.0 * u);
    seen.add(offset);
    EXPECT_NEAR(mean.offset(), seen.mean(), 1e-9);
    EXPECT_NEAR(mean.offset_variance(), 1.0 / (t + 1.0), 1e-9);
  }
  KalmanRunToRun walk(Plain, {.measurement = 1, .level = 0.25, .first_level = 1}, 50.0);
  const double p = 0.5 * (0.25 + std::sqrt(0.0625 + 1.0)), k = p / (p + 1);
  for (int t = 0; t < 200; ++t) walk.measured(50.0, 100.0);
  EXPECT_NEAR(walk.offset_variance(), p, 1e-12);
  const double before = walk.offset();
  walk.measured(50.0, 101.0);
  EXPECT_NEAR(walk.offset() - before, k, 1e-9);
}

// Wrong: a run that nobody measured would be taken for one on target, or stop the drift.
TEST(RunToRun, GoesOnWhereNothingIsMeasured) {
  DoubleEwma two(Plain, 0.3, 0.2, 50.0);
  KalmanRunToRun kalman(Plain, {.measurement = 1, .level = 0.01, .drift = 0.001, .first_drift = 1},
                        50.0);
  Ewma one(Plain, 0.3, 50.0);
  for (int t = 0; t < 400; ++t) {
    two.measured(two.recipe(), 0.5 * t + 2.0 * two.recipe());
    kalman.measured(kalman.recipe(), 0.5 * t + 2.0 * kalman.recipe());
  }
  const double variance = kalman.offset_variance();
  for (int t = 400; t < 410; ++t) {
    two.measured(two.recipe(), RunToRunNan);
    kalman.skipped(kalman.recipe());
    one.measured(one.recipe(), RunToRunNan);
  }
  EXPECT_NEAR(410 * 0.5 + 2.0 * two.recipe(), 100.0, 1e-8);
  EXPECT_NEAR(410 * 0.5 + 2.0 * kalman.recipe(), 100.0, 1e-8);
  EXPECT_GT(kalman.offset_variance(), variance);
  EXPECT_EQ(one, Ewma(Plain, 0.3, 50.0));
}

// Wrong: a recipe beyond its bounds, or further from the last than allowed, would be advised.
TEST(RunToRun, KeepsBoundsAndSteps) {
  SCOPED_TRACE(RunToRunSeed);
  const Knob knob{.gain = 2.0, .target = 100.0, .low = 45.0, .high = 52.0, .most_change = 0.75};
  Ewma one(knob, 0.8, 50.0);
  DoubleEwma two(knob, 0.8, 0.5, 50.0);
  KalmanRunToRun kalman(knob, {.level = 5.0, .drift = 1.0}, 50.0);
  const auto run = [&](auto& c, std::uint32_t t, double& last) {
    const double u = c.recipe();
    EXPECT_TRUE(u >= 45.0 && u <= 52.0) << u;
    EXPECT_LE(std::abs(u - last), 0.75 + 1e-12);
    last = u;
    c.measured(u, 2.0 * u + 30.0 * normal(4, t));
  };
  double a = 50.0, b = 50.0, c = 50.0;
  for (std::uint32_t t = 0; t < 2'000; ++t) run(one, t, a), run(two, t, b), run(kalman, t, c);
  // A run made by hand outside the bounds: the bounds first.
  one.measured(60.0, 120.0);
  EXPECT_EQ(one.recipe(), 52.0);
}

// Wrong: a controller could not be kept with the State.
TEST(RunToRun, IsAValue) {
  KalmanRunToRun k(Plain, {.level = 0.5, .drift = 0.1}, 50.0);
  DoubleEwma d(Plain, 0.5, 0.1, 50.0);
  k.measured(50.0, 103.0);
  d.measured(50.0, 103.0);
  EXPECT_EQ(core::load<KalmanRunToRun>(core::save(k)), k);
  EXPECT_EQ(core::load<DoubleEwma>(core::save(d)), d);
  EXPECT_EQ(core::load<Ewma>(core::save(Ewma(Plain, 0.3, 50.0))), Ewma(Plain, 0.3, 50.0));
}

// Wrong: nonsense would be taken in.
TEST(RunToRun, RefusesNonsense) {
  EXPECT_EQ(refusal([] { Ewma({.gain = 0.0}, 0.3, 0.0); }),
            "gain = 0 (a knob that moves nothing cannot control)");
  EXPECT_EQ(refusal([] { Ewma(Plain, 0.0, 50.0); }), "lambda = 0 (must lie above 0, at most 1)");
  EXPECT_EQ(refusal([] { DoubleEwma(Plain, 0.5, 1.5, 50.0); }),
            "drift weight = 1.5 (must lie above 0, at most 1)");
  EXPECT_EQ(refusal([] { Ewma({.low = 2, .high = 1}, 0.3, 0.0); }),
            "bounds 2 to 1 (low must not be above high); are they swapped?");
  EXPECT_EQ(refusal([] { Ewma({.low = 1, .high = 2}, 0.3, 0.0); }),
            "first recipe = 0 (must lie within 1 to 2)");
  EXPECT_EQ(refusal([] { Ewma({.most_change = RunToRunNan}, 0.3, 0.0); }),
            "most_change = nan (must be positive)");
  EXPECT_EQ(refusal([] { KalmanRunToRun(Plain, {.level = -1}, 50.0); }),
            "level variance = -1 (must not be negative)");
}

}  // namespace
}  // namespace twin::decide
