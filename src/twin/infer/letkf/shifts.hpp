// The inverse root of I + T, T tridiagonal, as a sum over shifted systems: sum_k c_k (T + 1 + s_k)^-1
// (Hale, Higham, Trefethen 2008, method 3; see rational_root.hpp). Four shifts run side by side: their
// recurrences are long chains of dependent operations.
#pragma once
#include <stddef.h>

#include "twin/infer/letkf/kernel.hpp"
#include "twin/infer/letkf/lanes.hpp"

namespace twin::infer::letkf {

inline constexpr size_t ShiftGroup = 4;

// What becomes of q. InverseRoot: (I + T)^-1/2 q. Correction: ((I + T)^-1/2 - I) T^-1 q, with which
// I + S^T g(S S^T) S is the inverse root of I + S^T S.
enum class Root : unsigned char { InverseRoot, Correction };

template <class Isa>
struct Shifts {
  using V = typename Isa::V;
  using L = Lanes<Isa>;

  size_t size = 0;              // m
  const V* diagonal = nullptr;  // [m] of T
  const V* beside = nullptr;    // [m] of T
  V* work = nullptr;            // [work_vectors(m, terms)]

  static constexpr size_t work_vectors(size_t m, size_t terms) {
    return 3 * ShiftGroup * m + m + 2 * (terms + 2 * ShiftGroup);
  }

  // Chooses each lane's terms by Gershgorin's bound on its spectrum. Shift 0 comes first, with
  // weight 0: it serves the mean. Returns the lanes (bit by bit) that no level serves.
  uint32_t choose(const RootNodes& nodes, Root root);

  // out_j := f(T) q_j and product_j := q_j^T (I + T)^-1 b for `count` vectors; q, out: [count][m],
  // not the same place. pivots and solved, unless null: [m] 1 / d_i and L^-1 b of I + T = L D L^T.
  [[gnu::noinline]] void apply(const V* b, const V* q, size_t count, V* out, V* product, V* pivots,
                               V* solved) const;

 private:
  V* lower_ = nullptr;       // [i][shift] l_i of L: e_i / d_i
  V* reciprocal_ = nullptr;  // [i][shift] 1 / d_i
  V* scaled_ = nullptr;      // [i][shift] of the right-hand side at work
  V* mean_ = nullptr;        // [i] L^-1 b, shift 0
  V* shift_ = nullptr;       // [shift] 1 + s
  V* weight_ = nullptr;      // [shift]
  size_t groups_ = 0;

  void factor(const V* shift) const;
};

template <class Isa>
uint32_t Shifts<Isa>::choose(const RootNodes& nodes, Root root) {
  lower_ = work;
  reciprocal_ = lower_ + ShiftGroup * size;
  scaled_ = reciprocal_ + ShiftGroup * size;
  mean_ = scaled_ + ShiftGroup * size;
  shift_ = mean_ + size;
  weight_ = shift_ + nodes.terms + 2 * ShiftGroup;

  V bound = L::splat(1.0);
  V before = V{}, odd = V{};
  for (size_t i = 0; i < size; ++i) {
    const V after = L::magnitude(beside[i]);
    bound = L::larger(bound, 1.0 + (diagonal[i] + (before + after)));
    before = after;
    odd += 0.0 * (diagonal[i] + after);  // a maximum would forget what is no number
  }
  bound += odd;
  size_t level[L::W];
  size_t most = 0;
  uint32_t refused = 0;
  for (size_t lane = 0; lane < L::W; ++lane) {
    size_t l = 1;
    // A bound that is no number fails every comparison and is refused as well.
    for (double end = 2.0; l <= nodes.levels && !(bound[lane] <= end); end *= 2.0) ++l;
    if (l > nodes.levels) {
      refused |= 1U << lane;
      l = 1;
    }
    level[lane] = l;
    if (nodes.counts[l] > most) most = nodes.counts[l];
  }
  groups_ = (1 + most + ShiftGroup - 1) / ShiftGroup;
  for (size_t k = 0; k < groups_ * ShiftGroup; ++k) {
    V s = L::splat(1.0), c = V{};
    for (size_t lane = 0; lane < L::W; ++lane) {
      if (k == 0 || k > nodes.counts[level[lane]]) continue;
      const size_t at = level[lane] * nodes.terms + k - 1;
      s[lane] = 1.0 + nodes.shifts[at];
      c[lane] = nodes.weights[at];
    }
    shift_[k] = s;
    weight_[k] = root == Root::InverseRoot ? c : -c / s;
  }
  return refused;
}

template <class Isa>
void Shifts<Isa>::factor(const V* shift) const {
  V d[ShiftGroup], r[ShiftGroup], l[ShiftGroup];
  V e = V{};
  for (size_t k = 0; k < ShiftGroup; ++k) l[k] = V{};
  for (size_t i = 0; i < size; ++i) {
    for (size_t k = 0; k < ShiftGroup; ++k) d[k] = L::minus(e, l[k], diagonal[i] + shift[k]);
    L::reciprocals(d[0], d[1], d[2], d[3], r);
    e = beside[i];
    for (size_t k = 0; k < ShiftGroup; ++k) {
      l[k] = e * r[k];
      reciprocal_[i * ShiftGroup + k] = r[k];
      lower_[i * ShiftGroup + k] = l[k];
    }
  }
}

template <class Isa>
void Shifts<Isa>::apply(const V* b, const V* q, size_t count, V* out, V* product, V* pivots,
                        V* solved) const {
  for (size_t group = 0; group < groups_; ++group) {
    factor(shift_ + group * ShiftGroup);
    if (group == 0) {
      V y = V{};
      for (size_t i = 0; i < size; ++i) {
        y = i == 0 ? b[0] : L::minus(lower_[(i - 1) * ShiftGroup], y, b[i]);
        mean_[i] = y;
        if (pivots != nullptr) pivots[i] = reciprocal_[i * ShiftGroup];
        if (solved != nullptr) solved[i] = y;
      }
    }
    const V* c = weight_ + group * ShiftGroup;
    for (size_t j = 0; j < count; ++j) {
      const V* right = q + j * size;
      V* sum = out + j * size;
      V y[ShiftGroup];
      for (size_t k = 0; k < ShiftGroup; ++k) y[k] = V{};
      for (size_t i = 0; i < size; ++i) {
        for (size_t k = 0; k < ShiftGroup; ++k) {
          const V l = i == 0 ? V{} : lower_[(i - 1) * ShiftGroup + k];
          y[k] = L::minus(l, y[k], right[i]);
          scaled_[i * ShiftGroup + k] = y[k] * reciprocal_[i * ShiftGroup + k];
        }
      }
      if (group == 0) {
        V p[2] = {};
        for (size_t i = 0; i < size; ++i) {
          p[i & 1] = Isa::fma(mean_[i], scaled_[i * ShiftGroup], p[i & 1]);
        }
        product[j] = p[0] + p[1];
      }
      V z[ShiftGroup];
      for (size_t k = 0; k < ShiftGroup; ++k) z[k] = V{};
      for (size_t i = size; i-- > 0;) {
        V total = group == 0 ? V{} : sum[i];
        for (size_t k = 0; k < ShiftGroup; ++k) {
          z[k] = L::minus(lower_[i * ShiftGroup + k], z[k], scaled_[i * ShiftGroup + k]);
          total = Isa::fma(c[k], z[k], total);
        }
        sum[i] = total;
      }
    }
  }
}

}  // namespace twin::infer::letkf
