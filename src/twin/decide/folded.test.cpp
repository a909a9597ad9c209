// If these failed, a search would leave its box, or never find what lies on its edge.
#include "twin/decide/folded.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace twin::decide {
namespace {

constexpr double FoldedInf = std::numeric_limits<double>::infinity();

// Wrong: a point would lie outside, or a jump or a kink would stand where there is none in the landscape.
TEST(Folded, StaysInsideAndIsSmooth) {
  const std::pair<double, double> ends[] = {
      {-1, 3}, {0, 1e-6}, {5, FoldedInf}, {-FoldedInf, 2}, {-FoldedInf, FoldedInf}};
  for (const auto& [low, high] : ends) {
    const double width = std::isfinite(high - low) ? high - low : 1.0, h = 1e-3 * width;
    const double middle = std::isfinite(low) ? low : std::isfinite(high) ? high : 0.0;
    for (int i = -5'000; i < 5'000; ++i) {
      const double u = middle + i * h;
      const double x = folded(u, low, high, 1.0), y = folded(u + h, low, high, 1.0);
      ASSERT_TRUE(x >= low && x <= high) << u;
      ASSERT_LE(std::abs(y - x), h * (1 + 1e-9)) << u;
      // Its second derivative is at most 1 / (2 a), a >= width / 20.
      const double z = folded(u + 2 * h, low, high, 1.0);
      ASSERT_LE(std::abs(z - 2 * y + x), 10.0 / width * h * h * (1 + 1e-6)) << u;
    }
    EXPECT_TRUE(folded(1e300, low, high, 1.0) >= low && folded(-1e300, low, high, 1.0) <= high);
  }
}

// Wrong: a search would not begin where it was told to, as at a bound.
TEST(Folded, GoesBackToWhereItCameFrom) {
  for (const double x : {2.0, 2.001, 2.04, 2.3, 2.5, 2.96, 2.9999, 3.0})
    EXPECT_NEAR(folded(unfolded(x, 2, 3, 1.0), 2, 3, 1.0), x, 1e-15);
  EXPECT_EQ(unfolded(2.5, 2, 3, 1.0), 2.5);
  EXPECT_EQ(unfolded(2.0, 2, 3, 1.0), 1.95);
  EXPECT_EQ(folded(unfolded(5.0, 5, FoldedInf, 0.1), 5, FoldedInf, 0.1), 5.0);
  EXPECT_EQ(folded(7.0, -FoldedInf, FoldedInf, 0.1), 7.0);
}

}  // namespace
}  // namespace twin::decide
