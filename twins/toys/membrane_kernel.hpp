// The elimination itself, for as many sets of coefficients at once as an instruction works on. Each set sees the same
// operations in the same order whatever the width, so its numbers are the same bits.
#pragma once
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "twins/toys/membrane_plan.hpp"

namespace twins::toys::membrane {

// One number of each of so many sets. Spelled out, as GCC 12 forgets the size of a vector that depends on a
// parameter.
template <int Sets>
struct LanesOf;
template <>
struct LanesOf<1> {  // whose rows become vectors instead
  using V = double;
};
template <>
struct LanesOf<2> {
  using V [[gnu::vector_size(16)]] = double;
};
template <>
struct LanesOf<4> {
  using V [[gnu::vector_size(32)]] = double;
};
template <>
struct LanesOf<8> {
  using V [[gnu::vector_size(64)]] = double;
};
template <int Sets>
using Lanes = typename LanesOf<Sets>::V;

// All memory that a solution needs, in numbers of Lanes.
struct MembraneWork {
  std::size_t lower, inverse_pivot, kept, pivot_rows, load, deflection, local, total;
};
inline MembraneWork membrane_work(const MembranePlan& p) {
  MembraneWork w{};
  std::size_t at = 0;
  const auto take = [&at](std::size_t count) { return at += count, at - count; };
  w.lower = take(p.lower);
  w.inverse_pivot = take(Nodes * Nodes);  // by node
  w.kept = take(p.kept);
  w.pivot_rows = take(p.largest_columns);
  w.load = take(Nodes * Nodes);
  w.deflection = take(Nodes * Nodes);
  w.local = take(p.largest);
  w.total = at;
  return w;
}

// The entries of a front: what its parts leave, added.
template <bool OfBlocks, class V>
struct Entries {
  const MembraneSource* source;
  const double* leaf;
  const V* kept;
  V first, second;  // coefficients of the blocks
  // By reference: how vectors are returned depends on the instructions.
  [[gnu::always_inline]] void put(std::size_t e, V& to) const {
    const MembraneSource& s = source[e];
    if constexpr (OfBlocks)
      to = first * leaf[s.first] + second * leaf[s.second];
    else
      to = kept[s.first] + kept[s.second];
  }
};

// x[i] less the product of columns of L and c, whose numbers are so far apart, in the columns' order; i from 0.
template <class V>
[[gnu::always_inline]] inline void subtract(const V* __restrict l, const V* __restrict c,
                                            std::size_t columns, std::size_t n, std::size_t apart,
                                            std::size_t count, V* __restrict x) {
  std::size_t r = 0;
  for (; r + 4 <= columns; r += 4) {
    const V c0 = c[r * apart], c1 = c[(r + 1) * apart], c2 = c[(r + 2) * apart],
            c3 = c[(r + 3) * apart];
    const V *l0 = l + r * n, *l1 = l0 + n, *l2 = l1 + n, *l3 = l2 + n;
    for (std::size_t i = 0; i < count; ++i)
      x[i] = (((x[i] - l0[i] * c0) - l1[i] * c1) - l2[i] * c2) - l3[i] * c3;
  }
  for (; r < columns; ++r) {
    const V one = c[r * apart];
    for (std::size_t i = 0; i < count; ++i) x[i] -= l[r * n + i] * one;
  }
}

// A tile of what stays, in registers: less the product of all columns of L and their rows. Entries of it that are
// above the diagonal are worked out in vain; a whole one has none.
template <std::size_t Rows, std::size_t Columns, bool Whole, class E, class V>
[[gnu::always_inline]] inline void tile(const E& entries, const V* l, const V* rows, std::size_t n,
                                        std::size_t gone, std::size_t i, std::size_t j, V* out) {
  V x[Rows][Columns] = {};
  const auto is_below = [&](std::size_t r, std::size_t c) { return Whole || j + c <= i + r; };
  const auto place = [&](std::size_t r, std::size_t c) {
    return in_lower_half(i + r - gone, j + c - gone);
  };
  for (std::size_t r = 0; r < Rows; ++r)
    for (std::size_t c = 0; c < Columns; ++c)
      if (is_below(r, c)) entries.put(place(r, c), x[r][c]);
  const V* left = l + i;
  const V* up = rows + j;
  for (std::size_t q = 0; q < gone; ++q, left += n, up += n)
    for (std::size_t r = 0; r < Rows; ++r)
      for (std::size_t c = 0; c < Columns; ++c) x[r][c] -= left[r] * up[c];
  for (std::size_t r = 0; r < Rows; ++r)
    for (std::size_t c = 0; c < Columns; ++c)
      if (is_below(r, c)) out[place(r, c)] = x[r][c];
}

template <std::size_t Rows, class E, class V>
[[gnu::always_inline]] inline void tiles(const E& entries, const V* l, const V* rows, std::size_t n,
                                         std::size_t gone, std::size_t i, V* out) {
  std::size_t j = gone;
  for (; j + 1 <= i; j += 2) tile<Rows, 2, true>(entries, l, rows, n, gone, i, j, out);
  for (; j + 1 < i + Rows; j += 2) tile<Rows, 2, false>(entries, l, rows, n, gone, i, j, out);
  if (j < i + Rows) tile<Rows, 1, false>(entries, l, rows, n, gone, i, j, out);
}

// L D L' of the first columns of a front, and what that leaves of the rest. Each entry is what its parts leave, less
// a product for each column in turn, whatever the order of entries.
template <bool OfBlocks, class V>
[[gnu::always_inline]] inline void eliminate(const MembranePlan& p, const MembraneFront& f,
                                             const V* a, V* kept, V* rows, V* lower,
                                             V* inverse_pivot) {
  const std::size_t n = f.nodes, gone = f.gone;
  Entries<OfBlocks, V> entries{p.source.data() + f.source, p.leaf.data(), kept, V{}, V{}};
  if constexpr (OfBlocks) {
    entries.first = a[-1 - f.part[0]];
    entries.second = a[-1 - f.part[1]];
  }
  V* l = lower + f.lower;
  for (std::size_t k = 0; k < gone; ++k) {
    V* row = rows + k * n;
    for (std::size_t i = k; i < n; ++i) entries.put(i - k, row[i]);
    entries.source += n - k;
    subtract(l + k, rows + k, k, n, n, n - k, row + k);
    const V inverse = 1.0 / row[k];
    inverse_pivot[p.node[f.first + k]] = inverse;
    for (std::size_t i = k + 1; i < n; ++i) l[k * n + i] = row[i] * inverse;
  }
  V* out = kept + f.kept;
  if constexpr (std::is_same_v<V, double>) {  // rows are vectors
    for (std::size_t i = gone; i < n; ++i) {
      V* to = out + in_lower_half(i - gone, 0);
      const std::size_t count = i - gone + 1;
      for (std::size_t j = 0; j < count; ++j) entries.put(j, to[j]);
      entries.source += count;
      subtract(rows + gone, l + i, gone, n, n, count, to);
    }
  } else {
    std::size_t i = gone;
    for (; i + 4 <= n; i += 4) tiles<4>(entries, l, rows, n, gone, i, out);
    for (; i + 2 <= n; i += 2) tiles<2>(entries, l, rows, n, gone, i, out);
    if (i < n) tiles<1>(entries, l, rows, n, gone, i, out);
  }
}

// Loads [node] that stand within blocks, as the blocks' edges feel them.
template <class V>
[[gnu::always_inline]] inline void condense(const MembranePlan& p, V* load) {
  for (const MembraneBlock& b : p.blocks) {
    V felt[EdgeNodes];
    for (std::size_t e = 0; e < b.nodes; ++e) felt[e] = load[b.node[e]];
    for (std::size_t i = 0; i < InnerNodes; ++i) {
      const V inner = load[b.inner[i]];
      for (std::size_t e = 0; e < b.nodes; ++e) felt[e] += inner * p.follow[i][b.edge[e]];
    }
    for (std::size_t e = 0; e < b.nodes; ++e) load[b.node[e]] = felt[e];
  }
}

// L^-1 of loads [node], a front's share.
template <class V>
[[gnu::always_inline]] inline void go_up(const MembranePlan& p, const MembraneFront& f,
                                         const V* lower, V* load, V* local) {
  const std::size_t n = f.nodes;
  const std::uint16_t* node = p.node.data() + f.first;
  const V* l = lower + f.lower;
  for (std::size_t i = 0; i < n; ++i) local[i] = load[node[i]];
  std::size_t k = 0;
  for (; k + 4 <= f.gone; k += 4) {
    for (std::size_t q = 0; q < 3; ++q)
      for (std::size_t i = k + q + 1; i < k + 4; ++i) local[i] -= l[(k + q) * n + i] * local[k + q];
    subtract(l + k * n + k + 4, local + k, 4, n, 1, n - k - 4, local + k + 4);
  }
  for (; k < f.gone; ++k) subtract(l + k * n + k + 1, local + k, 1, n, 1, n - k - 1, local + k + 1);
  for (std::size_t i = 0; i < n; ++i) load[node[i]] = local[i];
}

// L D L' of all, and L^-1 of the loads on the way, while each front's part of L is at hand.
template <class V>
[[gnu::always_inline]] inline void factor(const MembranePlan& p, const V* a, V* work) {
  const MembraneWork w = membrane_work(p);
  work[w.kept] = V{} + 0.0;
  for (const MembraneFront& f : p.fronts) {
    if (f.part[0] < 0)
      eliminate<true>(p, f, a, work + w.kept, work + w.pivot_rows, work + w.lower,
                      work + w.inverse_pivot);
    else
      eliminate<false>(p, f, a, work + w.kept, work + w.pivot_rows, work + w.lower,
                       work + w.inverse_pivot);
    go_up(p, f, work + w.lower, work + w.load, work + w.local);
  }
}

// The deflections of edges [node] from what go_up() makes of the loads; both 0 where the membrane is held.
template <class V>
[[gnu::always_inline]] inline void go_down(const MembranePlan& p, const V* load, V* deflection,
                                           V* work) {
  const MembraneWork w = membrane_work(p);
  const V* lower = work + w.lower;
  const V* inverse_pivot = work + w.inverse_pivot;
  V* local = work + w.local;
  for (std::size_t at = p.fronts.size(); at-- > 0;) {
    const MembraneFront& f = p.fronts[at];
    const std::size_t n = f.nodes;
    const std::uint16_t* node = p.node.data() + f.first;
    const V* l = lower + f.lower;
    for (std::size_t i = f.gone; i < n; ++i) local[i] = deflection[node[i]];
    for (std::size_t k = f.gone; k-- > 0;) {
      // Four sums side by side: none waits for another.
      V sum[4] = {load[node[k]] * inverse_pivot[node[k]], V{}, V{}, V{}};
      std::size_t i = k + 1;
      for (; i + 4 <= n; i += 4)
        for (std::size_t q = 0; q < 4; ++q) sum[q] -= l[k * n + i + q] * local[i + q];
      for (; i < n; ++i) sum[0] -= l[k * n + i] * local[i];
      local[k] = (sum[0] + sum[1]) + (sum[2] + sum[3]);
      deflection[node[k]] = local[k];
    }
  }
}

// What follows the edges: inner nodes, which have deflections of their own already.
template <class V>
[[gnu::always_inline]] inline void follow_edges(const MembranePlan& p, V* deflection) {
  for (const MembraneBlock& b : p.blocks) {
    V sum[InnerNodes];
    for (std::size_t i = 0; i < InnerNodes; ++i) sum[i] = deflection[b.inner[i]];
    for (std::size_t e = 0; e < b.nodes; ++e) {
      const V edge = deflection[b.node[e]];
      for (std::size_t i = 0; i < InnerNodes; ++i) sum[i] += edge * p.follow[i][b.edge[e]];
    }
    for (std::size_t i = 0; i < InnerNodes; ++i) deflection[b.inner[i]] = sum[i];
  }
}

template <class V>
[[gnu::always_inline]] inline void see(const MembranePlan& p, const V* deflection, V* seen) {
  for (std::size_t k = 0; k < p.points.size(); ++k) {
    const MembranePoint& m = p.points[k];
    seen[k] = (deflection[m.node[0]] * m.weight[0] + deflection[m.node[1]] * m.weight[1]) +
              (deflection[m.node[2]] * m.weight[2] + deflection[m.node[3]] * m.weight[3]);
  }
}

// Factors, and solves for the load of the benchmark. seen: [point]; null: not wanted.
template <class V>
[[gnu::always_inline]] inline void deflect(const MembranePlan& p, const V* a, V* seen, V* work) {
  const MembraneWork w = membrane_work(p);
  V* load = work + w.load;
  V* deflection = work + w.deflection;
  for (std::size_t k = 0; k < Nodes * Nodes; ++k) {
    load[k] = V{} + p.loaded[k];
    deflection[k] = V{} + 0.0;
  }
  factor(p, a, work);
  go_down(p, load, deflection, work);
  for (std::size_t number = 0; number < p.blocks.size(); ++number) {
    const V inverse = 1.0 / a[number];
    for (std::size_t i = 0; i < InnerNodes; ++i)
      deflection[p.blocks[number].inner[i]] = inverse * p.sagging[i];
  }
  follow_edges(p, deflection);
  see(p, deflection, seen);
}

// After deflect(): how the sum of weight[point] x seen[point] changes with the logarithm of each coefficient: minus
// lambda' (dA / d log a) u with A lambda = sum of weight x what sees it. slope: [coefficient]
template <class V>
[[gnu::always_inline]] inline void slopes(const MembranePlan& p, const V* a, const V* weight,
                                          V* slope, V* adjoint, V* work) {
  const MembraneWork w = membrane_work(p);
  V* load = work + w.load;
  const V* deflection = work + w.deflection;
  for (std::size_t k = 0; k < Nodes * Nodes; ++k) {
    load[k] = V{} + 0.0;
    adjoint[k] = V{} + 0.0;
  }
  for (std::size_t k = 0; k < p.points.size(); ++k)
    for (std::size_t c = 0; c < 4; ++c)
      load[p.points[k].node[c]] += weight[k] * p.points[k].weight[c];
  for (std::size_t number = 0; number < p.blocks.size(); ++number) {
    const MembraneBlock& b = p.blocks[number];
    const V inverse = 1.0 / a[number];
    for (std::size_t i = 0; i < InnerNodes; ++i) {
      V sum = V{} + 0.0;
      for (std::size_t j = 0; j < InnerNodes; ++j) sum += load[b.inner[j]] * p.inverse[i][j];
      adjoint[b.inner[i]] = sum * inverse;
    }
  }
  condense(p, load);
  for (const MembraneFront& f : p.fronts) go_up(p, f, work + w.lower, load, work + w.local);
  go_down(p, load, adjoint, work);
  follow_edges(p, adjoint);
  for (std::size_t number = 0; number < p.blocks.size(); ++number) {
    const std::size_t origin =
        (number % Blocks) * BlockCells + Nodes * BlockCells * (number / Blocks);
    V sum = V{} + 0.0;
    for (std::size_t i = 0; i < 25; ++i) {
      V row = V{} + 0.0;
      for (std::size_t j = 0; j < 25; ++j)
        row += deflection[origin + j % 5 + Nodes * (j / 5)] * p.stiffness[i][j];
      sum += row * adjoint[origin + i % 5 + Nodes * (i / 5)];
    }
    slope[number] = -a[number] * sum;
  }
}

}  // namespace twins::toys::membrane
