// A number that carries its slopes in N directions through what is done with it: forward automatic differentiation
// (R. E. Wengert, Communications of the ACM 7, 1964; A. Griewank and A. Walther, Evaluating Derivatives, 2008,
// chapter 3). Functions written for any number, `using std::exp; exp(x)`, work on it.
#pragma once
#include <math.h>  // NOLINT: lgamma_r is not in <cmath>

#include <array>
#include <boost/math/special_functions/digamma.hpp>
#include <cmath>
#include <compare>
#include <cstddef>
#include <numbers>
#include <type_traits>
#include <utility>

namespace twin::math {
namespace detail {

// std::lgamma writes its sign into a global, which threads would share.
inline double log_gamma(double x) {
  int sign = 0;
  return ::lgamma_r(x, &sign);
}
// No number at the poles, infinite where it overflows.
inline double digamma(double x) {
  namespace policies = boost::math::policies;
  using Quiet = policies::policy<
      policies::domain_error<policies::ignore_error>, policies::pole_error<policies::ignore_error>,
      policies::overflow_error<policies::ignore_error>,
      policies::evaluation_error<policies::ignore_error>, policies::promote_double<false>>;
  return boost::math::digamma(x, Quiet());
}

}  // namespace detail

// Values, no number and infinities too, are those of the same work on doubles, and comparisons know values alone. At
// kinks: abs at 0 and hypot at (0, 0) have slope 0; max and min of equal ones have the first's. Where a function has
// an infinite slope or none (sqrt and log at 0, pow), a direction that its argument does not depend on keeps slope 0.
// + - * / make of slopes beside infinite values, and beside divisors of less than 1e-308, what arithmetic makes of
// them.
template <std::size_t N>
struct Dual {
  double value = 0.0;
  std::array<double, N> slope = {};  // [direction]

  Dual() = default;
  Dual(double v) : value(v) {}  // NOLINT: a constant is a number, too
  // An input: slope 1 in its own direction.
  static Dual input(double v, std::size_t direction) {
    Dual x(v);
    x.slope[direction] = 1.0;
    return x;
  }
  // A value with the slope s(k) in direction k.
  template <class S>
  Dual(double v, const S& s) : Dual(v, s, std::make_index_sequence<N>()) {}
  // The value v, and these slopes times a number.
  [[nodiscard]] Dual times(double v, double ds) const {
    return {v, [&, ds](std::size_t k) { return ds * slope[k]; }};
  }
  // f(value), whose slope there is given.
  [[nodiscard]] Dual through(double f, double df) const {
    if (std::isfinite(df)) return times(f, df);
    return {f, [&](std::size_t k) { return slope[k] != 0.0 ? df * slope[k] : 0.0; }};
  }

  Dual& operator+=(const Dual& b) {
    value += b.value;
    for (std::size_t k = 0; k < N; ++k) slope[k] += b.slope[k];
    return *this;
  }
  Dual& operator-=(const Dual& b) {
    value -= b.value;
    for (std::size_t k = 0; k < N; ++k) slope[k] -= b.slope[k];
    return *this;
  }
  Dual& operator*=(const Dual& b) { return *this = *this * b; }
  Dual& operator/=(const Dual& b) { return *this = *this / b; }
  Dual& operator+=(double b) {
    value += b;
    return *this;
  }
  Dual& operator-=(double b) {
    value -= b;
    return *this;
  }
  Dual& operator*=(double b) { return *this = *this * b; }
  Dual& operator/=(double b) { return *this = *this / b; }

  friend Dual operator+(const Dual& a, const Dual& b) {
    return {a.value + b.value, [&](std::size_t k) { return a.slope[k] + b.slope[k]; }};
  }
  friend Dual operator-(const Dual& a, const Dual& b) {
    return {a.value - b.value, [&](std::size_t k) { return a.slope[k] - b.slope[k]; }};
  }
  friend Dual operator*(const Dual& a, const Dual& b) {
    return {a.value * b.value,
            [&](std::size_t k) { return a.slope[k] * b.value + a.value * b.slope[k]; }};
  }
  friend Dual operator/(const Dual& a, const Dual& b) {
    const double v = a.value / b.value, r = 1.0 / b.value;
    return {v, [&, v, r](std::size_t k) { return (a.slope[k] - v * b.slope[k]) * r; }};
  }
  // A constant has no slopes to go through: half the work.
  friend Dual operator+(const Dual& a, double b) { return a.times(a.value + b, 1.0); }
  friend Dual operator-(const Dual& a, double b) { return a.times(a.value - b, 1.0); }
  friend Dual operator*(const Dual& a, double b) { return a.times(a.value * b, b); }
  friend Dual operator/(const Dual& a, double b) { return a.times(a.value / b, 1.0 / b); }
  friend Dual operator+(double a, const Dual& b) { return b.times(a + b.value, 1.0); }
  friend Dual operator-(double a, const Dual& b) { return b.times(a - b.value, -1.0); }
  friend Dual operator*(double a, const Dual& b) { return b.times(a * b.value, a); }
  friend Dual operator/(double a, const Dual& b) {
    const double v = a / b.value;
    return b.times(v, -v / b.value);
  }
  friend Dual operator-(const Dual& a) { return a.times(-a.value, -1.0); }
  friend Dual operator+(const Dual& a) { return a; }
  friend bool operator==(const Dual& a, const Dual& b) { return a.value == b.value; }
  friend bool operator==(const Dual& a, double b) { return a.value == b; }
  friend auto operator<=>(const Dual& a, const Dual& b) { return a.value <=> b.value; }
  friend auto operator<=>(const Dual& a, double b) { return a.value <=> b; }

  friend Dual square(const Dual& a) { return a.through(a.value * a.value, 2.0 * a.value); }
  friend Dual exp(const Dual& a) {
    const double e = std::exp(a.value);
    return a.through(e, e);
  }
  friend Dual expm1(const Dual& a) { return a.through(std::expm1(a.value), std::exp(a.value)); }
  friend Dual log(const Dual& a) { return a.through(std::log(a.value), 1.0 / a.value); }
  friend Dual log1p(const Dual& a) { return a.through(std::log1p(a.value), 1.0 / (1.0 + a.value)); }
  friend Dual sqrt(const Dual& a) {
    const double r = std::sqrt(a.value);
    return a.through(r, 0.5 / r);
  }
  friend Dual sin(const Dual& a) { return a.through(std::sin(a.value), std::cos(a.value)); }
  friend Dual cos(const Dual& a) { return a.through(std::cos(a.value), -std::sin(a.value)); }
  friend Dual tan(const Dual& a) {
    const double t = std::tan(a.value);
    return a.through(t, 1.0 + t * t);
  }
  friend Dual atan(const Dual& a) {
    return a.through(std::atan(a.value), 1.0 / (1.0 + a.value * a.value));
  }
  friend Dual sinh(const Dual& a) { return a.through(std::sinh(a.value), std::cosh(a.value)); }
  friend Dual cosh(const Dual& a) { return a.through(std::cosh(a.value), std::sinh(a.value)); }
  friend Dual tanh(const Dual& a) {  // 1 - tanh^2 would cancel
    const double c = std::cosh(a.value);
    return a.through(std::tanh(a.value), 1.0 / (c * c));
  }
  friend Dual erf(const Dual& a) {
    return a.through(std::erf(a.value),
                     2.0 * std::numbers::inv_sqrtpi * std::exp(-a.value * a.value));
  }
  friend Dual erfc(const Dual& a) {
    return a.through(std::erfc(a.value),
                     -2.0 * std::numbers::inv_sqrtpi * std::exp(-a.value * a.value));
  }
  friend Dual lgamma(const Dual& a) {
    return a.through(detail::log_gamma(a.value), detail::digamma(a.value));
  }
  friend Dual abs(const Dual& a) {
    return a.through(std::abs(a.value), a.value > 0.0 ? 1.0 : a.value < 0.0 ? -1.0 : 0.0);
  }
  friend Dual fabs(const Dual& a) { return abs(a); }
  // The slope from the value where that has all its digits: a second power costs more than all else.
  template <class P>
  requires std::is_arithmetic_v<P>
  friend Dual pow(const Dual& a, P power) {
    const auto p = static_cast<double>(power);
    const double v = std::pow(a.value, p);
    if (p == 0.0) return a.through(v, 0.0);
    return a.through(v, p * (std::isnormal(v) ? v / a.value : std::pow(a.value, p - 1.0)));
  }
  friend Dual pow(double a, const Dual& p) {
    const double v = std::pow(a, p.value);
    return p.through(v, v == 0.0 ? 0.0 : v * std::log(a));
  }
  friend Dual pow(const Dual& a, const Dual& p) {
    Dual y = pow(a, p.value);
    const double by = y.value == 0.0 ? 0.0 : y.value * std::log(a.value);
    return y += p.through(0.0, by);
  }
  friend Dual hypot(const Dual& a, const Dual& b) {
    const double h = std::hypot(a.value, b.value);
    return a.through(h, h == 0.0 ? 0.0 : a.value / h) +=
           b.through(0.0, h == 0.0 ? 0.0 : b.value / h);
  }
  friend Dual fmax(const Dual& a, const Dual& b) {
    return std::isnan(a.value) || a.value < b.value ? b : a;
  }
  friend Dual fmin(const Dual& a, const Dual& b) {
    return std::isnan(a.value) || b.value < a.value ? b : a;
  }
  friend bool isfinite(const Dual& a) { return std::isfinite(a.value); }
  friend bool isnan(const Dual& a) { return std::isnan(a.value); }

 private:
  // Written out rather than as a loop, which -O2 would leave one: three times the cost of cheap functions.
  template <class S, std::size_t... K>
  Dual(double v, const S& s, std::index_sequence<K...>) : value(v), slope{s(K)...} {}
};

// For numbers of any kind, as the standard library has none.
inline double square(double x) { return x * x; }

// The value alone, of any number.
inline double value_of(double x) { return x; }
template <std::size_t N>
double value_of(const Dual<N>& x) {
  return x.value;
}

}  // namespace twin::math
