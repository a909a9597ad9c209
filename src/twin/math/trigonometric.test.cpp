// If these failed, what is worked out by a sine would be off, or differ between machines.
#include "twin/math/trigonometric.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <limits>

#include "twin/core/draw.hpp"

namespace twin::math {
namespace {

TEST(Sine, IsWithinThreeUnitsOfTheLastPlace) {
  // Against the platform's in long double, all over and near multiples of pi.
  const core::Draw draw{9};
  for (std::uint32_t k = 0; k < 200'000; ++k) {
    const double u = draw.uniform(0, k, 0);
    const double x = k % 2 == 0 ? (2 * u - 1) * (k % 4 == 0 ? 10.0 : 1e6)
                                : 3.141592653589793 * std::round(1e5 * (2 * u - 1)) +
                                      1e-3 * (draw.uniform(1, k, 0) - 0.5);
    const long double exact = std::sin(static_cast<long double>(x));
    const double unit = std::max(
        std::abs(std::nextafter(static_cast<double>(exact), 2.0) - static_cast<double>(exact)),
        1e-22);
    ASSERT_LE(std::abs(static_cast<double>(static_cast<long double>(sin(x)) - exact)), 3 * unit)
        << x;
  }
}

TEST(Sine, IsOddAndKnowsItsEnds) {
  EXPECT_EQ(sin(0.0), 0.0);
  EXPECT_EQ(sin(-0.5), -sin(0.5));
  EXPECT_NEAR(sin(1.5707963267948966), 1.0, 1e-16);
  EXPECT_TRUE(std::isnan(sin(std::numeric_limits<double>::infinity())));
  static_assert(sin(1.0) > 0.8414709848 && sin(1.0) < 0.8414709849);
}

}  // namespace
}  // namespace twin::math
