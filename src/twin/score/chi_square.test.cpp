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

// Wrong: a false alarm of 1 in 1000 would be of another rate. Closed forms: 2 degrees e^-h, 4
// degrees e^-h (1 + h), 1 degree erfc(sqrt h), 3 degrees with its one more term; h = x / 2.
TEST(ChiSquare, TailIsTheClosedForm) {
  for (const double x : {1e-8, 0.1, 0.9, 1.0, 2.5, 3.0, 7.0, 30.0, 200.0, 900.0}) {
    const double h = 0.5 * x;
    const auto near = [&](int degrees, double exact) {
      EXPECT_NEAR(chi_square_above(x, degrees), exact, 1e-12 * exact) << x << " " << degrees;
    };
    near(1, std::erfc(std::sqrt(h)));
    near(2, std::exp(-h));
    near(3, std::erfc(std::sqrt(h)) + 2.0 * std::sqrt(h / std::acos(-1.0)) * std::exp(-h));
    near(4, std::exp(-h) * (1.0 + h));
  }
  EXPECT_EQ(chi_square_above(0.0, 5), 1.0);
}

// A gate of 1 in 10^20 would be one of 1 in 10^16: the upper quantile undoes the tail, however small.
TEST(ChiSquare, UpperQuantileUndoesTheTail) {
  for (const double p : {0.999, 0.5, 0.01, 1e-9, 1e-20, 1e-200}) {
    for (const int degrees : {1, 2, 7, 100}) {
      const double x = chi_square_quantile_above(p, degrees);
      EXPECT_NEAR(chi_square_above(x, degrees) / p, 1.0, 1e-11) << p << ' ' << degrees;
    }
  }
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
