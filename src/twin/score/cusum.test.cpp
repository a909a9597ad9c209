// If these failed, a twin could drift from its plant while its monitor stayed silent.
#include "twin/score/cusum.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>

#include "twin/contract/refusal.hpp"
#include "twin/core/archive.hpp"
#include "twin/core/draw.hpp"
#include "twin/math/distributions.hpp"

namespace twin::score {
namespace {

using contract::refusal;

constexpr std::uint64_t CusumSeed = 20290112;

// Table 9.1 and 9.2 of D. C. Montgomery, "Introduction to statistical quality control" (6th ed.,
// 2009): mean 10, deviation 1, from value 21 on the mean is 11; slack 0.5, threshold 5. Its upper
// sum first exceeds 5 at 29 with 5.28, nonzero since 23.
TEST(Cusum, FindsThePublishedChange) {
  constexpr std::array X = {9.45, 7.99,  9.29,  11.66, 12.16, 10.18, 8.04,  11.46, 9.20,  10.34,
                            9.03, 11.47, 10.51, 9.40,  10.08, 9.37,  10.62, 10.31, 8.52,  10.84,
                            10.9, 9.33,  12.29, 11.5,  10.6,  11.08, 10.38, 11.62, 11.31, 10.52};
  Cusum monitor({.target = 10.0});
  for (std::size_t i = 0; i < X.size(); ++i) {
    const Change change = monitor.add(X[i]);
    EXPECT_EQ(change, i < 28 ? Change::None : Change::Up) << i;
    if (i == 1) {
      EXPECT_NEAR(monitor.down(), 1.56, 1e-12);
    }
    if (i == 4) {
      EXPECT_NEAR(monitor.up(), 2.82, 1e-12);
    }
    if (i == 28) {
      EXPECT_NEAR(monitor.up(), 5.28, 1e-12);
    }
  }
  EXPECT_EQ(monitor.alarm(), (Alarm{Change::Up, 23, 29}));
}

// Upwards and downwards are mirror images, in any unit.
TEST(Cusum, IsTheSameInAnyUnit) {
  Cusum here, there({.target = 300.0, .deviation = 4.0});
  const core::Draw draw{.seed = CusumSeed, .member = 0};
  for (std::uint32_t t = 0; t < 300; ++t) {
    const double z = std::round(64 * math::normal(draw.uniform(0, 0, t))) / 64;  // exact in both
    here.add(z);
    there.add(300.0 - 4.0 * z);
    ASSERT_EQ(here.up(), there.down());
    ASSERT_EQ(here.down(), there.up());
  }
}

// A silent sensor is no change; it must not hide one either.
TEST(Cusum, PassesOverMissingValues) {
  Cusum with, without;
  for (const double x : {1.0, 2.0, 2.5, 1.5, 2.0}) {
    with.add(x);
    with.add(std::numeric_limits<double>::quiet_NaN());
    with.add(std::numeric_limits<double>::infinity());
    without.add(x);
    EXPECT_EQ(with.up(), without.up());
  }
  EXPECT_EQ(with.missing(), 10U);
  EXPECT_EQ(with.count(), 15U);
  EXPECT_EQ(with.alarm(), (Alarm{Change::Up, 1, 13}));
  EXPECT_EQ(without.alarm(), (Alarm{Change::Up, 1, 5}));
}

// A restart must go on as if nothing had happened; a reset is the start.
TEST(Cusum, IsAValue) {
  Cusum monitor({.target = 1.0, .threshold = 4.0});
  for (const double x : {3.0, 2.0}) monitor.add(x);
  Cusum again = core::load<Cusum>(core::save(monitor));
  EXPECT_EQ(again, monitor);
  EXPECT_EQ(again.add(6.0), Change::Up);
  EXPECT_EQ(monitor.add(6.0), Change::Up);
  EXPECT_EQ(again, monitor);
  again.reset();
  EXPECT_EQ(again, Cusum({.target = 1.0, .threshold = 4.0}));
}

// A monitor that can never ring, or always does.
TEST(Cusum, RefusesOptionsThatMakeNoSense) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(refusal([] { Cusum({.deviation = 0.0}); }), "deviation = 0 (must be positive)");
  EXPECT_EQ(refusal([] { Cusum({.slack = -1.0}); }), "slack = -1 (must not be negative)");
  EXPECT_EQ(refusal([] { Cusum({.threshold = -5.0}); }), "threshold = -5 (must be positive)");
  EXPECT_EQ(refusal([&] { Cusum({.target = nan}); }),
            "target = nan (must be finite); was a missing value left in?");
}

}  // namespace
}  // namespace twin::score
