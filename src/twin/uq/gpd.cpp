#include "twin/uq/gpd.hpp"

#include <cmath>
#include <limits>

#include "twin/core/expect.hpp"
#include "twin/score/checked.hpp"

namespace twin::uq {
namespace {

constexpr double Infinity = std::numeric_limits<double>::infinity();

// (exp(shape t) - 1) / shape, t for shape 0: a quantile in units of scale, t = ln(1 / p).
double stretched(double shape, double t) {
  if (std::isinf(t)) return shape < 0.0 ? -1.0 / shape : Infinity;
  const double x = shape * t;
  return x == 0.0 ? t : t * (std::expm1(x) / x);
}

// ln(1 + shape y) / shape, y for shape 0; infinite where the law has ended.
double shrunk(double shape, double y) {
  const double x = shape * y;
  if (x == 0.0) return y;
  return x <= -1.0 ? Infinity : y * (std::log1p(x) / x);
}

}  // namespace

double Gpd::above(double x) const {
  TWIN_EXPECT(scale > 0.0, scale);
  return x <= 0.0 ? 1.0 : std::exp(-shrunk(shape, x / scale));
}

double Gpd::quantile_above(double p) const {
  TWIN_EXPECT(scale > 0.0 && p > 0.0 && p <= 1.0, scale, p);
  return scale * stretched(shape, -std::log(p));
}

double Gpd::log_density(double x) const {
  TWIN_EXPECT(scale > 0.0, scale);
  if (x < 0.0) return -Infinity;
  const double t = shrunk(shape, x / scale);
  if (std::isinf(t)) return -Infinity;
  return -std::log(scale) - (1.0 + shape) * t;
}

double Gpd::mean() const { return shape >= 1.0 ? Infinity : scale / (1.0 - shape); }

double Tail::value_at_risk(double level) const {
  score::need_level(level, "level");
  TWIN_EXPECT(share > 0.0 && 1.0 - level <= share * (1.0 + 1e-12), level, share);
  return threshold + excess.quantile_above(std::fmin(1.0, (1.0 - level) / share));
}

double Tail::conditional_value_at_risk(double level) const {
  const double var = value_at_risk(level);
  if (excess.shape >= 1.0) return Infinity;
  // Beyond VaR the law is a generalised Pareto law of the same shape, its scale grown by shape (VaR - u).
  return var + (excess.scale + excess.shape * (var - threshold)) / (1.0 - excess.shape);
}

double Tail::above(double x) const {
  TWIN_EXPECT(x >= threshold, x, threshold);
  return share * excess.above(x - threshold);
}

double Tail::return_level(double losses) const {
  score::need_finite(losses, "losses");
  TWIN_EXPECT(losses * share >= 1.0 - 1e-12 && losses > 1.0, losses, share);
  return value_at_risk(1.0 - 1.0 / losses);
}

double value_at_risk_error(const Tail& tail, const TailError& error, double level) {
  const double m = (tail.value_at_risk(level) - tail.threshold) / tail.excess.scale;
  const double t = std::log(tail.share / (1.0 - level));  // m = stretched(shape, t)
  const double xi = tail.excess.shape;
  const double growth = std::exp(xi * t);
  const double by_share = tail.excess.scale * growth / tail.share;
  const double by_scale = m;
  // d/dxi (e^(xi t) - 1) / xi = (t e^(xi t) - m) / xi; near 0 its series, t^2 / 2 + xi t^3 / 3.
  const double by_shape =
      tail.excess.scale *
      (std::abs(xi * t) < 1e-5 ? t * t * (0.5 + xi * t / 3.0) : (t * growth - m) / xi);
  const double variance = by_share * by_share * error.share + by_scale * by_scale * error.law[0] +
                          2.0 * by_scale * by_shape * error.law[1] +
                          by_shape * by_shape * error.law[2];
  return std::sqrt(std::fmax(0.0, variance));
}

}  // namespace twin::uq
