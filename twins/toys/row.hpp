// The state that all toys share: a time and a row of numbers, and how it starts.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>

#include "twin/core/draw.hpp"
#include "twin/core/tick.hpp"
#include "twin/math/distributions.hpp"

namespace twins::toys {

template <std::size_t Size>
struct Row {
  twin::core::Tick now = 0;         // [steps of the model]
  std::array<double, Size> x = {};  // [variable], [1]

  bool operator==(const Row&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("now", self.now);
    archive("x", self.x);
  }
};

enum ToyDraw : std::uint32_t { InitialDraw = 0, SampleDraw = 1 };

// Normal about `mean` with this standard deviation, independent in each variable.
template <std::size_t Size>
Row<Size> drawn_row(const std::array<double, Size>& mean, double deviation, twin::core::Draw draw) {
  Row<Size> row;
  for (std::size_t i = 0; i < Size; ++i) {
    const double u = draw.uniform(InitialDraw, static_cast<std::uint32_t>(i), 0);
    row.x[i] = twin::math::normal(u, mean[i], deviation);
  }
  return row;
}

}  // namespace twins::toys
