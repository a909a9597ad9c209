// The generalised Pareto law of what lies beyond a high threshold, and what it says of losses that no
// ensemble has met: how bad one in a thousand is, how probable so bad a one is.
#pragma once
#include <array>

namespace twin::uq {

// P(X > x) = (1 + shape x / scale)^(-1 / shape) for x >= 0; exp(-x / scale) for shape 0 (J. Pickands,
// Annals of Statistics 3, 1975). Shape (xi) above 0: heavy; below 0: ends at -scale / shape.
struct Gpd {
  double shape = 0.0;  // xi
  double scale = 1.0;  // beta > 0 [the excesses' unit]

  [[nodiscard]] double above(double x) const;           // P(X > x); 1 below 0
  [[nodiscard]] double quantile_above(double p) const;  // the x with P(X > x) = p, 0 < p <= 1
  [[nodiscard]] double log_density(double x) const;     // -infinity where X cannot be
  [[nodiscard]] double mean() const;                    // infinite for shape >= 1
  bool operator==(const Gpd&) const = default;
};

// Losses: a share of them lies beyond the threshold, and what lies beyond has the law.
struct Tail {
  double threshold = 0.0;  // u [the losses' unit]
  double share = 1.0;      // zeta = P(loss > u), above 0
  Gpd excess{};

  // The x with P(loss <= x) = level: u + (beta / xi) [((1 - level) / zeta)^(-xi) - 1]. For levels beyond
  // the threshold, 1 - zeta <= level < 1 [the caller's duty].
  [[nodiscard]] double value_at_risk(double level) const;
  // Mean of what is beyond it: (VaR + beta - xi u) / (1 - xi) (A. J. McNeil, R. Frey and P. Embrechts,
  // Quantitative Risk Management, 2005, eq. 7.19); infinite for shape >= 1.
  [[nodiscard]] double conditional_value_at_risk(double level) const;
  // P(loss > x), x >= u.
  [[nodiscard]] double above(double x) const;
  // What one of `losses` of them is expected to exceed: the value at risk at 1 - 1 / losses
  // (S. Coles, An Introduction to Statistical Modeling of Extreme Values, 2001, eq. 4.12).
  [[nodiscard]] double return_level(double losses) const;
  bool operator==(const Tail&) const = default;
};

// Covariance of (scale, shape) and of the share, as a fit gives them.
struct TailError {
  std::array<double, 3> law{};  // Var scale, Cov(scale, shape), Var shape
  double share = 0.0;           // Var zeta
};
// Standard error of the value at risk by the delta method (Coles, eq. 4.15): for the middle of what a
// sample tells; far out its true interval is wider above than below.
double value_at_risk_error(const Tail& tail, const TailError& error, double level);

}  // namespace twin::uq
