// If these failed, every p-value that speaks for or against a twin would be wrong.
#include "twin/score/chi_square.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "twin/score/normal.hpp"

namespace twin::score {
namespace {

// Percentage points as any statistics textbook has them, to the digits given there.
TEST(ChiSquare, HasThePublishedPercentagePoints) {
  EXPECT_NEAR(chi_square_quantile(0.95, 1), 3.841, 5e-4);
  EXPECT_NEAR(chi_square_quantile(0.95, 10), 18.307, 5e-4);
  EXPECT_NEAR(chi_square_quantile(0.99, 20), 37.566, 5e-4);
  EXPECT_NEAR(chi_square_quantile(0.05, 5), 1.145, 5e-4);
}

// Two degrees of freedom: exp(-x / 2). One: two normal tails. Four: exp(-x / 2) (1 + x / 2).
TEST(ChiSquare, HasTheClosedForms) {
  for (const double x : {0.0, 0.1, 1.0, 7.5, 60.0}) {
    EXPECT_NEAR(chi_square_above(x, 2) / std::exp(-0.5 * x), 1.0, 1e-13);
    EXPECT_NEAR(chi_square_above(x, 4) / (std::exp(-0.5 * x) * (1 + 0.5 * x)), 1.0, 1e-13);
    EXPECT_NEAR(chi_square_above(x, 1) / (2 * normal_below(-std::sqrt(x))), 1.0, 1e-13);
    EXPECT_NEAR(chi_square_above(x, 3) + chi_square_below(x, 3), 1.0, 1e-15);
  }
  EXPECT_NEAR(chi_square_below(chi_square_quantile(0.3, 7), 7), 0.3, 1e-14);
}

// Too good a fit is strange only where it is asked for.
TEST(ChiSquare, TestsOneSideOrBoth) {
  const double low = chi_square_quantile(0.001, 10);
  EXPECT_NEAR(test_above(low, 10).p_value, 0.999, 1e-12);
  EXPECT_NEAR(test_both_sides(low, 10).p_value, 0.002, 1e-12);
  EXPECT_NEAR(test_both_sides(chi_square_quantile(0.98, 10), 10).p_value, 0.04, 1e-12);
  EXPECT_LE(test_both_sides(chi_square_quantile(0.5, 10), 10).p_value, 1.0);
}

}  // namespace
}  // namespace twin::score
