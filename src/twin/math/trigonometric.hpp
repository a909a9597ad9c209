// The sine with the same bits on every machine, written so that loops over it become vectors.
#pragma once
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "twin/math/elementary.hpp"

namespace twin::math {
namespace detail {

// pi in three parts: a whole number below 2^20 times each of the first two is exact.
inline constexpr double PiHigh = 0x1.921fb544p+1;
inline constexpr double PiMiddle = 0x1.0b4611a6p-33;
inline constexpr double PiLow = 0x1.3198a2e037073p-68;

inline constexpr auto SineSeries =
    [] {  // -1/3!, 1/5!, ..., of x^3, x^5, ...: what follows is below 2^-60 for |x| <= pi/2
      std::array<double, 10> c{};
      double factorial = 1.0;  // exact up to 18!, and rounded once after that
      for (std::size_t i = 0; i < c.size(); ++i) {
        factorial *= static_cast<double>((2 * i + 2) * (2 * i + 3));
        c[i] = (i % 2 == 0 ? -1.0 : 1.0) / factorial;
      }
      return c;
    }();

}  // namespace detail

// Within three units of the last place where |x| <= 2^20; not meant for larger ones, whose result is between -1 and
// 1 but loses digits with their size.
constexpr double sin(double x) {
  using namespace detail;
  constexpr double Shift =
      0x1.8p52;  // its sum with a number below 2^51 is the nearest whole number, in the last bits
  const double shifted = x * 0x1.45f306dc9c883p-2 + Shift;
  const double n = shifted - Shift;
  const double r = ((x - n * PiHigh) - n * PiMiddle) - n * PiLow;
  const double square = r * r;
  const double s = r + r * square * polynomial(SineSeries, square);
  // Odd multiples of pi turn the sign.
  const std::uint64_t odd = std::bit_cast<std::uint64_t>(shifted) << 63;
  return std::bit_cast<double>(std::bit_cast<std::uint64_t>(s) ^ odd);
}

}  // namespace twin::math
