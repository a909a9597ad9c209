// One linear map of the members laid on many rows of the state, in place and in one pass: rows are
// lanes, two registers of them at once, so that each number of the map is read once for both.
#pragma once
#include <stddef.h>

#include "twin/infer/letkf/kernel.hpp"
#include "twin/infer/letkf/lanes.hpp"

namespace twin::infer::letkf {

template <class Isa>
class RowSweep {
 public:
  using V = typename Isa::V;
  using L = Lanes<Isa>;
  static constexpr size_t W = L::W;
  static constexpr size_t Outputs = 6;  // members made at once: 2 * 6 sums stay in registers

  explicit RowSweep(const Sweep& sweep) : s_(sweep) {}

  // The caller's anomalies: [2][members].
  void run(V* a) const {
    size_t row = s_.first;
    for (; row + 2 * W <= s_.end; row += 2 * W) rows<2>(row, W, a);
    for (; row + W <= s_.end; row += W) rows<1>(row, W, a);
    if (row < s_.end) rows<1>(row, s_.end - row, a);
  }

 private:
  const Sweep& s_;

  [[nodiscard]] V read(const double* at, size_t lanes) const {
    if (lanes == W) return L::load(at);
    V v = {};
    for (size_t i = 0; i < lanes; ++i) v[i] = at[i];
    return v;
  }
  void write(V v, double* at, size_t lanes) const {
    if (lanes == W) return L::store(v, at);
    for (size_t i = 0; i < lanes; ++i) at[i] = v[i];
  }

  template <size_t Registers>
  void rows(size_t row, size_t lanes, V* a) const {
    const size_t n = s_.members;
    double* x = s_.state + row;
    V mean[Registers], before[Registers] = {}, after[Registers] = {};
    for (size_t g = 0; g < Registers; ++g) {
      V sum = {};
      for (size_t j = 0; j < n; ++j) {
        a[g * n + j] = read(x + g * W + j * s_.state_stride, lanes);
        sum += a[g * n + j];
      }
      mean[g] = sum / static_cast<double>(n);
      V shift = {};
      for (size_t j = 0; j < n; ++j) {
        a[g * n + j] -= mean[g];
        shift = Isa::fma(a[g * n + j], L::splat(s_.mean[j]), shift);
        before[g] = Isa::fma(a[g * n + j], a[g * n + j], before[g]);
      }
      mean[g] += shift;
    }
    if (s_.rtps > 0.0) {
      products<Registers>(a, [&](size_t g, size_t, V v) { after[g] = Isa::fma(v, v, after[g]); });
    }
    V scale[Registers];
    for (size_t g = 0; g < Registers; ++g) {
      const V spread = Isa::root(after[g]);
      const V relative = s_.rtps * (Isa::root(before[g]) - spread) / spread;
      // Without spread there is no direction to relax in.
      scale[g] = s_.factor * (1.0 + (after[g] > 0.0 ? relative : V{}));
    }
    products<Registers>(a, [&](size_t g, size_t j, V v) {
      write(Isa::fma(v, scale[g], mean[g]), x + g * W + j * s_.state_stride, lanes);
    });
  }

  // take(g, j, (A T)_j) for all members, j ascending.
  template <size_t Registers, class Take>
  [[gnu::always_inline]] void products(const V* a, const Take& take) const {
    const size_t n = s_.members;
    for (size_t j = 0; j < n; j += Outputs) {  // rows of the map are padded by zeros
      V sum[Registers][Outputs] = {};
      for (size_t i = 0; i < n; ++i) {
        const double* map = s_.map + i * s_.map_stride + j;
        for (size_t k = 0; k < Outputs; ++k) {
          const V t = L::splat(map[k]);
          for (size_t g = 0; g < Registers; ++g) sum[g][k] = Isa::fma(a[g * n + i], t, sum[g][k]);
        }
      }
      for (size_t k = 0; k < Outputs && j + k < n; ++k) {
        for (size_t g = 0; g < Registers; ++g) take(g, j + k, sum[g][k]);
      }
    }
  }
};

}  // namespace twin::infer::letkf
