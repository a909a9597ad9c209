// If this failed, tests of sensitivities would be held against wrong figures.
#include "twin/uq/example.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

namespace twin::uq::example {
namespace {

TEST(UqExample, FiguresAreTheClosedForms) {
  constexpr double Pi = std::numbers::pi;
  const double v1 = 0.5 * std::pow(1 + 0.1 * std::pow(Pi, 4) / 5, 2), v2 = 49.0 / 8,
               v13 = 8 * 0.01 * std::pow(Pi, 8) / 225, v = v1 + v2 + v13;
  EXPECT_NEAR(v, 13.844587940719, 1e-11);
  EXPECT_NEAR(IshigamiFirst[0], v1 / v, 1e-10);
  EXPECT_NEAR(IshigamiFirst[1], v2 / v, 1e-10);
  EXPECT_NEAR(IshigamiTotal[2], v13 / v, 1e-10);
  EXPECT_NEAR(IshigamiTotal[0], (v1 + v13) / v, 1e-10);
  const GIndices exact = g_indices();
  EXPECT_NEAR(exact.variance, 0.4654244319, 1e-10);
  EXPECT_NEAR(exact.first[0], 0.716192169, 1e-9);
  EXPECT_NEAR(exact.total[1], 0.242198193, 1e-9);
  EXPECT_NEAR(exact.total[7], 1.04949052e-4, 1e-12);
}

}  // namespace
}  // namespace twin::uq::example
