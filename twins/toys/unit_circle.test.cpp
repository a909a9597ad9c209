// If these failed, every transform of the toys would be of another function.
#include "twins/toys/unit_circle.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace twins::toys {
namespace {

TEST(UnitCircle, IsSineAndCosine) {
  // Tables would be wrong in their last digits: against the long double functions of the platform.
  constexpr long double Turn = 6.283185307179586476925286766559L;
  for (std::uint64_t parts = 1; parts < 300; ++parts) {
    for (std::uint64_t part = 0; part < 2 * parts; ++part) {
      const long double angle =
          Turn * static_cast<long double>(part) / static_cast<long double>(parts);
      const CirclePoint p = unit_circle(part, parts);
      ASSERT_NEAR(p.cos, static_cast<double>(std::cos(angle)), 2.5e-16) << part << "/" << parts;
      ASSERT_NEAR(p.sin, static_cast<double>(std::sin(angle)), 2.5e-16) << part << "/" << parts;
    }
  }
}

TEST(UnitCircle, IsExactWhereItCanBe) {
  // Waves would not vanish at their nodes.
  EXPECT_EQ(unit_circle(1, 4).cos, 0.0);
  EXPECT_EQ(unit_circle(1, 2).sin, 0.0);
  EXPECT_EQ(unit_circle(1, 2).cos, -1.0);
  EXPECT_EQ(unit_circle(3, 4).sin, -1.0);
  EXPECT_EQ(unit_circle(7, 7).cos, 1.0);
}

}  // namespace
}  // namespace twins::toys
