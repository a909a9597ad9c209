// A number that carries its slopes in N directions through what is done with it: forward automatic differentiation
// (R. E. Wengert, Communications of the ACM 7, 1964; A. Griewank and A. Walther, Evaluating Derivatives, 2008,
// chapter 3). Functions written for any number, `using std::exp; exp(x)`, work on it.
#pragma once
#include <array>
#include <boost/math/special_functions/digamma.hpp>
#include <cmath>
#include <cstddef>
#include <numbers>

namespace twin::math {

// At kinks the slope is that of one side: abs at 0 has 0; max and min of equal ones have the first's; comparisons
// know values alone. Where a function has no slope (sqrt at 0), it is infinite, or no number, as arithmetic makes
// it.
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
  // f(value), whose slope there is given.
  [[nodiscard]] Dual through(double f, double df) const {
    Dual y(f);
    for (std::size_t k = 0; k < N; ++k) y.slope[k] = df * slope[k];
    return y;
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
  Dual& operator*=(const Dual& b) {
    for (std::size_t k = 0; k < N; ++k) slope[k] = slope[k] * b.value + value * b.slope[k];
    value *= b.value;
    return *this;
  }
  Dual& operator/=(const Dual& b) {
    value /= b.value;
    for (std::size_t k = 0; k < N; ++k) slope[k] = (slope[k] - value * b.slope[k]) / b.value;
    return *this;
  }
  friend Dual operator+(Dual a, const Dual& b) { return a += b; }
  friend Dual operator-(Dual a, const Dual& b) { return a -= b; }
  friend Dual operator*(Dual a, const Dual& b) { return a *= b; }
  friend Dual operator/(Dual a, const Dual& b) { return a /= b; }
  friend Dual operator-(const Dual& a) { return a.through(-a.value, -1.0); }
  friend Dual operator+(const Dual& a) { return a; }
  friend bool operator==(const Dual& a, const Dual& b) { return a.value == b.value; }
  friend auto operator<=>(const Dual& a, const Dual& b) { return a.value <=> b.value; }

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
  friend Dual tanh(const Dual& a) {
    const double t = std::tanh(a.value);
    return a.through(t, 1.0 - t * t);
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
    return a.through(std::lgamma(a.value), boost::math::digamma(a.value));
  }
  friend Dual abs(const Dual& a) {
    return a.through(std::abs(a.value), a.value > 0.0 ? 1.0 : a.value < 0.0 ? -1.0 : 0.0);
  }
  friend Dual fabs(const Dual& a) { return abs(a); }
  friend Dual pow(const Dual& a, double p) {
    return a.through(std::pow(a.value, p), p == 0.0 ? 0.0 : p * std::pow(a.value, p - 1.0));
  }
  friend Dual pow(const Dual& a, int p) { return pow(a, static_cast<double>(p)); }
  friend Dual pow(double a, const Dual& p) {
    const double v = std::pow(a, p.value);
    return p.through(v, v == 0.0 ? 0.0 : v * std::log(a));
  }
  friend Dual pow(const Dual& a, const Dual& p) {
    Dual y = pow(a, p.value);
    const double by = y.value == 0.0 ? 0.0 : y.value * std::log(a.value);
    for (std::size_t k = 0; k < N; ++k)
      if (p.slope[k] != 0.0) y.slope[k] += by * p.slope[k];
    return y;
  }
  friend Dual hypot(const Dual& a, const Dual& b) {
    const double h = std::hypot(a.value, b.value);
    Dual y(h);
    for (std::size_t k = 0; k < N; ++k)
      y.slope[k] = (a.value * a.slope[k] + b.value * b.slope[k]) / h;
    return y;
  }
  friend Dual fmax(const Dual& a, const Dual& b) {
    return std::isnan(a.value) || a.value < b.value ? b : a;
  }
  friend Dual fmin(const Dual& a, const Dual& b) {
    return std::isnan(a.value) || b.value < a.value ? b : a;
  }
  friend bool isfinite(const Dual& a) { return std::isfinite(a.value); }
};

// The value alone, of any number.
inline double value_of(double x) { return x; }
template <std::size_t N>
double value_of(const Dual<N>& x) {
  return x.value;
}

}  // namespace twin::math
