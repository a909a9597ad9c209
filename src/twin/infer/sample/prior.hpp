// Independent laws for what an inverse problem asks for, bounded and heavy-tailed ones too, in the coordinates that
// samplers move in: without bounds, for those that follow slopes, and standard normal, for those that move as in pCN.
// Probabilities are told from the nearer end: one of 1e-300 has as many digits as one of a half.
#pragma once
#include <utility>

#include "twin/infer/sample/prior_law.hpp"

namespace twin::infer {

// A coordinate of a sampler as one of the prior.
struct Placed {
  double x = 0.0;
  double dx = 0.0;           // slope of x in the coordinate
  double log_density = 0.0;  // of the coordinate
  double slope = 0.0;        // of that
};

// One number. A regular value; copies share what is worked out once. Each law is made by its name; core::Error for a
// scale, shape or number of degrees that is not above 0 and for what is not finite.
class Prior {
 public:
  static Prior normal(double mean, double deviation);
  // The logarithm is normal.
  static Prior lognormal(double log_mean, double log_deviation);
  static Prior uniform(double low, double high);
  static Prior exponential(double mean);
  static Prior gamma(double shape, double scale);  // mean shape x scale
  static Prior beta(double a, double b);           // between 0 and 1
  // Double exponential: exp(-|x - location| / scale) / (2 scale).
  static Prior laplace(double location, double scale);
  static Prior student_t(double degrees, double location = 0.0, double scale = 1.0);
  static Prior cauchy(double location, double scale);
  static Prior half_normal(double scale);  // |x| of normal(0, scale)
  static Prior half_cauchy(double scale);
  static Prior weibull(double shape, double scale);  // P(X > x) = exp(-(x / scale)^shape)
  // Quantiles to the rounding of mean and deviation. core::Error where the interval holds less than 1e-300 of the
  // law.
  static Prior truncated_normal(const TruncatedNormal& law);

  // Where the law lies; infinite where it has no end.
  [[nodiscard]] double low() const;
  [[nodiscard]] double high() const;
  [[nodiscard]] double log_density(double x) const;  // -infinity beyond the ends
  [[nodiscard]] double slope(double x) const;        // of log_density; 0 beyond the ends
  [[nodiscard]] double below(double x) const;        // P(X <= x)
  [[nodiscard]] double above(double x) const;        // P(X > x)
  // The x with P(X <= x) = p, and with P(X > x) = q; both between 0 and 1.
  [[nodiscard]] double quantile(double p) const;
  [[nodiscard]] double quantile_above(double q) const;

  // z is standard normal: the x as probable to be below, its slope dx / dz, and 0 for the density, as that of z is
  // the sampler's. Beyond |z| = 37 other laws than normal and lognormal may be at their ends.
  [[nodiscard]] Placed from_normal(double z) const;
  [[nodiscard]] double to_normal(double x) const;  // no number beyond the ends

  // x = v, low + exp(v), high - exp(-v), or low + (high - low) / (1 + exp(-v)), for any v. The density is that of
  // v, with the Jacobian, worked out from v itself: it is right where x is rounded to an end, and 0 where x is
  // beyond numbers.
  [[nodiscard]] Placed from_line(double v) const;
  [[nodiscard]] double to_line(double x) const;  // no number beyond the ends

 private:
  explicit Prior(prior_law::Law law) : law_(std::move(law)) {}
  prior_law::Law law_;
};

}  // namespace twin::infer
