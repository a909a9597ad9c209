#include "twin/score/log_score.hpp"

#include <string>

#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"
#include "twin/math/elementary.hpp"
#include "twin/math/statistics.hpp"
#include "twin/math/sums.hpp"
#include "twin/score/checked.hpp"

namespace twin::score {

double normal_log_score(double mean, double deviation, double y) {
  constexpr double HalfLog2Pi = 0.91893853320467274178;  // log(2 pi) / 2
  need_finite(mean, "mean");
  need_positive(deviation, "deviation");
  need_finite(y, "observation");
  const double z = (y - mean) / deviation;
  return HalfLog2Pi + math::log(deviation) + 0.5 * z * z;
}

double normal_log_score(std::span<const double> ensemble, double y) {
  need_finite(ensemble, "ensemble");
  math::Moments m;
  for (const double x : ensemble) m.add(x);
  need_positive(m.deviation(), "deviation of the ensemble");
  return normal_log_score(m.mean(), m.deviation(), y);
}

double log_score(std::span<const double> probabilities, std::size_t outcome) {
  need_finite(probabilities, "probabilities");
  TWIN_EXPECT(outcome < probabilities.size(), outcome, probabilities.size());
  for (const double p : probabilities) need_probability(p, "probability");
  const double total = math::compensated_sum(probabilities);
  if (!(total > 1.0 - 1e-9 && total < 1.0 + 1e-9)) {
    throw core::Error("probabilities sum to " + core::show_values(total) +
                      " (must sum to 1); is an outcome missing?");
  }
  return -math::log(probabilities[outcome]);
}

}  // namespace twin::score
