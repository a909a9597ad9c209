// If these failed, a change of what nobody had measured before would stay unseen.
#include "twin/score/page_hinkley.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "twin/contract/refusal.hpp"
#include "twin/core/archive.hpp"
#include "twin/core/draw.hpp"
#include "twin/math/distributions.hpp"
#include "twin/math/statistics.hpp"
#include "twin/score/cusum_run_length.hpp"

namespace twin::score {
namespace {

using contract::refusal;

constexpr std::uint64_t PageHinkleySeed = 20290114;
constexpr double PageHinkleyNan = std::numeric_limits<double>::quiet_NaN();

// The definition, with sums that grow and their least values so far, against what is kept instead.
TEST(PageHinkley, IsItsDefinition) {
  const core::Draw draw{.seed = PageHinkleySeed, .member = 0};
  PageHinkley monitor({.tolerance = 0.25, .threshold = 1e9, .learn = 0});
  double total = 0.0, up = 0.0, down = 0.0, least_up = 0.0, least_down = 0.0;
  for (std::uint32_t t = 0; t < 2000; ++t) {
    const double x = 7.0 + math::normal(draw.uniform(0, 0, t)) + (t > 1500 ? 0.5 : 0.0);
    monitor.add(x);
    total += x;
    const double mean = total / (t + 1.0);
    up += x - mean - 0.25;
    down += mean - x - 0.25;
    least_up = std::min(least_up, up);
    least_down = std::min(least_down, down);
    ASSERT_NEAR(monitor.mean(), mean, 1e-11) << t;        // 2000 roundings of 14000
    ASSERT_NEAR(monitor.up(), up - least_up, 1e-8) << t;  // 2000 of those
    ASSERT_NEAR(monitor.down(), down - least_down, 1e-8) << t;
  }
  EXPECT_GT(monitor.up(), 50.0);
}

// n values of 0, then 1 for ever: the mean follows with j / (n + j), so the sum after j of them is
// the sum over i <= j of n / (n + i) - tolerance j, and the delay can be told beforehand.
TEST(PageHinkley, FindsAStepWhenItsSumSays) {
  constexpr int Before = 100;
  PageHinkley monitor({.tolerance = 0.1, .threshold = 5.0, .learn = 50});
  for (int i = 0; i < Before; ++i) EXPECT_EQ(monitor.add(0.0), Change::None);
  double sum = 0.0;
  std::uint64_t j = 0;
  while (sum <= 5.0) sum += Before / (Before + static_cast<double>(++j)) - 0.1;
  for (std::uint64_t i = 1; i <= j; ++i)
    EXPECT_EQ(monitor.add(1.0), i < j ? Change::None : Change::Up) << i;
  EXPECT_EQ(monitor.alarm(), (Alarm{Change::Up, Before + 1, Before + j}));
  EXPECT_EQ(j, 6U);  // by hand: 0.99 + 0.98 + 0.97 + 0.96 + 0.95 + 0.94 - 0.6 = 5.19
}

// Wild first values make the mean and ring nothing: after learning -10 and 10 the mean is 0.
TEST(PageHinkley, LearnsBeforeItJudges) {
  PageHinkley monitor({.tolerance = 0.5, .threshold = 5.0, .learn = 2});
  EXPECT_EQ(monitor.add(-10.0), Change::None);
  EXPECT_EQ(monitor.add(10.0), Change::None);
  EXPECT_EQ(monitor.up(), 0.0);
  EXPECT_EQ(monitor.add(9.0), Change::Up);  // 9 - 3 - 0.5 = 5.5
  EXPECT_EQ(monitor.alarm(), (Alarm{Change::Up, 3, 3}));
}

// Once the mean is well known it is a CUSUM: average time to a false alarm as the integral equation
// has it. 1000 runs; |z| < 5, a standard error being 3 % of the mean. The mean moves by less than
// 0.002 meanwhile, which changes the length in the second order.
TEST(PageHinkley, RingsFalselyAsOftenAsACusum) {
  const core::Draw draw{.seed = PageHinkleySeed, .member = 1};
  PageHinkley learned({.tolerance = 0.5, .threshold = 4.0, .learn = 10'000});
  for (int i = 0; i < 10'000; ++i) learned.add(i % 2 == 0 ? 1.0 : -1.0);
  math::Moments lengths;
  for (std::uint32_t run = 0; run < 1000; ++run) {
    PageHinkley monitor = learned;
    for (std::uint32_t t = 0; !monitor.alarm(); ++t)
      monitor.add(math::normal(draw.uniform(0, run, t)));
    lengths.add(static_cast<double>(monitor.count() - learned.count()));
  }
  const double error = lengths.deviation() / std::sqrt(1000.0);
  EXPECT_LT(std::abs(lengths.mean() - run_length({0.5, 4.0}, 0.0)), 5 * error)
      << "seed " << PageHinkleySeed;
}

// A silent sensor is no change; a restart goes on; a reset forgets the mean.
TEST(PageHinkley, IsAValue) {
  PageHinkley with({.threshold = 2.0, .learn = 2}), without = with;
  for (const double x : {1.0, 1.5, 3.0, 1.0}) {
    with.add(x);
    with.add(PageHinkleyNan);
    without.add(x);
    EXPECT_EQ(with.up(), without.up());
    EXPECT_EQ(with.mean(), without.mean());
  }
  EXPECT_EQ(with.missing(), 4U);
  EXPECT_EQ(with.count(), 8U);
  PageHinkley again = core::load<PageHinkley>(core::save(with));
  EXPECT_EQ(again, with);
  EXPECT_EQ(again.add(9.0), with.add(9.0));
  EXPECT_EQ(again.alarm(), with.alarm());
  EXPECT_EQ(again.alarm()->change, Change::Up);
  again.reset();
  EXPECT_EQ(again, PageHinkley({.threshold = 2.0, .learn = 2}));
}

// A monitor that can never ring, or always does.
TEST(PageHinkley, RefusesOptionsThatMakeNoSense) {
  EXPECT_EQ(refusal([] { PageHinkley({.threshold = 0.0}); }), "threshold = 0 (must be positive)");
  EXPECT_EQ(refusal([] { PageHinkley({.tolerance = -1.0}); }),
            "tolerance = -1 (must not be negative)");
  EXPECT_EQ(refusal([] { PageHinkley({.tolerance = PageHinkleyNan}); }),
            "tolerance = nan (must be finite); was a missing value left in?");
}

}  // namespace
}  // namespace twin::score
