// A symmetric matrix made tridiagonal by Householder reflections (Golub, Van Loan, "Matrix
// Computations", 8.3.1), as many matrices at once as a register has lanes. The pending update of
// rank 2 and the product with the next reflector share one pass over the matrix.
//
// All sums run in an order that the matrix's size fixes, and rows of zeros at its end change no bit
// of what comes before: so a domain's answer does not depend on the larger ones it is batched with.
#pragma once
#include <stddef.h>

#include "twin/infer/letkf/lanes.hpp"

namespace twin::infer::letkf {

// T = Q^T A Q with Q = H_0 H_1 ... and H_j = I - tau_j v_j v_j^T. v_j stands in column j of the
// matrix below its diagonal.
template <class Isa>
struct Tridiagonal {
  using V = typename Isa::V;
  using L = Lanes<Isa>;

  size_t size = 0;        // m
  size_t ld = 0;          // [V] from column to column
  V* matrix = nullptr;    // [column][row]: the lower triangle of A
  V* diagonal = nullptr;  // [m] of T
  V* beside = nullptr;    // [m] of T: beside[i] stands between i and i + 1; beside[m - 1] = 0
  V* tau = nullptr;       // [m]
  V* work = nullptr;      // [3 m]

  [[gnu::noinline]] void reduce() const;
  // q := Q^T q for `count` vectors, one after the other in memory: [count][m].
  void into(V* q, size_t count) const;
  // q := Q q for one vector.
  [[gnu::noinline]] void back(V* q) const;

 private:
  struct Pending {
    const V *v, *w;  // the matrix still lacks - v w^T - w v^T
  };

  [[gnu::always_inline]] static V sum4(const V* s) { return (s[0] + s[1]) + (s[2] + s[3]); }

  // Sum of a[i] b[i] for i in [first, size), by four chains.
  [[gnu::always_inline]] V dot(const V* a, const V* b, size_t first) const {
    V s[4] = {};
    size_t i = first;
    for (; i + 4 <= size; i += 4) {
      for (size_t k = 0; k < 4; ++k) s[k] = Isa::fma(a[i + k], b[i + k], s[k]);
    }
    for (size_t k = 0; i < size; ++i, ++k) s[k] = Isa::fma(a[i], b[i], s[k]);
    return sum4(s);
  }

  // Brings `Columns` columns from c on up to date and adds their part of A v to y.
  template <size_t Columns>
  [[gnu::always_inline]] void pass(size_t c, Pending old, const V* v, V* y) const {
    V* a[Columns];
    V vc[Columns], wc[Columns], nc[Columns], sum[Columns];
    for (size_t k = 0; k < Columns; ++k) {
      a[k] = matrix + (c + k) * ld;
      vc[k] = old.v[c + k];
      wc[k] = old.w[c + k];
      nc[k] = v[c + k];
      sum[k] = y[c + k];
    }
    for (size_t k = 0; k < Columns; ++k) {
      for (size_t i = k; i < Columns; ++i) {
        V x = a[k][c + i];
        x = L::minus(vc[i], wc[k], x);
        x = L::minus(wc[i], vc[k], x);
        a[k][c + i] = x;
        sum[k] = Isa::fma(x, nc[i], sum[k]);
        if (i != k) sum[i] = Isa::fma(x, nc[k], sum[i]);
      }
    }
    for (size_t r = c + Columns; r < size; ++r) {
      const V vr = old.v[r], wr = old.w[r], nr = v[r];
      V yr = y[r];
      for (size_t k = 0; k < Columns; ++k) {
        V x = a[k][r];
        x = L::minus(vr, wc[k], x);
        x = L::minus(wr, vc[k], x);
        a[k][r] = x;
        sum[k] = Isa::fma(x, nr, sum[k]);
        yr = Isa::fma(x, nc[k], yr);
      }
      y[r] = yr;
    }
    for (size_t k = 0; k < Columns; ++k) y[c + k] = sum[k];
  }

  // One column, with nothing to multiply by.
  void update(size_t c, Pending old) const {
    V* a = matrix + c * ld;
    for (size_t r = c; r < size; ++r) {
      V x = a[r];
      x = L::minus(old.v[r], old.w[c], x);
      a[r] = L::minus(old.w[r], old.v[c], x);
    }
  }
};

template <class Isa>
void Tridiagonal<Isa>::reduce() const {
  V* w = work;
  V* y = work + size;
  V* none = work + 2 * size;
  for (size_t i = 0; i < size; ++i) w[i] = none[i] = tau[i] = beside[i] = V{};
  Pending old = {none, none};
  for (size_t j = 0; j < size; ++j) {
    update(j, old);
    V* v = matrix + j * ld;
    diagonal[j] = v[j];
    if (j + 1 == size) break;
    if (j + 2 == size) {
      beside[j] = v[j + 1];
      // The last entry still lacks the update: the next turn brings it.
      v[j + 1] = V{};
      continue;
    }
    const V first = v[j + 1];
    const V rest = dot(v, v, j + 2);
    const V norm = Isa::root(Isa::fma(first, first, rest));
    const V away = norm + L::magnitude(first);  // no cancellation
    const auto some = rest > 0.0;
    beside[j] = some ? (first > 0.0 ? -norm : norm) : first;
    tau[j] = some ? 1.0 / (norm * away) : V{};
    v[j + 1] = some ? (first > 0.0 ? away : -away) : V{};
    for (size_t r = j + 1; r < size; ++r) y[r] = V{};
    size_t c = j + 1;
    for (; c + Isa::Columns <= size; c += Isa::Columns) pass<Isa::Columns>(c, old, v, y);
    for (; c < size; ++c) pass<1>(c, old, v, y);
    const V share = 0.5 * tau[j] * tau[j] * dot(y, v, j + 1);
    for (size_t r = j + 1; r < size; ++r) w[r] = L::minus(share, v[r], tau[j] * y[r]);
    old = {v, w};
  }
}

template <class Isa>
void Tridiagonal<Isa>::into(V* q, size_t count) const {
  for (size_t j = 0; j + 2 < size; ++j) {
    const V* v = matrix + j * ld;
    size_t k = 0;
    for (; k + 2 <= count; k += 2) {  // two at once, each summed as one alone
      V* a = q + k * size;
      V* b = a + size;
      const V of_a = tau[j] * dot(v, a, j + 1);
      const V of_b = tau[j] * dot(v, b, j + 1);
      for (size_t i = j + 1; i < size; ++i) {
        a[i] = L::minus(of_a, v[i], a[i]);
        b[i] = L::minus(of_b, v[i], b[i]);
      }
    }
    for (; k < count; ++k) {
      V* a = q + k * size;
      const V of_a = tau[j] * dot(v, a, j + 1);
      for (size_t i = j + 1; i < size; ++i) a[i] = L::minus(of_a, v[i], a[i]);
    }
  }
}

template <class Isa>
void Tridiagonal<Isa>::back(V* q) const {
  for (size_t j = size < 2 ? 0 : size - 2; j-- > 0;) {
    const V* v = matrix + j * ld;
    const V of = tau[j] * dot(v, q, j + 1);
    for (size_t i = j + 1; i < size; ++i) q[i] = L::minus(of, v[i], q[i]);
  }
}

}  // namespace twin::infer::letkf
