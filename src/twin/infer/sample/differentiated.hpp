// Slopes of a function that is written once, for any number, without a hand: by dual numbers, some directions at a
// time.
#pragma once
#include <algorithm>
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include "twin/core/expect.hpp"
#include "twin/infer/sample/target.hpp"
#include "twin/math/dual.hpp"

namespace twin::infer {

// Directions at once: more would not fit into registers.
inline constexpr std::size_t SlopesAtOnce = 8;

// f: (std::span<const T> x) -> T, for T double and math::Dual. Gives the value at x [input]; slope: [input]. Exact
// but for rounding. Slopes of 64 inputs cost 15 to 90 evaluations of f, the most where it is cheap; central
// differences cost 128. Nothing is taken from the heap but at a thread's first call, and by an f that comes back
// here.
template <class F>
double value_and_slopes(const F& f, std::span<const double> x, std::span<double> slope) {
  TWIN_EXPECT(!x.empty() && slope.size() == x.size(), x.size(), slope.size());
  using Number = math::Dual<SlopesAtOnce>;
  thread_local std::vector<Number> kept;
  // Taken out while in use: f may come back here.
  std::vector<Number> at = std::move(kept);
  at.assign(x.begin(), x.end());
  double value = 0.0;
  for (std::size_t first = 0; first < x.size(); first += SlopesAtOnce) {
    const std::size_t wide = std::min(SlopesAtOnce, x.size() - first);
    for (std::size_t k = 0; k < wide; ++k) at[first + k].slope[k] = 1.0;
    const Number y = f(std::span<const Number>(at));
    value = y.value;
    for (std::size_t k = 0; k < wide; ++k) {
      slope[first + k] = y.slope[k];
      at[first + k].slope[k] = 0.0;
    }
  }
  kept = std::move(at);
  return value;
}

// A density by its logarithm f, as a target with slopes.
template <class F>
Target differentiated(std::size_t dimensions, F f) {
  Target target = target_of(dimensions, [f](std::span<const double> x) { return f(x); });
  target.log_density_and_slopes = [dimensions, f = std::move(f)](std::span<const double> x,
                                                                 std::span<double> value,
                                                                 std::span<double> slope) {
    for (std::size_t k = 0; k < value.size(); ++k)
      value[k] = value_and_slopes(f, x.subspan(k * dimensions, dimensions),
                                  slope.subspan(k * dimensions, dimensions));
  };
  return target;
}

}  // namespace twin::infer
