#include "twin/decide/correct_selection.hpp"

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>

#include "twin/core/expect.hpp"
#include "twin/score/normal.hpp"

namespace twin::decide {
namespace {

// Doubles are enough for a probability that is an estimate, and many times faster than long ones.
using StudentsT = boost::math::students_t_distribution<
    double, boost::math::policies::policy<boost::math::policies::promote_double<false>>>;

}  // namespace

Gap gap_apart(const math::Moments& best, const math::Moments& rival) {
  TWIN_EXPECT(best.count() >= 2 && rival.count() >= 2, best.count(), rival.count());
  const auto n = static_cast<double>(best.count()), m = static_cast<double>(rival.count());
  const double vb = best.variance() / n, vr = rival.variance() / m;
  const double spread = vb * vb / (n - 1.0) + vr * vr / (m - 1.0);
  return {.behind = rival.mean() - best.mean(),
          .standard_error = std::sqrt(vb + vr),
          .degrees = spread > 0.0 ? (vb + vr) * (vb + vr) / spread : n + m - 2.0};
}

Gap gap_apart(std::span<const double> best, std::span<const double> rival) {
  math::Moments b, r;
  for (const double x : best) b.add(x);
  for (const double x : rival) r.add(x);
  return gap_apart(b, r);
}

Gap gap_paired(const math::Moments& rival_less_best) {
  const math::Moments& d = rival_less_best;
  TWIN_EXPECT(d.count() >= 2, d.count());
  return {.behind = d.mean(),
          .standard_error = std::sqrt(d.variance() / static_cast<double>(d.count())),
          .degrees = static_cast<double>(d.count() - 1)};
}

Gap gap_paired(std::span<const double> best, std::span<const double> rival) {
  math::Moments d;
  for (std::size_t i = 0; i < std::min(best.size(), rival.size()); ++i) d.add(rival[i] - best[i]);
  return gap_paired(d);
}

double pair_probability(const Gap& gap, double indifference) {
  TWIN_EXPECT(indifference >= 0.0 && gap.standard_error >= 0.0, indifference, gap.standard_error);
  const double ahead = gap.behind + indifference;
  if (gap.standard_error == 0.0) return ahead >= 0.0 ? 1.0 : 0.0;
  const double t = ahead / gap.standard_error;
  if (std::isinf(t)) return t > 0.0 ? 1.0 : 0.0;
  if (std::isinf(gap.degrees)) return score::normal_below(t);
  return boost::math::cdf(StudentsT(gap.degrees), t);
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
