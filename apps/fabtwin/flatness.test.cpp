// If these failed, a soak would pass a process that leaks, or fail one that breathes.
#include "apps/fabtwin/flatness.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace apps::fabtwin {
namespace {

TEST(Flatness, FindsASlopeAndHowSureItIs) {
  const std::vector<double> rising = {1.0, 3.0, 5.0, 7.0};
  EXPECT_DOUBLE_EQ(slope_of(rising, 0.5).per_hour, 4.0);
  EXPECT_DOUBLE_EQ(slope_of(rising, 0.5).error, 0.0);
  EXPECT_FALSE(slope_of(rising, 0.5).flat(3.9));
  // By hand: mean 1.5, slope 0.2 a block, rest 0.8, error sqrt(0.8 / 2 / 5).
  const std::vector<double> breathing = {1.0, 2.0, 1.0, 2.0};
  EXPECT_NEAR(slope_of(breathing, 1.0).per_hour, 0.2, 1e-12);
  EXPECT_NEAR(slope_of(breathing, 1.0).error, 0.282843, 1e-6);
  EXPECT_TRUE(slope_of(breathing, 1.0).flat(0.0));
  const std::vector<double> falling = {3.0, 2.0, 1.0};
  EXPECT_TRUE(slope_of(falling, 1.0).flat(0.0));
  const std::vector<double> two = {1.0, 2.0};
  EXPECT_DOUBLE_EQ(slope_of(two, 1.0).per_hour, 0.0);
}

}  // namespace
}  // namespace apps::fabtwin
