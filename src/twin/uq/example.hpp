// Functions whose sensitivities are known exactly, and a published sample, for tests.
#pragma once
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <span>

#include "twin/math/distributions.hpp"
#include "twin/uq/points.hpp"

namespace twin::uq::example {

// T. Ishigami and T. Homma (ISUMA 1990) with a = 7, b = 0.1, inputs uniform on (-pi, pi).
inline double ishigami(std::span<const double> u) {
  const auto x = [&](std::size_t i) { return (2 * u[i] - 1) * std::numbers::pi; };
  const double s = std::sin(x(1)), c = x(2) * x(2);
  return std::sin(x(0)) * (1 + 0.1 * c * c) + 7 * s * s;
}
// Parts of the variance 13.844587940719: 1/2 (1 + b pi^4 / 5)^2, a^2 / 8 and 8 b^2 pi^8 / 225.
inline constexpr std::array<double, 3> IshigamiFirst = {0.3139051911, 0.4424111448, 0.0},
                                       IshigamiTotal = {0.5575888552, 0.4424111448, 0.2436836641};

// I. M. Sobol's g: the product of (|4 u - 2| + a) / (1 + a).
inline constexpr std::array<double, 8> GWeights = {0, 1, 4.5, 9, 99, 99, 99, 99};
inline double g(std::span<const double> u) {
  double product = 1.0;
  for (std::size_t i = 0; i < u.size(); ++i)
    product *= (std::abs(4 * u[i] - 2) + GWeights[i]) / (1 + GWeights[i]);
  return product;
}
// Parts V_i = 1 / (3 (1 + a_i)^2) of the variance, which is the product of 1 + V_i less 1.
struct GIndices {
  double variance = 0.0;
  std::array<double, 8> first{}, total{};
};
inline GIndices g_indices() {
  GIndices all;
  double product = 1.0;
  for (const double a : GWeights) product *= 1 + 1 / (3 * (1 + a) * (1 + a));
  all.variance = product - 1;
  for (std::size_t i = 0; i < 8; ++i) {
    const double v = 1 / (3 * (1 + GWeights[i]) * (1 + GWeights[i]));
    all.first[i] = v / all.variance;
    all.total[i] = v * (product / (1 + v)) / all.variance;
  }
  return all;
}

// Water through a borehole [m3/year] (W. V. Harper and S. K. Gupta 1983; M. D. Morris et al. 1993): its radius is
// normal, its reach lognormal, the rest uniform.
inline double borehole(std::span<const double> u) {
  const double rw = 0.10 + 0.0161812 * math::normal(u[0]),
               r = std::exp(7.71 + 1.0056 * math::normal(u[1]));
  const auto between = [&](std::size_t i, double low, double high) {
    return low + (high - low) * u[i];
  };
  const double tu = between(2, 63'070, 115'600), hu = between(3, 990, 1'110),
               tl = between(4, 63.1, 116), hl = between(5, 700, 820), l = between(6, 1'120, 1'680),
               kw = between(7, 9'855, 12'045);
  const double log_ratio = std::log(r / rw);
  return 2 * std::numbers::pi * tu * (hu - hl) /
         (log_ratio * (1 + 2 * l * tu / (log_ratio * rw * rw * kw) + tu / tl));
}

// Greatest sea level of each year from 1923 to 1987 at Port Pirie, South Australia [m] (S. Coles, An Introduction to
// Statistical Modeling of Extreme Values, 2001, example 1.1).
inline constexpr std::array<double, 65> PortPirie = {
    4.03, 3.83, 3.65, 3.88, 4.01, 4.08, 4.18, 3.80, 4.36, 3.96, 3.98, 4.69, 3.85,
    3.96, 3.85, 3.93, 3.75, 3.63, 3.57, 4.25, 3.97, 4.05, 4.24, 4.22, 3.73, 4.37,
    4.06, 3.71, 3.96, 4.06, 4.55, 3.79, 3.89, 4.11, 3.85, 3.86, 3.86, 4.21, 4.01,
    4.11, 4.24, 3.96, 4.21, 3.74, 3.85, 3.88, 3.66, 4.11, 3.71, 4.18, 3.90, 3.78,
    3.91, 3.72, 4.00, 3.66, 3.62, 4.33, 4.55, 3.75, 4.08, 3.90, 3.88, 3.94, 4.33};

}  // namespace twin::uq::example
