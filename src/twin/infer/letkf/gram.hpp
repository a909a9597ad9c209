// The products of what a domain sees, C = S^T W S with b = S^T W d (or W^1/2 S S^T W^1/2), domain by
// domain in tiles that stay in registers; then laid out one domain a lane for what follows.
#pragma once
#include <stddef.h>

#include "twin/infer/letkf/kernel.hpp"
#include "twin/infer/letkf/lanes.hpp"

namespace twin::infer::letkf {

inline constexpr size_t TileRows = 8;

constexpr size_t padded(size_t n, size_t to) { return (n + to - 1) / to * to; }

enum class Start : unsigned char { Zero, Add };

template <class Isa>
struct Tiles {
  using V = typename Isa::V;
  using L = Lanes<Isa>;
  static constexpr size_t W = L::W;

  // out[r][c] := (start: 0 or itself) + sum over k of left[k][r] right[k][c], c <= r (and more)
  // left: [k][size]; right: [k] pointers to [size]; size a multiple of TileRows; out: [size][size].
  static void add(const double* left, const double* const* right, size_t count, size_t size,
                  Start start, double* out) {
    for (size_t row = 0; row < size; row += TileRows) {
      for (size_t column = 0; column < row + TileRows; column += W) {
        V sum[TileRows];
        double* at = out + row * size + column;
        for (size_t i = 0; i < TileRows; ++i) {
          sum[i] = start == Start::Zero ? V{} : L::load(at + i * size);
        }
        for (size_t k = 0; k < count; ++k) {
          const double* l = left + k * size + row;
          const V r = L::load(right[k] + column);
          for (size_t i = 0; i < TileRows; ++i) sum[i] = Isa::fma(L::splat(l[i]), r, sum[i]);
        }
        for (size_t i = 0; i < TileRows; ++i) L::store(sum[i], at + i * size);
      }
    }
  }

  // matrix[c][r] of each lane from W dense blocks [size][size], c <= r < rows; block `lane` begins
  // at blocks + lane * size * size. With `same`, all lanes are the first block.
  static void lay_out(const double* blocks, size_t size, size_t rows, bool same, V* matrix,
                      size_t ld) {
    for (size_t r = 0; r < rows; ++r) {
      for (size_t column = 0; column <= r; column += W) {
        const double* at = blocks + r * size + column;
        V v[W];
        if (same) {
          for (size_t i = 0; i < W; ++i) v[i] = L::splat(at[i]);
        } else {
          for (size_t lane = 0; lane < W; ++lane) v[lane] = L::load(at + lane * size * size);
          L::transpose(v);
        }
        for (size_t i = 0; i < W && column + i <= r; ++i) matrix[(column + i) * ld + r] = v[i];
      }
    }
  }
};

}  // namespace twin::infer::letkf
