// gaspari_cohn of taper.hpp for many distances at once: the same operations in the same order, none
// of them fused, and so the same bits on every path.
#pragma once
#include <stddef.h>

#include "twin/infer/letkf/lanes.hpp"

namespace twin::infer::letkf {

// x: [padded count] squares of distances, overwritten by their weights; count is padded to lanes.
template <class Isa>
void taper_lanes(double* x, size_t count, double half_support) {
  using L = Lanes<Isa>;
  using V = typename Isa::V;
  for (size_t i = 0; i < count; i += L::W) {
    const V z = Isa::root(L::load(x + i)) / half_support;
    const V near = ((((-0.25 * z + 0.5) * z + 0.625) * z - 5.0 / 3.0) * z * z) + 1.0;
    const V far =
        ((((z / 12.0 - 0.5) * z + 0.625) * z + 5.0 / 3.0) * z - 5.0) * z + 4.0 - 2.0 / (3.0 * z);
    const V weight = z <= 1.0 ? near : far;
    L::store(z >= 2.0 ? V{} : weight, x + i);
  }
}

}  // namespace twin::infer::letkf
