// The chi-square distribution and the answer of a test by it.
#pragma once

namespace twin::score {

// P(chi^2 > x), P(chi^2 <= x): regularised incomplete gamma functions of half of each. x >= 0,
// degrees of freedom > 0 [the caller's duty].
double chi_square_above(double x, double degrees_of_freedom);
double chi_square_below(double x, double degrees_of_freedom);

// The x with P(chi^2 <= x) = p, 0 < p < 1.
double chi_square_quantile(double p, double degrees_of_freedom);
// The x with P(chi^2 > x) = p, 0 < p < 1: exact where p is far too small for 1 - p to tell.
double chi_square_quantile_above(double p, double degrees_of_freedom);

struct ChiSquareTest {
  double statistic = 0.0;
  double degrees_of_freedom = 0.0;
  double p_value = 1.0;  // probability of such a statistic, or a stranger one, if all is well
};

// Strange is what is too large.
ChiSquareTest test_above(double statistic, double degrees_of_freedom);
// Strange is what is too large or too small: twice the smaller tail.
ChiSquareTest test_both_sides(double statistic, double degrees_of_freedom);

}  // namespace twin::score
