#include "twin/uq/tail_risk.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"
#include "twin/math/distributions.hpp"
#include "twin/math/statistics.hpp"
#include "twin/math/sums.hpp"
#include "twin/score/checked.hpp"
#include "twin/score/normal.hpp"
#include "twin/score/weights.hpp"

namespace twin::uq {
namespace {

constexpr double Equal = 1e-12;  // shares closer than this are the same

void need_tail_level(double level) {
  if (!(level >= 0.0 && level < 1.0)) {
    throw core::Error("level = " + core::show_values(level) +
                      " (must lie in 0 to 1, 1 excluded); is it in percent?");
  }
}

}  // namespace

TailRisk tail_risk(std::span<const double> losses, double level) {
  return tail_risk(losses, std::vector<double>(losses.size(), 1.0), level);
}

TailRisk tail_risk(std::span<const double> losses, std::span<const double> weights, double level) {
  need_tail_level(level);
  const std::vector<score::Weighted> x = score::sorted_shares(losses, weights);
  const auto at = std::ranges::find_if(
      x, [&](const score::Weighted& w) { return w.share_up_to >= level - Equal; });
  TWIN_ENSURE(at != x.end(), level);
  // As differences from VaR: a common shift of all losses moves both and nothing else.
  math::Sum beyond;
  double before = at->share_up_to;
  for (auto w = at + 1; w != x.end(); ++w) {
    beyond.add((w->share_up_to - before) * (w->value - at->value));
    before = w->share_up_to;
  }
  return {.value_at_risk = at->value,
          .conditional_value_at_risk = at->value + beyond.value() / (1.0 - level)};
}

double rockafellar_uryasev(std::span<const double> losses, double level, double t) {
  need_tail_level(level);
  score::need_finite(losses, "losses");
  math::Sum above;
  for (const double x : losses) above.add(std::max(0.0, x - t));
  return t + above.value() / static_cast<double>(losses.size()) / (1.0 - level);
}

double conditional_value_at_risk_error(std::span<const double> losses, double level) {
  const double var = tail_risk(losses, level).value_at_risk;
  if (losses.size() < 2) return std::numeric_limits<double>::infinity();
  math::Moments above;
  for (const double x : losses) above.add(std::max(0.0, x - var));
  return above.deviation() / ((1.0 - level) * std::sqrt(static_cast<double>(losses.size())));
}

TailRisk normal_tail_risk(double mean, double deviation, double level) {
  score::need_level(level, "level");
  TWIN_EXPECT(deviation >= 0.0, deviation);
  const double z = math::normal(level);
  return {.value_at_risk = mean + deviation * z,
          .conditional_value_at_risk = mean + deviation * score::normal_density(z) / (1.0 - level)};
}

TailRisk exponential_tail_risk(double mean, double level) {
  score::need_level(level, "level");
  TWIN_EXPECT(mean >= 0.0, mean);
  const double var = math::exponential(level, mean);
  return {.value_at_risk = var, .conditional_value_at_risk = var + mean};  // it has no memory
}

}  // namespace twin::uq
