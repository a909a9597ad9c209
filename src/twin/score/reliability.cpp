#include "twin/score/reliability.hpp"

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <cmath>

#include "twin/score/checked.hpp"

namespace twin::score {
namespace {

namespace bm = boost::math;
using Binomial = bm::binomial_distribution<
    double, bm::policies::policy<bm::policies::discrete_quantile<bm::policies::real>>>;

// The least k with P(K <= k) > tail: what lies below it has at most that probability.
double least_inside(const Binomial& binomial, double trials, double tail) {
  double k = std::clamp(std::floor(bm::quantile(binomial, tail)), 0.0, trials);
  while (k > 0.0 && bm::cdf(binomial, k - 1.0) > tail) k -= 1.0;
  while (k < trials && bm::cdf(binomial, k) <= tail) k += 1.0;
  return k;
}

}  // namespace

std::vector<ReliabilityPoint> reliability_diagram(std::span<const YesNo> forecasts,
                                                  std::size_t bins, double level) {
  need_level(level, "level");
  const double tail = 0.5 * (1.0 - level);
  std::vector<ReliabilityPoint> points;
  for (const ProbabilityBin& bin : probability_bins(forecasts, bins)) {
    ReliabilityPoint point{.bin = bin};
    if (bin.count != 0) {
      const auto n = static_cast<double>(bin.count);
      // The upper end is the lower end of what did not happen.
      point.bar_low = least_inside(Binomial(n, bin.probability), n, tail) / n;
      point.bar_high = (n - least_inside(Binomial(n, 1.0 - bin.probability), n, tail)) / n;
    }
    points.push_back(point);
  }
  return points;
}

}  // namespace twin::score
