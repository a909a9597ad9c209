// A rare event as reliability engineering states it: it happens where g(u) <= 0, u being independent standard
// normals. Whoever has other laws goes through their distribution functions, u = Phi^-1(F(x)).
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "twin/uq/points.hpp"

namespace twin::uq {

// g[point] of each point of standard normals; a run that fails gives what is not finite.
using LimitState = AnyFunction;

struct RareEvent {
  double probability = 0.0;
  double standard_error = 0.0;  // of the probability
  std::uint64_t evaluations = 0;
  std::uint64_t failed =
      0;  // of them, those that gave no number: told apart, never taken for the event
  // Standard error over probability; infinite where none was met.
  [[nodiscard]] double coefficient_of_variation() const;
};

// Many points with their values, asked for piece by piece, on up to so many threads. What is not finite becomes
// `instead` and is counted.
struct Asked {
  std::vector<double> g;  // [point]
  std::uint64_t failed = 0;
};
Asked ask(const LimitState& f, std::span<const std::vector<double>> u /*[input][point]*/,
          unsigned threads);

}  // namespace twin::uq
