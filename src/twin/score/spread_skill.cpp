#include "twin/score/spread_skill.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"
#include "twin/score/checked.hpp"

namespace twin::score {

void SpreadSkill::add(std::span<const double> ensemble, double y) {
  need_finite(ensemble, "ensemble");
  math::Moments m;
  for (const double x : ensemble) m.add(x);
  add(m.mean(), m.variance(), ensemble.size(), y);
}

void SpreadSkill::add(double mean, double variance, std::size_t members, double y) {
  if (members < 2) {
    throw core::Error("spread of " + std::to_string(members) +
                      " members (needs two or more); is the whole ensemble given?");
  }
  need_finite(mean, "mean");
  need_finite(variance, "variance");
  need_finite(y, "observation");
  if (variance < 0.0)
    throw core::Error("variance = " + core::show_values(variance) + " (must not be negative)");
  const auto n = static_cast<double>(members);
  const double corrected = (n + 1.0) / n * variance;
  const double error = mean - y;
  errors_.add(error);
  squares_.add(error * error);
  variances_.add(corrected);
  sums_.add(error * error + corrected);
}

void SpreadSkill::merge(const SpreadSkill& other) {
  errors_.merge(other.errors_);
  squares_.merge(other.squares_);
  variances_.merge(other.variances_);
  sums_.merge(other.sums_);
}

std::optional<SpreadSkillAnswer> SpreadSkill::answer() const {
  if (total() < 2) return std::nullopt;
  SpreadSkillAnswer a{.spread = std::sqrt(variances_.mean()),
                      .skill = std::sqrt(squares_.mean()),
                      .bias = errors_.mean(),
                      .ratio = std::numeric_limits<double>::infinity(),
                      .standard_error = std::numeric_limits<double>::infinity()};
  if (!(a.skill > 0.0)) return a;
  a.ratio = a.spread / a.skill;
  if (!(a.spread > 0.0)) return a;
  // Relative variance of V / S for the means V and S: var(V / mean V - S / mean S) / n; that of the
  // root is a quarter of it.
  const double v = variances_.mean(), s = squares_.mean();
  const double together = 0.5 * (sums_.variance() - variances_.variance() - squares_.variance());
  const double relative =
      variances_.variance() / (v * v) + squares_.variance() / (s * s) - 2.0 * together / (v * s);
  a.standard_error =
      0.5 * a.ratio * std::sqrt(std::max(relative, 0.0) / static_cast<double>(total()));
  return a;
}

}  // namespace twin::score
