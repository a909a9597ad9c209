// A register of doubles, one domain a lane, and what the kernel does with it beyond + - * /. A kernel
// is a template over such a type, so that each instruction set has symbols of its own: code that
// was compiled for AVX-512 can never be merged into a program's baseline (see kernel.hpp).
// For the same reason nothing of the C++ library is included here.
#pragma once
#include <stddef.h>

namespace twin::infer::letkf {

// Two doubles by the compiler's own vectors: SSE2, NEON, or whatever the baseline is. Where the
// baseline has no fused multiply-add, a product is rounded before it is added.
struct Portable {
  static constexpr size_t Lanes = 2;
  static constexpr size_t Columns = 2;  // of the matrix, worked on at once by Householder
  using V [[gnu::vector_size(16)]] = double;

  static V fma(V a, V b, V c) {
#ifdef __FP_FAST_FMA
    return V{__builtin_fma(a[0], b[0], c[0]), __builtin_fma(a[1], b[1], c[1])};
#else
    return a * b + c;
#endif
  }
  static V root(V a) { return V{__builtin_sqrt(a[0]), __builtin_sqrt(a[1])}; }
};

template <class Isa>
struct Lanes {
  using V = typename Isa::V;
  static constexpr size_t W = Isa::Lanes;

  static V splat(double x) { return x - V{}; }
  static V load(const double* at) {
    V v;
    __builtin_memcpy(&v, at, sizeof(V));
    return v;
  }
  static void store(V v, double* at) { __builtin_memcpy(at, &v, sizeof(V)); }
  static V larger(V a, V b) { return a > b ? a : b; }
  static V magnitude(V a) { return larger(a, -a); }
  // c - a * b
  static V minus(V a, V b, V c) { return Isa::fma(-a, b, c); }

  // Four reciprocals for one division: each to two units in the last place. All are >= 1, and their
  // product must be finite.
  static void reciprocals(V a, V b, V c, V d, V* out) {
    const V ab = a * b;
    const V cd = c * d;
    const V all = 1.0 / (ab * cd);
    const V of_ab = all * cd;
    const V of_cd = all * ab;
    out[0] = of_ab * b;
    out[1] = of_ab * a;
    out[2] = of_cd * d;
    out[3] = of_cd * c;
  }

  // rows[i][j] becomes rows[j][i]: W registers, by the butterfly.
  static void transpose(V* rows) {
    if constexpr (W == 2) {
      const V a = rows[0], b = rows[1];
      rows[0] = __builtin_shufflevector(a, b, 0, 2);
      rows[1] = __builtin_shufflevector(a, b, 1, 3);
    } else if constexpr (W == 4) {
      V t[4];
      for (size_t i = 0; i < 4; i += 2) {
        t[i] = __builtin_shufflevector(rows[i], rows[i + 1], 0, 4, 2, 6);
        t[i + 1] = __builtin_shufflevector(rows[i], rows[i + 1], 1, 5, 3, 7);
      }
      for (size_t i = 0; i < 2; ++i) {
        rows[i] = __builtin_shufflevector(t[i], t[i + 2], 0, 1, 4, 5);
        rows[i + 2] = __builtin_shufflevector(t[i], t[i + 2], 2, 3, 6, 7);
      }
    } else {
      static_assert(W == 8);
      V t[8], u[8];
      for (size_t i = 0; i < 8; i += 2) {
        t[i] = __builtin_shufflevector(rows[i], rows[i + 1], 0, 8, 2, 10, 4, 12, 6, 14);
        t[i + 1] = __builtin_shufflevector(rows[i], rows[i + 1], 1, 9, 3, 11, 5, 13, 7, 15);
      }
      for (size_t i = 0; i < 8; i += 4) {
        for (size_t k = 0; k < 2; ++k) {
          const V a = t[i + k], b = t[i + k + 2];
          u[i + k] = __builtin_shufflevector(a, b, 0, 1, 8, 9, 4, 5, 12, 13);
          u[i + k + 2] = __builtin_shufflevector(a, b, 2, 3, 10, 11, 6, 7, 14, 15);
        }
      }
      for (size_t i = 0; i < 4; ++i) {
        rows[i] = __builtin_shufflevector(u[i], u[i + 4], 0, 1, 2, 3, 8, 9, 10, 11);
        rows[i + 4] = __builtin_shufflevector(u[i], u[i + 4], 4, 5, 6, 7, 12, 13, 14, 15);
      }
    }
  }
};

}  // namespace twin::infer::letkf
