#include "twin/uq/chance.hpp"

#include <algorithm>
#include <boost/math/special_functions/beta.hpp>
#include <cmath>

#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"
#include "twin/score/checked.hpp"

namespace twin::uq {

Chance chance(std::uint64_t violations, std::uint64_t scenarios, double limit, double confidence) {
  score::need_probability(limit, "limit");
  score::need_level(confidence, "confidence");
  Chance c{.violations = violations, .scenarios = scenarios};
  // Two-sided bounds whose every side has 1 - confidence; below one half, those of one half.
  c.bounds = score::clopper_pearson(violations, scenarios, std::max(2.0 * confidence - 1.0, 1e-12));
  if (scenarios == 0) return c;
  c.share = static_cast<double>(violations) / static_cast<double>(scenarios);
  if (c.bounds.high <= limit) {
    c.kept = Kept::Yes;
  } else if (c.bounds.low > limit) {
    c.kept = Kept::No;
  }
  return c;
}

std::uint64_t scenarios_to_show(double limit, double confidence) {
  score::need_level(limit, "limit");
  score::need_level(confidence, "confidence");
  return static_cast<std::uint64_t>(std::ceil(std::log1p(-confidence) / std::log1p(-limit)));
}

std::uint64_t scenarios_for_plan(double epsilon, double beta, std::uint64_t d) {
  score::need_level(epsilon, "epsilon");
  score::need_level(beta, "beta");
  return static_cast<std::uint64_t>(
      std::ceil(2.0 / epsilon * (-std::log(beta) + static_cast<double>(d))));
}

std::uint64_t least_scenarios_for_plan(double epsilon, double beta, std::uint64_t d) {
  std::uint64_t high = scenarios_for_plan(epsilon, beta, d);
  if (d == 0) return 0;
  const auto enough = [&](std::uint64_t n) {  // P(Bin(n, epsilon) >= d) = I_epsilon(d, n - d + 1)
    return n >= d && boost::math::ibetac(static_cast<double>(d), static_cast<double>(n - d + 1),
                                         epsilon) <= beta;
  };
  TWIN_ENSURE(enough(high), high, epsilon, beta, d);
  std::uint64_t low = d - 1;  // not enough
  while (high - low > 1) {
    const std::uint64_t middle = low + (high - low) / 2;
    (enough(middle) ? high : low) = middle;
  }
  return high;
}

}  // namespace twin::uq
