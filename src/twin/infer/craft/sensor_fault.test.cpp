// If these failed, a broken sensor would go on steering the twin, or a good one be silenced.
#include "twin/infer/craft/sensor_fault.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>

#include "twin/contract/refusal.hpp"
#include "twin/core/archive.hpp"
#include "twin/infer/noise.hpp"

namespace twin::infer {
namespace {

// Normal innovations of this mean and size, so many; after how many the sensor was excluded, 0: never.
std::size_t excluded_after(FaultMonitor& monitor, double mean, double size, std::size_t count) {
  Eigen::MatrixXd z(static_cast<Eigen::Index>(count), 1);
  standard_normal({.seed = 4, .member = 0}, 5, 0, z);
  for (std::size_t i = 0; i < count; ++i) {
    const std::array<double, 1> one = {mean + size * z(static_cast<Eigen::Index>(i), 0)};
    if (!monitor.add(one)) return i + 1;
  }
  return 0;
}

TEST(SensorFault, FindsBiasAndNoiseAndLeavesGoodSensorsAlone) {
  // A false alarm in 10^4 values would be one too many: with slack 0.5 and threshold 12 there is one in
  // about e^12 / 0.5 values on either side (Siegmund 1985).
  FaultMonitor good{FaultPolicy{}}, biased{FaultPolicy{}}, noisy{FaultPolicy{}},
      calm{FaultPolicy{}};
  EXPECT_EQ(excluded_after(good, 0.0, 1.0, 10000), 0U) << "seed 4";
  EXPECT_EQ(excluded_after(calm, 0.0, 0.3, 10000), 0U) << "too quiet is no fault";
  const std::size_t shifted = excluded_after(biased, 1.5, 1.0, 1000);
  EXPECT_GT(shifted, 4U);
  EXPECT_LT(shifted, 40U);  // threshold / (shift - slack) = 12 on average
  const std::size_t grown = excluded_after(noisy, 0.0, 2.5, 1000);
  EXPECT_GT(grown, 0U);
  EXPECT_LT(grown, 40U);
  EXPECT_EQ(biased.exclusions(), 1U);
}

TEST(SensorFault, OneGrossErrorIsNoFault) {
  // A single spike would silence a sensor for good.
  FaultMonitor monitor{FaultPolicy{}};
  EXPECT_TRUE(monitor.add(std::array{1e9}));
  EXPECT_TRUE(monitor.add(std::array{0.0, std::numeric_limits<double>::quiet_NaN()}));
  EXPECT_FALSE(monitor.excluded());
  for (int i = 0; i < 5; ++i) monitor.add(std::array{1e9});
  EXPECT_TRUE(monitor.excluded()) << "five in a row are";
}

TEST(SensorFault, ComesBackWhenItIsQuiet) {
  // A repaired sensor would stay silenced; a broken one come back too soon.
  FaultMonitor monitor{FaultPolicy{.quiet = 3}};
  for (int i = 0; i < 20; ++i) monitor.add(std::array{5.0});
  EXPECT_TRUE(monitor.excluded());
  EXPECT_FALSE(monitor.add(std::array{0.1}));
  EXPECT_FALSE(monitor.add(std::array{0.1}));
  EXPECT_FALSE(monitor.add(std::array{9.0}));
  EXPECT_FALSE(monitor.add(std::array{0.1, 0.2}));
  EXPECT_TRUE(monitor.add(std::array{0.1}));
  FaultMonitor by_hand{FaultPolicy{}};
  for (int i = 0; i < 20; ++i) by_hand.add(std::array{5.0});
  for (int i = 0; i < 100; ++i) EXPECT_FALSE(by_hand.add(std::array{0.0}));
  by_hand.reinstate();
  EXPECT_TRUE(by_hand.add(std::array{0.0}));
  EXPECT_EQ(core::load<FaultMonitor>(core::save(by_hand)), by_hand);
}

TEST(SensorFault, CanBeSwitchedOff) {
  FaultMonitor off{FaultPolicy{.threshold = std::numeric_limits<double>::infinity()}};
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(off.add(std::array{50.0}));
}

TEST(SensorFault, SaysWhatIsWrong) {
  const auto refused = [](const FaultPolicy& p) {
    return contract::refusal([&] { FaultMonitor{p}; });
  };
  EXPECT_EQ(refused({.threshold = 0.0}), "fault threshold = 0 (must be positive; infinite: off)");
  EXPECT_EQ(refused({.slack = -0.5}), "fault slack = -0.5 (must be finite and not negative)");
  EXPECT_EQ(refused({.normal = 0.0}), "normal = 0 of a sensor (must be positive)");
}

}  // namespace
}  // namespace twin::infer
