// Which of many inputs matter at all, for some tens of runs each: elementary effects (M. D. Morris, Technometrics
// 33, 1991; F. Campolongo, J. Cariboni and A. Saltelli, Environmental Modelling and Software 22, 2007).
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "twin/math/statistics.hpp"
#include "twin/uq/points.hpp"

namespace twin::uq {

struct MorrisOptions {
  std::size_t inputs = 0;
  std::size_t paths = 50;    // each changes every input once
  std::uint32_t levels = 4;  // even; in the middle of as many parts of the unit interval
  std::uint64_t seed = 1;
  double confidence = 0.95;
  unsigned threads = 1;
};

struct ElementaryEffects {
  // Of moving the input by half of its range, over the move: how much it matters, and in which direction if in one.
  math::Interval absolute, mean;
  double deviation =
      0.0;  // what it does otherwise from place to place: bends, and works with others
  std::uint64_t missing = 0;  // moves at whose ends a run failed
};

struct MorrisResult {
  std::vector<ElementaryEffects> effects;  // [input]
  std::uint64_t evaluations = 0, failed = 0;
};

// paths x (inputs + 1) evaluations. The same bits for any number of threads. core::Error for no inputs, fewer than
// two paths, levels that are odd or fewer than two, and an input that has fewer than two effects.
MorrisResult morris(const MorrisOptions& options, const AnyFunction& f);

}  // namespace twin::uq
