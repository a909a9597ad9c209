#include "twin/infer/craft/censored.hpp"

#include <algorithm>
#include <cmath>

#include "twin/core/expect.hpp"
#include "twin/math/distributions.hpp"
#include "twin/math/elementary.hpp"

namespace twin::infer {
namespace {

constexpr double LogSqrtTwoPi = 0.91893853320467274178;

double log_density(double z) { return -0.5 * z * z - LogSqrtTwoPi; }

}  // namespace

double mills_ratio(double x) {
  TWIN_EXPECT(x >= 0.0, x);
  if (x <
      2.5) {  // half of everything less the integral from 0 to x, as its series over the density
    double term = x, sum = x;
    for (double k = 3.0; term > 1e-17 * sum; k += 2.0) {
      term *= x * x / k;
      sum += term;
    }
    return 0.5 * math::exp(-log_density(x)) - sum;
  }
  double tail = x;  // Laplace's continued fraction, from far enough within
  for (int k = 160; k > 0; --k) tail = x + k / tail;
  return 1.0 / tail;
}

double inverse_mills(double a) {
  if (a <= 0.0) return 1.0 / mills_ratio(-a);
  const double density = math::exp(log_density(a));
  return density / (1.0 - density * mills_ratio(a));
}

double log_normal_below(double a) {
  if (a <= 0.0) return log_density(a) + math::log(mills_ratio(-a));
  return math::log1p(-math::exp(log_density(a)) * mills_ratio(a));
}

ScalarPosterior posterior_of(const Normal& prior, Reading reading, double y,
                             double error_variance) {
  TWIN_EXPECT(prior.variance >= 0.0 && error_variance > 0.0, prior.variance, error_variance);
  const double total = prior.variance + error_variance;
  const double gain = prior.variance / total;
  const double d = y - prior.mean;
  ScalarPosterior out;
  if (reading == Reading::Value) {
    out.belief = {prior.mean + gain * d, gain * error_variance};
    out.log_likelihood = -0.5 * (d * d / total + math::log(total)) - LogSqrtTwoPi;
    return out;
  }
  const double side = reading == Reading::Below ? 1.0 : -1.0;
  const double root = std::sqrt(total);
  const double a = side * d / root;
  const double ratio = inverse_mills(a);
  // By the law of total expectation and variance over the unknown reading.
  const double shrink = std::clamp(ratio * (ratio + a), 0.0, 1.0);
  out.belief.mean = prior.mean - side * gain * root * ratio;
  out.belief.variance = prior.variance * (1.0 - gain * shrink);
  out.log_likelihood = log_normal_below(a);
  return out;
}

double virtual_reading(const Normal& predictive, Reading reading, double y, double u) {
  if (reading == Reading::Value) return y;
  const double side = reading == Reading::Below ? 1.0 : -1.0;
  const double root = std::sqrt(predictive.variance);
  const double a = side * (y - predictive.mean) / root;
  const double below = std::max(math::exp(log_normal_below(a)) * u, 1e-300);
  return predictive.mean + side * root * std::min(math::normal(below), a);
}

}  // namespace twin::infer
