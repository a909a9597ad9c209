#include "twin/infer/kalman/gate.hpp"

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <numbers>

#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"
#include "twin/math/elementary.hpp"

namespace twin::infer::kalman {
namespace {

// log Gamma(twice / 2), from Gamma(1/2) = sqrt(pi) and Gamma(1) = 1.
double log_gamma_of_half(int twice) {
  double sum = twice % 2 == 0 ? 0.0 : 0.5 * math::log(std::numbers::pi);
  for (int t = twice - 2; t > 0; t -= 2) sum += math::log(0.5 * t);
  return sum;
}

// gamma(a, x) / (x^a e^-x): A & S 6.5.29.
double lower_series(double a, double x) {
  double term = 1.0 / a;
  double sum = term;
  for (double k = 1.0; term > sum * 1e-17; ++k) {
    term *= x / (a + k);
    sum += term;
  }
  return sum;
}

// Gamma(a, x) / (x^a e^-x): A & S 6.5.31 in its even part, by the method of Lentz (1976).
double upper_fraction(double a, double x) {
  double b = x + 1.0 - a;
  double c = std::numeric_limits<double>::max();
  double d = 1.0 / b;
  double product = d;
  for (double k = 1.0; k < 1e4; ++k) {
    const double factor = -k * (k - a);
    b += 2.0;
    d = 1.0 / (factor * d + b);
    c = b + factor / c;
    product *= d * c;
    if (std::abs(d * c - 1.0) < 1e-16) break;
  }
  return product;
}

}  // namespace

double chi_square_tail(double x, int degrees) {
  TWIN_EXPECT(x >= 0.0 && degrees >= 1, x, degrees);
  if (x == 0.0) return 1.0;
  const double a = 0.5 * degrees;
  const double h = 0.5 * x;
  const double log_scale = a * math::log(h) - h - log_gamma_of_half(degrees);
  if (h < a + 1.0) return 1.0 - math::exp(log_scale) * lower_series(a, h);
  return math::exp(log_scale) * upper_fraction(a, h);
}

double chi_square_limit(double p, int degrees) {
  TWIN_EXPECT(p > 0.0 && p < 1.0 && degrees >= 1, p, degrees);
  double low = 0.0;
  double high = degrees;
  while (chi_square_tail(high, degrees) > p) high *= 2.0;
  for (int i = 0; i < 200; ++i) {
    const double middle = 0.5 * (low + high);
    if (middle <= low || middle >= high) break;
    (chi_square_tail(middle, degrees) > p ? low : high) = middle;
  }
  return high;
}

Gate::Gate(double false_alarm, Eigen::Index components) {
  if (!(false_alarm > 0.0 && false_alarm < 1.0))
    throw core::Error(
        fmt::format("false alarm probability of the gate = {} (must lie between 0 "
                    "and 1)",
                    false_alarm));
  if (components < 1)
    throw core::Error(fmt::format("gate for {} components (must be at least 1)", components));
  for (Eigen::Index m = 1; m <= components; ++m)
    limits_.push_back(chi_square_limit(false_alarm, static_cast<int>(m)));
}

double Gate::limit(Eigen::Index components) const {
  if (limits_.empty()) return std::numeric_limits<double>::infinity();
  const auto m = static_cast<std::size_t>(components);
  if (m > limits_.size())
    throw core::Error(
        fmt::format("gate for {} components met an observation of {}", limits_.size(), components));
  return limits_[m - 1];
}

}  // namespace twin::infer::kalman
