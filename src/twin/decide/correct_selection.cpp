#include "twin/decide/correct_selection.hpp"

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>

#include "twin/core/expect.hpp"
#include "twin/math/statistics.hpp"
#include "twin/score/normal.hpp"

namespace twin::decide {

Gap gap_apart(std::span<const double> best, std::span<const double> rival) {
  TWIN_EXPECT(best.size() >= 2 && rival.size() >= 2, best.size(), rival.size());
  math::Moments b, r;
  for (const double x : best) b.add(x);
  for (const double x : rival) r.add(x);
  const auto n = static_cast<double>(best.size()), m = static_cast<double>(rival.size());
  const double vb = b.variance() / n, vr = r.variance() / m;
  const double spread = vb * vb / (n - 1.0) + vr * vr / (m - 1.0);
  return {.behind = r.mean() - b.mean(),
          .standard_error = std::sqrt(vb + vr),
          .degrees = spread > 0.0 ? (vb + vr) * (vb + vr) / spread : n + m - 2.0};
}

Gap gap_paired(std::span<const double> best, std::span<const double> rival) {
  const std::size_t n = std::min(best.size(), rival.size());
  TWIN_EXPECT(n >= 2, best.size(), rival.size());
  math::Moments d;
  for (std::size_t i = 0; i < n; ++i) d.add(rival[i] - best[i]);
  return {.behind = d.mean(),
          .standard_error = std::sqrt(d.variance() / static_cast<double>(n)),
          .degrees = static_cast<double>(n - 1)};
}

double pair_probability(const Gap& gap, double indifference) {
  TWIN_EXPECT(indifference >= 0.0 && gap.standard_error >= 0.0, indifference, gap.standard_error);
  const double ahead = gap.behind + indifference;
  if (gap.standard_error == 0.0) return ahead >= 0.0 ? 1.0 : 0.0;
  const double t = ahead / gap.standard_error;
  if (std::isinf(t)) return t > 0.0 ? 1.0 : 0.0;
  if (std::isinf(gap.degrees)) return score::normal_below(t);
  return boost::math::cdf(boost::math::students_t(gap.degrees), t);
}

double probability_of_selection(std::span<const Gap> gaps, double indifference, Bound bound) {
  double wrong = 0.0, product = 1.0;
  for (const Gap& gap : gaps) {
    const double p = pair_probability(gap, indifference);
    wrong += 1.0 - p;
    product *= p;
  }
  return bound == Bound::Slepian ? product : std::max(0.0, 1.0 - wrong);
}

}  // namespace twin::decide
