// Fast Fourier transforms of a fixed power of two, many side by side: a row of Lanes numbers at each
// point, so that the innermost loop runs along memory. Self-sorting, radix 4 (Stockham's form;
// C. Van Loan, "Computational frameworks for the fast Fourier transform", 1992, sections 1.7, 2.3).
// Tables are of unit_circle: the same bits on every machine. Nothing is allocated.
#pragma once
#include <array>
#include <bit>
#include <cstddef>

#include "twins/toys/unit_circle.hpp"

// Before a loop whose turns are independent: what it writes is not what it reads elsewhere.
#if defined(__clang__)
#define TWIN_INDEPENDENT_TURNS _Pragma("clang loop vectorize(assume_safety)")
#else
#define TWIN_INDEPENDENT_TURNS _Pragma("GCC ivdep")
#endif

namespace twins::toys {

// Complex numbers [point][lane], real and imaginary parts apart.
template <std::size_t Points, std::size_t Lanes>
struct Waves {
  alignas(64) std::array<double, Points * Lanes> re;
  alignas(64) std::array<double, Points * Lanes> im;
};

// What is transformed, and room beside it.
template <std::size_t Points, std::size_t Lanes>
struct Desk {
  Waves<Points, Lanes> a, b;
};

namespace detail {

template <std::size_t Parts>
inline constexpr auto Circle = [] {
  std::array<CirclePoint, Parts> points{};
  for (std::size_t i = 0; i < Parts; ++i) points[i] = unit_circle(i, Parts);
  return points;
}();

// A point of the table. Never inlined: GCC 12 would address what a loop writes by its distance from this
// constant table, and then drop the writing (-fivopts; 8 points came out as zeros).
template <std::size_t Parts>
[[gnu::noinline]] CirclePoint circle(std::size_t part) {
  return Circle<Parts>[part];
}

// One pass of radix 4 over sequences of Length points that lie Stride apart.
template <bool Forth, std::size_t Length, std::size_t Stride, std::size_t Points, std::size_t Lanes>
void quarter_pass(Desk<Points, Lanes>& desk) {
  const Waves<Points, Lanes>& from = Forth ? desk.a : desk.b;
  Waves<Points, Lanes>& to = Forth ? desk.b : desk.a;
  constexpr std::size_t Quarter = Length / 4;
  for (std::size_t p = 0; p < Quarter; ++p) {
    const CirclePoint w1 = circle<Length>(p), w2 = circle<Length>(2 * p),
                      w3 = circle<Length>(3 * p);
    const double* ar = &from.re[Stride * p];
    const double* ai = &from.im[Stride * p];
    double* yr = &to.re[Stride * 4 * p];
    double* yi = &to.im[Stride * 4 * p];
    TWIN_INDEPENDENT_TURNS
    for (std::size_t q = 0; q < Stride; ++q) {
      constexpr std::size_t B = Stride * Quarter, C = 2 * B, D = 3 * B;
      const double sum_ac_r = ar[q] + ar[q + C], sum_ac_i = ai[q] + ai[q + C];
      const double dif_ac_r = ar[q] - ar[q + C], dif_ac_i = ai[q] - ai[q + C];
      const double sum_bd_r = ar[q + B] + ar[q + D], sum_bd_i = ai[q + B] + ai[q + D];
      const double dif_bd_r = ar[q + B] - ar[q + D], dif_bd_i = ai[q + B] - ai[q + D];
      const double r1 = dif_ac_r + dif_bd_i, i1 = dif_ac_i - dif_bd_r;  // - i (b - d)
      const double r2 = sum_ac_r - sum_bd_r, i2 = sum_ac_i - sum_bd_i;
      const double r3 = dif_ac_r - dif_bd_i, i3 = dif_ac_i + dif_bd_r;
      yr[q] = sum_ac_r + sum_bd_r;
      yi[q] = sum_ac_i + sum_bd_i;
      yr[q + Stride] = w1.cos * r1 + w1.sin * i1;  // times e^(-i angle)
      yi[q + Stride] = w1.cos * i1 - w1.sin * r1;
      yr[q + 2 * Stride] = w2.cos * r2 + w2.sin * i2;
      yi[q + 2 * Stride] = w2.cos * i2 - w2.sin * r2;
      yr[q + 3 * Stride] = w3.cos * r3 + w3.sin * i3;
      yi[q + 3 * Stride] = w3.cos * i3 - w3.sin * r3;
    }
  }
}

// All passes from here on; answers where the result came to lie.
template <bool Forth, std::size_t Length, std::size_t Stride, std::size_t Points, std::size_t Lanes>
const Waves<Points, Lanes>& passes(Desk<Points, Lanes>& desk) {
  Waves<Points, Lanes>& x = Forth ? desk.a : desk.b;
  if constexpr (Length >= 4) {
    quarter_pass<Forth, Length, Stride>(desk);
    return passes<!Forth, Length / 4, Stride * 4>(desk);
  } else if constexpr (Length == 2) {
    TWIN_INDEPENDENT_TURNS
    for (std::size_t q = 0; q < Stride; ++q) {
      const double ar = x.re[q], ai = x.im[q], br = x.re[q + Stride], bi = x.im[q + Stride];
      x.re[q] = ar + br;
      x.im[q] = ai + bi;
      x.re[q + Stride] = ar - br;
      x.im[q + Stride] = ai - bi;
    }
  }
  return x;
}

}  // namespace detail

// The sums over j of z_j e^(-2 pi i j k / Points), in each lane, of z = desk.a. Both places are
// overwritten; the one answered holds the result.
template <std::size_t Points, std::size_t Lanes>
const Waves<Points, Lanes>& fourier(Desk<Points, Lanes>& desk) {
  static_assert(std::has_single_bit(Points));
  return detail::passes<true, Points, Lanes>(desk);
}

}  // namespace twins::toys
