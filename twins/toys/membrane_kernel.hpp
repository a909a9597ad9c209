// The elimination itself, for as many sets of coefficients at once as an instruction works on. Each set sees the same
// operations in the same order whatever the width, so its numbers are the same bits.
#pragma once
#include <cstddef>
#include <cstdint>

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
  std::size_t lower, inverse_pivot, kept, front, pivot_rows, load, deflection, local, total;
};
constexpr std::size_t PanelMax = 4;  // columns that are eliminated at a time

inline MembraneWork membrane_work(const MembranePlan& p) {
  MembraneWork w{};
  std::size_t at = 0;
  const auto take = [&at](std::size_t count) { return at += count, at - count; };
  w.lower = take(p.lower);
  w.inverse_pivot = take(Nodes * Nodes);  // by node
  w.kept = take(p.kept);
  w.front = take(in_lower_half(p.largest, 0));
  w.pivot_rows = take(PanelMax * p.largest);
  w.load = take(Nodes * Nodes);
  w.deflection = take(Nodes * Nodes);
  w.local = take(p.largest);
  w.total = at;
  return w;
}

// The lower half of a front is made of what its parts leave.
template <class V>
[[gnu::always_inline]] inline void assemble(const MembranePlan& p, const MembraneFront& f,
                                            const V* a, const V* kept, V* front) {
  const std::size_t n = f.nodes;
  for (std::size_t k = 0; k < in_lower_half(n, 0); ++k) front[k] = V{} + 0.0;
  for (std::size_t s = 0; s < 2; ++s) {
    const std::uint16_t* to = p.place.data() + f.to[s];
    if (f.part[s] < 0) {
      const auto number = static_cast<std::size_t>(-1 - f.part[s]);
      const MembraneBlock& block = p.blocks[number];
      const double* from = p.leaf.data() + block.condensed;
      const std::size_t count = std::size_t{block.nodes} * (block.nodes + 1U) / 2;
      const V factor = a[number];
      for (std::size_t q = 0; q < count; ++q) front[to[q]] += factor * from[q];
    } else {
      const V* from = kept + p.fronts[static_cast<std::size_t>(f.part[s])].kept;
      const std::size_t count = std::size_t{f.size[s]} * (f.size[s] + 1U) / 2;
      for (std::size_t k = 0; k < count; ++k) front[to[k]] += from[k];
    }
  }
}

// The lower half of a front from a row on, less the product of some columns of L and rows: two rows of the front at a
// time, which share what they read of the rows.
template <std::size_t Width, class V>
[[gnu::always_inline]] inline void subtract(const V* __restrict columns, const V* __restrict rows,
                                            std::size_t n, std::size_t from, V* __restrict front) {
  const auto less = [&](const V(&factor)[Width], std::size_t j, V& of) {
    V sum = factor[0] * rows[j];
    for (std::size_t q = 1; q < Width; ++q) sum += factor[q] * rows[q * n + j];
    of -= sum;
  };
  std::size_t i = from;
  for (; i + 1 < n; i += 2) {
    V upper[Width], lower[Width];
    for (std::size_t q = 0; q < Width; ++q) {
      upper[q] = columns[q * n + i];
      lower[q] = columns[q * n + i + 1];
    }
    V* const to = front + in_lower_half(i, 0);
    V* const next = to + i + 1;
    for (std::size_t j = from; j <= i; ++j) {
      less(upper, j, to[j]);
      less(lower, j, next[j]);
    }
    less(lower, i + 1, next[i + 1]);
  }
  if (i < n) {
    V last[Width];
    for (std::size_t q = 0; q < Width; ++q) last[q] = columns[q * n + i];
    for (std::size_t j = from; j <= i; ++j) less(last, j, front[in_lower_half(i, j)]);
  }
}

// L D L' of the first columns of a front, a few at a time, and what that leaves of the rest.
template <class V>
[[gnu::always_inline]] inline void eliminate(const MembranePlan& p, const MembraneFront& f,
                                             V* front, V* rows, V* lower, V* inverse_pivot,
                                             V* kept) {
  const std::size_t n = f.nodes, gone = f.gone;
  V* l = lower + f.lower;
  for (std::size_t k0 = 0; k0 < gone; k0 += PanelMax) {
    const std::size_t width = gone - k0 < PanelMax ? gone - k0 : PanelMax;
    for (std::size_t q = 0; q < width; ++q) {
      const std::size_t k = k0 + q;
      const V inverse = 1.0 / front[in_lower_half(k, k)];
      inverse_pivot[p.node[f.first + k]] = inverse;
      V* row = rows + q * n;
      for (std::size_t i = k + 1; i < n; ++i) {
        V sum = front[in_lower_half(i, k)];
        for (std::size_t r = 0; r < q; ++r) sum -= l[(k0 + r) * n + i] * rows[r * n + k];
        row[i] = sum;
        l[k * n + i] = sum * inverse;
      }
      // The pivot of the next column of the panel is wanted before the rest is brought up to date.
      if (q + 1 < width) {
        V next = front[in_lower_half(k + 1, k + 1)];
        for (std::size_t r = 0; r <= q; ++r) next -= l[(k0 + r) * n + k + 1] * rows[r * n + k + 1];
        front[in_lower_half(k + 1, k + 1)] = next;
      }
    }
    const V* columns = l + k0 * n;
    switch (width) {
      case 1: subtract<1>(columns, rows, n, k0 + 1, front); break;
      case 2: subtract<2>(columns, rows, n, k0 + 2, front); break;
      case 3: subtract<3>(columns, rows, n, k0 + 3, front); break;
      default: subtract<PanelMax>(columns, rows, n, k0 + PanelMax, front); break;
    }
  }
  V* out = kept + f.kept;
  for (std::size_t i = gone; i < n; ++i)
    for (std::size_t j = gone; j <= i; ++j) *out++ = front[in_lower_half(i, j)];
}

template <class V>
[[gnu::always_inline]] inline void factor(const MembranePlan& p, const V* a, V* work) {
  const MembraneWork w = membrane_work(p);
  for (const MembraneFront& f : p.fronts) {
    assemble(p, f, a, work + w.kept, work + w.front);
    eliminate(p, f, work + w.front, work + w.pivot_rows, work + w.lower, work + w.inverse_pivot,
              work + w.kept);
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

// The deflections of edges [node] under loads [node] that stand on edges, which are used up; both 0 where the
// membrane is held.
template <class V>
[[gnu::always_inline]] inline void solve_edges(const MembranePlan& p, V* load, V* deflection,
                                               V* work) {
  const MembraneWork w = membrane_work(p);
  const V* lower = work + w.lower;
  const V* inverse_pivot = work + w.inverse_pivot;
  V* local = work + w.local;
  for (const MembraneFront& f : p.fronts) {
    const std::size_t n = f.nodes;
    const std::uint16_t* node = p.node.data() + f.first;
    const V* l = lower + f.lower;
    for (std::size_t i = 0; i < n; ++i) local[i] = load[node[i]];
    for (std::size_t k = 0; k < f.gone; ++k) {
      const V now = local[k];
      for (std::size_t i = k + 1; i < n; ++i) local[i] -= l[k * n + i] * now;
    }
    for (std::size_t i = 0; i < n; ++i) load[node[i]] = local[i];
  }
  for (std::size_t at = p.fronts.size(); at-- > 0;) {
    const MembraneFront& f = p.fronts[at];
    const std::size_t n = f.nodes;
    const std::uint16_t* node = p.node.data() + f.first;
    const V* l = lower + f.lower;
    for (std::size_t i = f.gone; i < n; ++i) local[i] = deflection[node[i]];
    for (std::size_t k = f.gone; k-- > 0;) {
      // Two sums side by side: none waits for the other.
      V even = load[node[k]] * inverse_pivot[node[k]], odd = V{} + 0.0;
      std::size_t i = k + 1;
      for (; i + 1 < n; i += 2) {
        even -= l[k * n + i] * local[i];
        odd -= l[k * n + i + 1] * local[i + 1];
      }
      if (i < n) even -= l[k * n + i] * local[i];
      local[k] = even + odd;
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
  solve_edges(p, load, deflection, work);
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
  solve_edges(p, load, adjoint, work);
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
