#include "twin/infer/sample/prior.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"
#include "twin/math/elementary.hpp"
#include "twin/score/checked.hpp"

namespace twin::infer {
namespace {

constexpr double PriorEnd = std::numeric_limits<double>::infinity();
// Distances from an end stay above it, so that what is divided by them is finite: densities are worked out from their
// logarithms anyway.
constexpr double LeastDistance = 1e-290;

PlaceInLaw where_of(const PriorLaw& law, double x) {
  PlaceInLaw w{.x = x};
  if (std::isfinite(law.low())) {
    w.from_low = x - law.low();
    w.log_from_low = math::log(w.from_low);
  }
  if (std::isfinite(law.high())) {
    w.to_high = law.high() - x;
    w.log_to_high = math::log(w.to_high);
  }
  return w;
}

double distance_of(double logarithm) { return std::max(math::exp(logarithm), LeastDistance); }

}  // namespace

Prior Prior::normal(double mean, double deviation) {
  score::need_finite(mean, "a normal prior's mean");
  score::need_positive(deviation, "a normal prior's deviation");
  return Prior(prior_law::normal(mean, deviation));
}

Prior Prior::lognormal(double log_mean, double log_deviation) {
  score::need_finite(log_mean, "a lognormal prior's log mean");
  score::need_positive(log_deviation, "a lognormal prior's log deviation");
  return Prior(prior_law::lognormal(log_mean, log_deviation));
}

Prior Prior::uniform(double low, double high) {
  if (!(low < high) || !std::isfinite(high - low))
    throw core::Error(fmt::format(
        "a uniform prior from {} to {} (must be finite and rise) are they exchanged?", low, high));
  return Prior(prior_law::uniform(low, high));
}

Prior Prior::exponential(double mean) {
  score::need_positive(mean, "an exponential prior's mean");
  return Prior(prior_law::weibull(1.0, mean));
}

Prior Prior::gamma(double shape, double scale) {
  score::need_positive(shape, "a gamma prior's shape");
  score::need_positive(scale, "a gamma prior's scale");
  return Prior(prior_law::gamma(shape, scale));
}

Prior Prior::beta(double a, double b) {
  score::need_positive(a, "a beta prior's a");
  score::need_positive(b, "a beta prior's b");
  return Prior(prior_law::beta(a, b));
}

Prior Prior::laplace(double location, double scale) {
  score::need_finite(location, "a Laplace prior's location");
  score::need_positive(scale, "a Laplace prior's scale");
  return Prior(prior_law::laplace(location, scale));
}

Prior Prior::student_t(double degrees, double location, double scale) {
  score::need_positive(degrees, "a Student t prior's degrees of freedom");
  score::need_finite(location, "a Student t prior's location");
  score::need_positive(scale, "a Student t prior's scale");
  return Prior(prior_law::student_t(degrees, location, scale));
}

Prior Prior::cauchy(double location, double scale) {
  score::need_finite(location, "a Cauchy prior's location");
  score::need_positive(scale, "a Cauchy prior's scale");
  return Prior(prior_law::cauchy(location, scale));
}

Prior Prior::half_normal(double scale) {
  score::need_positive(scale, "a half-normal prior's scale");
  return Prior(prior_law::half_normal(scale));
}

Prior Prior::half_cauchy(double scale) {
  score::need_positive(scale, "a half-Cauchy prior's scale");
  return Prior(prior_law::half_cauchy(scale));
}

Prior Prior::weibull(double shape, double scale) {
  score::need_positive(shape, "a Weibull prior's shape");
  score::need_positive(scale, "a Weibull prior's scale");
  return Prior(prior_law::weibull(shape, scale));
}

Prior Prior::truncated_normal(const TruncatedNormal& t) {
  score::need_finite(t.mean, "a truncated normal prior's mean");
  score::need_positive(t.deviation, "a truncated normal prior's deviation");
  if (!(t.low < t.high))
    throw core::Error(fmt::format(
        "a truncated normal prior from {} to {} (must rise) are they exchanged?", t.low, t.high));
  const double held =
      prior_law::normal_between((t.low - t.mean) / t.deviation, (t.high - t.mean) / t.deviation);
  if (!(held >= 1e-300))
    throw core::Error(fmt::format(
        "a normal prior of mean {} and deviation {} cut to {} to {} (less than 1e-300 of "
        "it is there) is another law meant?",
        t.mean, t.deviation, t.low, t.high));
  return Prior(prior_law::truncated_normal(t));
}

double Prior::low() const { return law_->low(); }
double Prior::high() const { return law_->high(); }

double Prior::log_density(double x) const {
  if (std::isnan(x)) return x;
  if (x < low() || x > high() || std::isinf(x)) return -PriorEnd;
  return law_->log_density(where_of(*law_, x));
}

double Prior::slope(double x) const {
  if (std::isnan(x)) return x;
  return x > low() && x < high() ? law_->slope(where_of(*law_, x)) : 0.0;
}

double Prior::below(double x) const {
  if (std::isnan(x)) return x;
  return x <= low() ? 0.0 : x >= high() ? 1.0 : law_->below(x);
}

double Prior::above(double x) const {
  if (std::isnan(x)) return x;
  return x <= low() ? 1.0 : x >= high() ? 0.0 : law_->above(x);
}

double Prior::quantile(double p) const {
  TWIN_EXPECT(p >= 0.0 && p <= 1.0, p);
  if (p == 0.0 || p == 1.0) return p == 0.0 ? low() : high();
  return std::clamp(law_->quantile(p), low(), high());
}

double Prior::quantile_above(double q) const {
  TWIN_EXPECT(q >= 0.0 && q <= 1.0, q);
  if (q == 0.0 || q == 1.0) return q == 0.0 ? high() : low();
  return std::clamp(law_->quantile_above(q), low(), high());
}

Placed Prior::from_normal(double z) const {
  if (std::isnan(z)) return {.x = z, .dx = z};
  Placed p;
  if (law_->is_of_normal())
    p.x = law_->of_normal(z);
  else
    p.x = z < 0.0 ? quantile(prior_law::normal_above(-z))
                  : quantile_above(prior_law::normal_above(z));
  p.dx = math::exp(prior_law::normal_log_density(z) - log_density(p.x));
  return p;
}

double Prior::to_normal(double x) const {
  if (!(x >= low() && x <= high())) return std::numeric_limits<double>::quiet_NaN();
  if (law_->is_of_normal()) return law_->normal_of(x);
  const double p = below(x), q = above(x);
  return p < q ? -prior_law::normal_place(p) : prior_law::normal_place(q);
}

Placed Prior::from_line(double v) const {
  const bool begins = std::isfinite(low()), ends = std::isfinite(high());
  PlaceInLaw w{.x = v};
  double dx = 1.0, log_dx = 0.0, turn = 0.0;
  if (begins && ends) {
    const double below_one = math::log1p(math::exp(-std::abs(v)));
    const double width = high() - low(), log_width = math::log(width);
    w.log_from_low = log_width + std::min(v, 0.0) - below_one;
    w.log_to_high = log_width - std::max(v, 0.0) - below_one;
    w.from_low = distance_of(w.log_from_low);
    w.to_high = distance_of(w.log_to_high);
    w.x = v < 0.0 ? low() + w.from_low : high() - w.to_high;
    dx = w.from_low * (w.to_high / width);
    log_dx = w.log_from_low + w.log_to_high - log_width;
    turn = (w.to_high - w.from_low) / width;
  } else if (begins) {
    w.log_from_low = log_dx = v;
    w.from_low = dx = distance_of(v);
    w.x = low() + w.from_low;
    turn = 1.0;
  } else if (ends) {
    w.log_to_high = log_dx = -v;
    w.to_high = dx = distance_of(-v);
    w.x = high() - w.to_high;
    turn = -1.0;
  }
  if (std::isinf(w.x)) return {.x = w.x, .log_density = -PriorEnd};
  return {.x = w.x,
          .dx = dx,
          .log_density = law_->log_density(w) + log_dx,
          .slope = law_->slope(w) * dx + turn};
}

double Prior::to_line(double x) const {
  if (!(x >= low() && x <= high())) return std::numeric_limits<double>::quiet_NaN();
  const PlaceInLaw w = where_of(*law_, x);
  const bool begins = std::isfinite(low()), ends = std::isfinite(high());
  if (begins && ends) return w.log_from_low - w.log_to_high;
  return begins ? w.log_from_low : ends ? -w.log_to_high : x;
}

}  // namespace twin::infer
