#include "twin/score/chi_square.hpp"

#include <algorithm>
#include <boost/math/special_functions/gamma.hpp>

#include "twin/core/expect.hpp"

namespace twin::score {

double chi_square_above(double x, double degrees_of_freedom) {
  TWIN_EXPECT(x >= 0.0 && degrees_of_freedom > 0.0, x, degrees_of_freedom);
  return boost::math::gamma_q(0.5 * degrees_of_freedom, 0.5 * x);
}

double chi_square_below(double x, double degrees_of_freedom) {
  TWIN_EXPECT(x >= 0.0 && degrees_of_freedom > 0.0, x, degrees_of_freedom);
  return boost::math::gamma_p(0.5 * degrees_of_freedom, 0.5 * x);
}

double chi_square_quantile(double p, double degrees_of_freedom) {
  TWIN_EXPECT(p > 0.0 && p < 1.0 && degrees_of_freedom > 0.0, p, degrees_of_freedom);
  return 2.0 * boost::math::gamma_p_inv(0.5 * degrees_of_freedom, p);
}

double chi_square_quantile_above(double p, double degrees_of_freedom) {
  TWIN_EXPECT(p > 0.0 && p < 1.0 && degrees_of_freedom > 0.0, p, degrees_of_freedom);
  return 2.0 * boost::math::gamma_q_inv(0.5 * degrees_of_freedom, p);
}

ChiSquareTest test_above(double statistic, double degrees_of_freedom) {
  return {statistic, degrees_of_freedom, chi_square_above(statistic, degrees_of_freedom)};
}

ChiSquareTest test_both_sides(double statistic, double degrees_of_freedom) {
  const double tail = std::min(chi_square_above(statistic, degrees_of_freedom),
                               chi_square_below(statistic, degrees_of_freedom));
  return {statistic, degrees_of_freedom, std::min(1.0, 2.0 * tail)};
}

}  // namespace twin::score
