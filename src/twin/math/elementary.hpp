// exp, log, expm1 and log1p that give the same bits on every machine: IEEE 754 + - * / and integers
// only, and no contraction (the build sets -ffp-contract=off). The C library's differ between CPUs.
// Worst errors seen against 80-bit libm over 10^8 arguments each [ulp]: exp 0.72 (0.79 where the
// result is subnormal), expm1 0.78, log 0.64, log1p 0.68. A logarithm takes about 10 ns.
// Notation: x = k ln 2 + r, T(r) = exp(r) - 1 - r.
#pragma once
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>

namespace twin::math {
namespace detail {

inline constexpr double Ln2High = 0x1.62e42fefa3800p-1;  // 42 bits: k * Ln2High is exact
inline constexpr double Ln2Low = 0x1.ef35793c76730p-45;  // ln 2 - Ln2High
inline constexpr double Log2E = 0x1.71547652b82fep+0;    // 1 / ln 2
inline constexpr double HalfLn2 = 0.34657359027997264;
inline constexpr double Infinity = std::numeric_limits<double>::infinity();
inline constexpr double Nan = std::numeric_limits<double>::quiet_NaN();

constexpr bool is_nan(double x) { return x != x; }
constexpr double magnitude(double x) { return x < 0.0 ? -x : x; }

// 2^k for k in [-1022, 1023].
constexpr double power_of_two(std::int64_t k) {
  return std::bit_cast<double>(static_cast<std::uint64_t>(k + 1023) << 52);
}

// y * 2^k with one rounding, for y near 1 and k in [-1100, 1024].
constexpr double scaled(double y, std::int64_t k) {
  if (k > 1023) return y * 2.0 * power_of_two(k - 1);
  if (k < -1000) return y * power_of_two(k + 1000) * power_of_two(-1000);
  return y * power_of_two(k);
}

// c[0] + c[1] x + c[2] x^2 + ..., even and odd powers apart so that both halves run at once.
template <std::size_t N>
constexpr double polynomial(const std::array<double, N>& c, double x) {
  static_assert(N % 2 == 0);
  const double square = x * x;
  double even = c[N - 2];
  double odd = c[N - 1];
  for (std::size_t i = N - 2; i >= 2; i -= 2) {
    even = even * square + c[i - 2];
    odd = odd * square + c[i - 1];
  }
  return even + x * odd;
}

inline constexpr auto ExpSeries = [] {  // 1/2!, 1/3!, ..., 1/15!: what follows is below 2^-60
  std::array<double, 14> c{};
  double factorial = 1.0;  // exact up to 18!
  for (std::size_t i = 0; i < c.size(); ++i) {
    factorial *= static_cast<double>(i + 2);
    c[i] = 1.0 / factorial;
  }
  return c;
}();

inline constexpr auto CubeSeries = [] {  // 1/3!, ..., 1/16!
  std::array<double, 14> c{};
  double factorial = 2.0;
  for (std::size_t i = 0; i < c.size(); ++i) {
    factorial *= static_cast<double>(i + 3);
    c[i] = 1.0 / factorial;
  }
  return c;
}();

inline constexpr auto AtanhSeries = [] {  // 2/3, 2/5, ..., 2/25
  std::array<double, 12> c{};
  for (std::size_t i = 0; i < c.size(); ++i) c[i] = 2.0 / static_cast<double>(2 * i + 3);
  return c;
}();

// high + low = x^2 / 2, high without rounding: from the upper 26 bits of x alone (Dekker, 1971).
struct HalfSquare {
  double high;
  double low;
};
constexpr HalfSquare half_square(double x) {
  constexpr std::uint64_t Upper = ~std::uint64_t{0} << 27;
  const double upper = std::bit_cast<double>(std::bit_cast<std::uint64_t>(x) & Upper);
  return {0.5 * upper * upper, 0.5 * (x - upper) * (x + upper)};
}

struct Reduced {
  std::int64_t k;
  double r;     // |r| <= ln 2 / 2 and a little
  double tail;  // T(r) and what r lost to rounding
};

constexpr Reduced reduced(double x) {
  const double t = x * Log2E;
  const auto k = static_cast<std::int64_t>(t < 0.0 ? t - 0.5 : t + 0.5);
  const double n = static_cast<double>(k);
  const double high = x - n * Ln2High;  // exact
  const double low = n * Ln2Low;
  const double r = high - low;
  return {k, r, r * r * polynomial(ExpSeries, r) + ((high - r) - low)};
}

// k ln 2 + log(1 + f) + c for 1 + f in [sqrt(1/2), sqrt(2)] and a tiny c. With s = f / (2 + f),
// log(1 + f) = 2 atanh(s) = f - f^2/2 + s (f^2/2 + R), R = 2 s^2/3 + 2 s^4/5 + ...: the large terms
// k ln 2, f and f^2/2 are summed without loss.
constexpr double log_of(std::int64_t k, double f, double c) {
  const double n = static_cast<double>(k);
  const double s = f / (2.0 + f);
  const double z = s * s;
  const HalfSquare half = half_square(f);
  const double small =
      s * (half.high + half.low + z * polynomial(AtanhSeries, z)) + (n * Ln2Low + c) - half.low;
  const double first = f - half.high;
  const double first_lost = (f - first) - half.high;
  const double sum = n * Ln2High + first;
  const double lost = k == 0 ? 0.0 : (n * Ln2High - sum) + first;
  return sum + (lost + (first_lost + small));
}

struct Split {
  std::int64_t k;
  double m;  // in [sqrt(1/2), sqrt(2)), x = 2^k m
};

constexpr Split split(double x) {  // x positive and finite
  std::int64_t k = 0;
  if (x < 0x1p-1022) {
    x *= 0x1p54;
    k = -54;
  }
  const auto bits = std::bit_cast<std::uint64_t>(x);
  k += static_cast<std::int64_t>(bits >> 52) - 1023;
  constexpr std::uint64_t Fraction = (std::uint64_t{1} << 52) - 1;
  const double m = std::bit_cast<double>((bits & Fraction) | (std::uint64_t{1023} << 52));
  if (m < 1.4142135623730951) return {k, m};
  return {k + 1, 0.5 * m};
}

}  // namespace detail

constexpr double exp(double x) {
  using namespace detail;
  if (is_nan(x)) return x;
  if (x > 710.0) return Infinity;
  if (x < -746.0) return 0.0;
  const Reduced y = reduced(x);
  const double sum = 1.0 + y.r;
  const double lost = y.r - (sum - 1.0);
  return scaled(sum + (lost + y.tail), y.k);
}

constexpr double expm1(double x) {
  using namespace detail;
  if (is_nan(x) || magnitude(x) < 0x1p-54) return x;
  if (x > 710.0) return Infinity;
  if (x < -40.0) return -1.0;
  if (x > -HalfLn2 && x < 0.45) {  // the reduced form would cancel here
    const HalfSquare half = half_square(x);
    const double sum = x + half.high;
    const double lost = half.high - (sum - x);
    return sum + (lost + (half.low + x * x * x * polynomial(CubeSeries, x)));
  }
  const Reduced y = reduced(x);
  if (y.k > 56) return exp(x);
  const double one = power_of_two(-y.k);
  const double whole = 1.0 - one;
  const double whole_lost = (1.0 - whole) - one;  // 0 up to k = 53
  const double sum = whole + y.r;
  const double lost = magnitude(whole) > magnitude(y.r) ? y.r - (sum - whole) : whole - (sum - y.r);
  return scaled(sum + (lost + (whole_lost + y.tail)), y.k);
}

constexpr double log(double x) {
  using namespace detail;
  if (is_nan(x) || x == Infinity) return x;
  if (x == 0.0) return -Infinity;
  if (x < 0.0) return Nan;
  const Split y = split(x);
  return log_of(y.k, y.m - 1.0, 0.0);
}

constexpr double log1p(double x) {
  using namespace detail;
  if (is_nan(x) || x == Infinity || magnitude(x) < 0x1p-54) return x;
  if (x == -1.0) return -Infinity;
  if (x < -1.0) return Nan;
  if (x > -0.29 && x < 0.41) return log_of(0, x, 0.0);
  const double sum = 1.0 + x;
  const double lost = x > 1.0 ? 1.0 - (sum - x) : x - (sum - 1.0);
  const Split y = split(sum);
  return log_of(y.k, y.m - 1.0, lost / sum);
}

}  // namespace twin::math
