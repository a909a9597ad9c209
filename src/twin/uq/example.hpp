// Functions whose sensitivities are known exactly, for tests.
#pragma once
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <span>

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

}  // namespace twin::uq::example
