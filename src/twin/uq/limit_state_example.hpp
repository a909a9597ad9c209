// Rare events whose probabilities are known by quadrature or in closed form, for tests: the problems of the
// otbenchmark collection under its numbers, with the figures worked out anew where the listed ones err.
#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <numbers>
#include <span>
#include <vector>

#include "twin/uq/limit_state.hpp"

namespace twin::uq::example {

struct KnownEvent {
  const char* name;
  std::size_t inputs;
  std::function<double(std::span<const double>)> g;
  double probability;
};

// Phi(-beta), whatever the number of inputs.
inline KnownEvent linear(std::size_t inputs, double beta, double probability) {
  return {"linear", inputs,
          [beta](std::span<const double> u) {
            double sum = 0.0;
            for (const double x : u) sum += x;
            return beta - sum / std::sqrt(static_cast<double>(u.size()));
          },
          probability};
}

inline std::vector<KnownEvent> known_events() {
  constexpr double Root2 = std::numbers::sqrt2;
  const auto four_branches = [](double k) {
    return [k](std::span<const double> x) {
      const double d = 0.1 * (x[0] - x[1]) * (x[0] - x[1]), s = (x[0] + x[1]) / Root2;
      return std::min({3 + d - s, 3 + d + s, x[0] - x[1] + k / Root2, x[1] - x[0] + k / Root2});
    };
  };
  return {
      linear(2, 3, 1.349898e-3),
      linear(2, 5, 2.866515719e-7),
      linear(100, 4, 3.167124183e-5),
      {"four branches, k = 6", 2, four_branches(6), 4.45733149e-3},
      {"four branches, k = 7", 2, four_branches(7), 2.22279507e-3},
      {"resistance less load", 2, [](std::span<const double> u) { return (4 + u[0]) - (2 + u[1]); },
       7.864960353e-2},
      {"RP22", 2,
       [](std::span<const double> x) {
         return 2.5 - (x[0] + x[1]) / Root2 + 0.1 * (x[0] - x[1]) * (x[0] - x[1]);
       },
       4.20731e-3},
      {"RP24", 2,
       [](std::span<const double> u) {
         const double a = 10 + 3 * u[0], b = 10 + 3 * u[1];
         return 2.5 - 0.2357 * (a - b) + 0.00463 * std::pow(a + b - 20, 4);
       },
       2.8597e-3},
      {"RP25", 2,
       [](std::span<const double> x) {
         return std::max(x[0] * x[0] - 8 * x[1] + 16, -16 * x[0] + x[1] + 32);
       },
       4.1490e-5},
      {"RP28", 2,
       [](std::span<const double> u) {
         return (78'064 + 11'710 * u[0]) * (0.0104 + 0.00156 * u[1]) - 146.14;
       },
       1.45329e-7},
      {"RP31", 2, [](std::span<const double> x) { return 2 - x[1] + 256 * std::pow(x[0], 4); },
       3.2266812e-3},
      {"RP33", 3,
       [](std::span<const double> x) {
         return std::min(3 * std::numbers::sqrt3 - (x[0] + x[1] + x[2]), 3 - x[2]);
       },
       2.5755978e-3},
      {"RP54", 20,
       [](std::span<const double> u) {
         // The sum of 20 exponentials of mean 1, by inversion: -log(1 - Phi(u)).
         double sum = -8.951;
         for (const double x : u) sum -= std::log(0.5 * std::erfc(x / Root2));
         return sum;
       },
       9.906030725e-4},
      linear(10, 5, 2.866516e-7),
  };
}

}  // namespace twin::uq::example
