// If this failed, a twin that has stopped being right would go on advising, or a right one would be validated again and
// again for nothing.
#include "twin/score/watch.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "twin/contract/refusal.hpp"
#include "twin/core/archive.hpp"
#include "twin/core/draw.hpp"
#include "twin/math/distributions.hpp"
#include "twin/math/statistics.hpp"
#include "twin/score/cusum_run_length.hpp"

namespace twin::score {
namespace {

constexpr std::uint64_t WatchSeed = 20261128;

// Forecast N(0, 1), reality N(shift, deviation); the occasion of the first alarm, or `most`.
std::uint64_t first_alarm(Watch watch, std::uint32_t run, double shift, double deviation,
                          std::uint32_t most) {
  for (std::uint32_t t = 0; t < most; ++t) {
    const double y = math::normal(core::Draw{WatchSeed, run}.uniform(1, 0, t), shift, deviation);
    if (watch.add(0.0, 1.0, y)) return watch.count();
  }
  return most;
}

math::Moments delays(const WatchOptions& o, double shift, double deviation, std::uint32_t runs,
                     std::uint32_t most) {
  math::Moments m;
  const Watch fresh(o);
  for (std::uint32_t r = 0; r < runs; ++r)
    m.add(static_cast<double>(first_alarm(fresh, r, shift, deviation, most)));
  return m;
}

// Wrong: the designed rate of false alarms would be another than the real one. Each CUSUM is designed to ring once in 4
// L occasions, exactly; the two together ring once in 2 L (their sums are independent but for sharing |z|), and the two
// learnt ones never more often, so the whole is between L and 2 L and never rings more often than said. Standard
// error of a mean of 400 exponential lengths: 5 %.
TEST(Watch, RingsFalselyAsSeldomAsDesigned) {
  for (const double every : {50.0, 300.0}) {
    WatchOptions o;
    o.false_alarm_every = every;
    const math::Moments m = delays(o, 0.0, 1.0, 400, 100'000);
    const double error = m.deviation() / std::sqrt(400.0);
    EXPECT_GT(m.mean() + 5 * error, every) << "seed " << WatchSeed;
    EXPECT_LT(m.mean() - 5 * error, 2.6 * every) << "seed " << WatchSeed;
  }
}

// Wrong: a shift would be found later than the design allows. One deviation: the CUSUM's exact mean delay bounds the
// whole from above; found at all within ten times that.
TEST(Watch, FindsAShiftOfOneDeviationInTime) {
  WatchOptions o;
  o.false_alarm_every = 1000.0;
  const Watch watch(o);
  const double design = one_sided_run_length({o.slack, watch.threshold()}, 1.0);
  const math::Moments m = delays(o, 1.0, 1.0, 400, 1000);
  const double error = m.deviation() / std::sqrt(400.0);
  EXPECT_LT(m.mean(), design + 5 * error) << "seed " << WatchSeed;
  EXPECT_GT(m.mean(), 0.7 * design);
}

// A spread that is twice, or a third of, what the forecast says: found within 100 occasions by the spread, whatever the
// mean does.
TEST(Watch, FindsASpreadThatIsNotRight) {
  for (const double deviation : {2.0, 0.33}) {
    for (std::uint32_t run = 0; run < 50; ++run) {
      Watch watch;
      std::uint32_t t = 0;
      while (t < 100 && !watch.due()) {
        watch.add(0.0, 1.0,
                  math::normal(core::Draw{WatchSeed, run}.uniform(2, 0, t), 0.0, deviation));
        ++t;
      }
      ASSERT_TRUE(watch.due()) << deviation << ", run " << run;
      const Change change = deviation > 1.0 ? Change::Up : Change::Down;
      bool said = false;
      for (const Reason& r : watch.reasons())
        said = said || (r.cause == Cause::SpreadChanged && r.change == change);
      EXPECT_TRUE(said || deviation > 1.0) << run;  // a wide one may shift the mean's sum first
    }
  }
}

// Wrong: ensembles would be watched by another standard than normal forecasts.
TEST(Watch, TakesEnsemblesAlike) {
  WatchOptions o;
  o.false_alarm_every = 300.0;
  math::Moments m;
  const Watch fresh(o);
  for (std::uint32_t run = 0; run < 200; ++run) {
    Watch watch = fresh;
    const core::Draw draw{WatchSeed + 1, run};
    for (std::uint32_t t = 0; t < 20'000 && !watch.due(); ++t) {
      std::array<double, 9> ensemble;
      for (std::uint32_t i = 0; i < 9; ++i)  // exponential: the law does not matter
        ensemble[i] = math::exponential(draw.uniform(1, i, t), 2.0);
      watch.add(ensemble, math::exponential(draw.uniform(2, 0, t), 2.0), draw.uniform(3, 0, t));
    }
    m.add(static_cast<double>(watch.count()));
    ASSERT_TRUE(watch.crps_ratio());
  }
  EXPECT_GT(m.mean() + 5 * m.deviation() / std::sqrt(200.0), 300.0) << "seed " << WatchSeed;
}

TEST(Watch, SaysWhyAndSinceWhenUntilValidatedAgain) {
  // Wrong: an alarm would be forgotten, or would never end.
  Watch watch;
  const core::Draw draw{WatchSeed, 7};
  for (std::uint32_t t = 0; t < 300; ++t)
    watch.add(10.0, 2.0, 10.0 + 2.0 * math::normal(draw.uniform(4, 0, t)) + (t < 200 ? 0.0 : 4.0));
  ASSERT_TRUE(watch.due());
  const Reason reason = watch.reasons().front();
  EXPECT_EQ(reason.cause, Cause::MeanShifted);
  EXPECT_EQ(reason.change, Change::Up);
  EXPECT_NEAR(static_cast<double>(reason.since), 201.0, 10.0);
  EXPECT_GT(reason.found, 200U);
  EXPECT_GT(*watch.crps_ratio(), 1.0);
  EXPECT_LT(watch.innovations()->test.p_value, 1e-3);
  const Watch again = core::load<Watch>(core::save(watch));
  EXPECT_EQ(again, watch);
  watch.reset();
  EXPECT_EQ(watch, Watch());
  for (const Cause cause : {Cause::ModelChanged, Cause::PlantChanged, Cause::TaskChanged}) {
    watch.tell(cause);
    watch.tell(cause);  // once is enough
    EXPECT_EQ(watch.reasons().back().cause, cause);
    EXPECT_FALSE(to_string(cause).empty());
  }
  EXPECT_EQ(watch.reasons().size(), 3U);
}

TEST(Watch, CountsWhatDoesNotCome) {
  // Wrong: a sensor that has died would leave the twin validated.
  Watch watch;
  for (std::uint32_t t = 0; t < 15; ++t)
    watch.add(0.0, 1.0, math::normal(core::Draw{WatchSeed, 1}.uniform(5, 0, t)));
  for (int t = 0; t < 4; ++t) EXPECT_FALSE(watch.add(0.0, 1.0, NAN));
  EXPECT_TRUE(watch.add(0.0, 1.0, INFINITY));
  EXPECT_EQ(watch.reasons().front().cause, Cause::RealityMissing);
  EXPECT_EQ(watch.missing(), 5U);
  EXPECT_EQ(watch.count(), 20U);
  const std::array<double, 2> ensemble = {1.0, 2.0};
  EXPECT_TRUE(watch.add(ensemble, NAN, 0.5));
}

// Wrong: the default would not be what the design gives.
TEST(Watch, KnowsTheThresholdOfItsDefault) {
  const WatchOptions o;
  EXPECT_NEAR(Watch().threshold(), threshold_for(o.slack, 4.0 * o.false_alarm_every), 1e-8);
  WatchOptions rarely;
  rarely.false_alarm_every = 5000.0;
  Watch watch(rarely);
  const Watch fresh = watch;
  watch.add(0.0, 1.0, 0.3);
  watch.reset();
  EXPECT_EQ(watch, fresh);
}

TEST(Watch, RefusesWhatItCannotUse) {
  using contract::refusal;
  WatchOptions o;
  o.false_alarm_every = 5.0;
  EXPECT_EQ(refusal([&] { Watch w(o); }),
            "a false alarm every 5.000000 occasions (must be 20 to 1000000)");
  o = {};
  o.missing_share = 0.0;
  EXPECT_EQ(refusal([&] { Watch w(o); }),
            "allowed share of missing values 0.000000 (must be above 0 and at most 1)");
  Watch watch;
  const std::array<double, 1> one = {1.0};
  EXPECT_EQ(refusal([&] { watch.add(one, 1.0, 0.5); }),
            "an ensemble of 1 (two members at least have a spread)");
  EXPECT_NE(refusal([&] { watch.add(0.0, 0.0, 1.0); }), "");
  EXPECT_NE(refusal([&] { watch.add(NAN, 1.0, 1.0); }), "");
  EXPECT_NE(refusal([&] { watch.add_pit(1.5); }), "");
  EXPECT_EQ(watch, Watch());  // and nothing was counted
}

}  // namespace
}  // namespace twin::score
