#include "twins/toys/membrane_plan.hpp"

#include <algorithm>
#include <cmath>

#include "twin/core/expect.hpp"

namespace twins::toys {
namespace {

constexpr std::size_t Side = BlockCells + 1;
constexpr double Load = 10.0;

struct Rectangle {  // of blocks, ends excluded
  std::size_t x0, x1, y0, y1;
  [[nodiscard]] bool single() const { return x1 - x0 == 1 && y1 - y0 == 1; }
};

// Nodes around a rectangle that are not held, by number.
std::vector<std::uint16_t> around(const Rectangle& r) {
  std::vector<std::uint16_t> nodes;
  const std::size_t x0 = r.x0 * BlockCells, x1 = r.x1 * BlockCells, y0 = r.y0 * BlockCells,
                    y1 = r.y1 * BlockCells;
  for (std::size_t y = std::max<std::size_t>(y0, 1); y <= std::min(y1, Cells - 1); ++y) {
    for (std::size_t x = std::max<std::size_t>(x0, 1); x <= std::min(x1, Cells - 1); ++x) {
      if (x == x0 || x == x1 || y == y0 || y == y1)
        nodes.push_back(static_cast<std::uint16_t>(x + Nodes * y));
    }
  }
  return nodes;
}

// Gauss-Jordan without exchanges: the matrix is positive definite.
template <std::size_t N>
std::array<std::array<double, N>, N> inverse_of(std::array<std::array<double, N>, N> a) {
  std::array<std::array<double, N>, N> inverse{};
  for (std::size_t i = 0; i < N; ++i) inverse[i][i] = 1.0;
  for (std::size_t k = 0; k < N; ++k) {
    const double pivot = a[k][k];
    for (std::size_t j = 0; j < N; ++j) {
      a[k][j] /= pivot;
      inverse[k][j] /= pivot;
    }
    for (std::size_t i = 0; i < N; ++i) {
      if (i == k) continue;
      const double factor = a[i][k];
      for (std::size_t j = 0; j < N; ++j) {
        a[i][j] -= factor * a[k][j];
        inverse[i][j] -= factor * inverse[k][j];
      }
    }
  }
  return inverse;
}

void condense(MembranePlan& p) {
  // Of a square cell with bilinear elements, corners in turn.
  constexpr std::array<std::array<double, 4>, 4> Cell = {{{2.0 / 3, -1.0 / 6, -1.0 / 3, -1.0 / 6},
                                                          {-1.0 / 6, 2.0 / 3, -1.0 / 6, -1.0 / 3},
                                                          {-1.0 / 3, -1.0 / 6, 2.0 / 3, -1.0 / 6},
                                                          {-1.0 / 6, -1.0 / 3, -1.0 / 6, 2.0 / 3}}};
  for (std::size_t y = 0; y < BlockCells; ++y) {
    for (std::size_t x = 0; x < BlockCells; ++x) {
      const std::array<std::size_t, 4> corner = {x + Side * y, x + 1 + Side * y,
                                                 x + 1 + Side * (y + 1), x + Side * (y + 1)};
      for (std::size_t i = 0; i < 4; ++i)
        for (std::size_t j = 0; j < 4; ++j) p.stiffness[corner[i]][corner[j]] += Cell[i][j];
    }
  }
  std::size_t edges = 0, inners = 0;
  for (std::size_t k = 0; k < Side * Side; ++k) {
    const std::size_t x = k % Side, y = k / Side;
    if (x == 0 || x == BlockCells || y == 0 || y == BlockCells)
      p.edge[edges++] = static_cast<std::uint16_t>(k);
    else
      p.inner[inners++] = static_cast<std::uint16_t>(k);
  }
  std::array<std::array<double, InnerNodes>, InnerNodes> within{};
  for (std::size_t i = 0; i < InnerNodes; ++i)
    for (std::size_t j = 0; j < InnerNodes; ++j) within[i][j] = p.stiffness[p.inner[i]][p.inner[j]];
  p.inverse = inverse_of(within);
  for (std::size_t i = 0; i < InnerNodes; ++i) {
    for (std::size_t e = 0; e < EdgeNodes; ++e) {
      double sum = 0.0;
      for (std::size_t k = 0; k < InnerNodes; ++k)
        sum += p.inverse[i][k] * p.stiffness[p.inner[k]][p.edge[e]];
      p.follow[i][e] = -sum;
    }
  }
  for (std::size_t e = 0; e < EdgeNodes; ++e) {
    for (std::size_t f = 0; f < EdgeNodes; ++f) {
      double sum = p.stiffness[p.edge[e]][p.edge[f]];
      for (std::size_t k = 0; k < InnerNodes; ++k)
        sum += p.stiffness[p.edge[e]][p.inner[k]] * p.follow[k][f];
      p.condensed[e][f] = sum;
    }
  }
  p.load = Load / static_cast<double>(Cells * Cells);
}

void name_blocks(MembranePlan& p) {
  for (std::size_t y = 0; y < Blocks; ++y) {
    for (std::size_t x = 0; x < Blocks; ++x) {
      MembraneBlock block;
      const auto number = [&](std::size_t k) {
        return (x * BlockCells + k % Side) + Nodes * (y * BlockCells + k / Side);
      };
      for (std::size_t e = 0; e < EdgeNodes; ++e) {
        const std::size_t n = number(p.edge[e]), nx = n % Nodes, ny = n / Nodes;
        if (nx == 0 || nx == Cells || ny == 0 || ny == Cells) continue;
        block.edge[block.nodes] = static_cast<std::uint16_t>(e);
        block.node[block.nodes++] = static_cast<std::uint16_t>(n);
      }
      for (std::size_t i = 0; i < InnerNodes; ++i)
        block.inner[i] = static_cast<std::uint16_t>(number(p.inner[i]));
      // Blocks with the same nodes of their edges have the same matrix.
      const auto like = std::ranges::find_if(p.blocks, [&](const MembraneBlock& b) {
        return b.nodes == block.nodes && b.edge == block.edge;
      });
      block.condensed =
          like != p.blocks.end() ? like->condensed : static_cast<std::uint32_t>(p.leaf.size());
      if (like == p.blocks.end()) {
        for (std::size_t i = 0; i < block.nodes; ++i)
          for (std::size_t j = 0; j <= i; ++j)
            p.leaf.push_back(p.condensed[block.edge[i]][block.edge[j]]);
      }
      p.blocks.push_back(block);
    }
  }
}

void place_load(MembranePlan& p) {
  p.loaded.assign(Nodes * Nodes, p.load);
  for (const MembraneBlock& b : p.blocks)
    for (std::size_t e = 0; e < b.nodes; ++e)
      for (std::size_t i = 0; i < InnerNodes; ++i)
        p.loaded[b.node[e]] += p.load * p.follow[i][b.edge[e]];
  for (std::size_t i = 0; i < InnerNodes; ++i)
    for (std::size_t j = 0; j < InnerNodes; ++j) p.sagging[i] += p.load * p.inverse[i][j];
}

// What merging remembers: fronts leave what they leave on two stacks in turn, so that nothing is put where the parts
// of the same front still stand.
struct Merging {
  std::array<std::size_t, 2> top{}, most{};
  // [front][part] where the nodes that the part leaves are in the front
  std::vector<std::array<std::vector<std::uint16_t>, 2>> at;
  std::vector<std::size_t> stack;  // [front]
};

// The number of the part that a rectangle is; its nodes around it are then in `left`, as that part leaves them.
std::int32_t merge(MembranePlan& p, const Rectangle& r, std::size_t depth, Merging& m,
                   std::vector<std::uint16_t>& left) {
  if (r.single()) {
    const std::size_t block = r.x0 + Blocks * r.y0;
    left.assign(p.blocks[block].node.begin(), p.blocks[block].node.begin() + p.blocks[block].nodes);
    return -1 - static_cast<std::int32_t>(block);
  }
  Rectangle a = r, b = r;
  if (r.x1 - r.x0 >= r.y1 - r.y0)
    a.x1 = b.x0 = (r.x0 + r.x1) / 2;
  else
    a.y1 = b.y0 = (r.y0 + r.y1) / 2;
  MembraneFront front;
  std::array<std::vector<std::uint16_t>, 2> parts;
  const std::array<std::size_t, 2> before = m.top;
  front.part[0] = merge(p, a, depth + 1, m, parts[0]);
  front.part[1] = merge(p, b, depth + 1, m, parts[1]);
  TWIN_EXPECT((front.part[0] < 0) == (front.part[1] < 0), front.part[0], front.part[1]);
  left = around(r);
  std::vector<std::uint16_t> all;  // the eliminated ones first
  for (const auto& part : parts)
    for (const std::uint16_t n : part)
      if (!std::ranges::binary_search(left, n) && std::ranges::find(all, n) == all.end())
        all.push_back(n);
  std::ranges::sort(all);
  front.gone = static_cast<std::uint16_t>(all.size());
  all.insert(all.end(), left.begin(), left.end());
  front.nodes = static_cast<std::uint16_t>(all.size());
  front.first = static_cast<std::uint32_t>(p.node.size());
  p.node.insert(p.node.end(), all.begin(), all.end());
  m.at.emplace_back();
  for (std::size_t s = 0; s < 2; ++s)
    for (const std::uint16_t n : parts[s])
      m.at.back()[s].push_back(static_cast<std::uint16_t>(std::ranges::find(all, n) - all.begin()));
  const std::size_t stay = all.size() - front.gone, stack = depth % 2;
  front.lower = static_cast<std::uint32_t>(p.lower);
  // Its parts' parts are used up, and after it its parts are.
  m.top = before;
  front.kept = static_cast<std::uint32_t>(m.top[stack]);
  m.top[stack] += stay * (stay + 1) / 2;
  m.most[stack] = std::max(m.most[stack], m.top[stack]);
  m.stack.push_back(stack);
  p.lower += front.gone * all.size();
  p.largest = std::max(p.largest, all.size());
  p.largest_columns = std::max(p.largest_columns, all.size() * front.gone);
  p.fronts.push_back(front);
  return static_cast<std::int32_t>(p.fronts.size()) - 1;
}

// Where each entry of each front comes from.
void find_sources(MembranePlan& p, const Merging& m) {
  p.kept = 1 + m.most[0] + m.most[1];
  for (std::size_t f = 0; f < p.fronts.size(); ++f)
    p.fronts[f].kept += static_cast<std::uint32_t>(1 + (m.stack[f] == 0 ? 0 : m.most[0]));
  const std::size_t no_leaf = p.leaf.size();
  p.leaf.push_back(0.0);
  TWIN_EXPECT(p.kept <= 65'536 && p.leaf.size() <= 65'536, p.kept, p.leaf.size());  // sources
  for (std::size_t number = 0; number < p.fronts.size(); ++number) {
    MembraneFront& f = p.fronts[number];
    const std::size_t n = f.nodes;
    std::array<std::vector<std::uint16_t>, 2> from;  // [row x n + column]
    for (std::size_t s = 0; s < 2; ++s) {
      const bool leaf = f.part[s] < 0;
      from[s].assign(n * n, static_cast<std::uint16_t>(leaf ? no_leaf : 0));
      const std::size_t begin = leaf ? p.blocks[static_cast<std::size_t>(-1 - f.part[s])].condensed
                                     : p.fronts[static_cast<std::size_t>(f.part[s])].kept;
      const auto& at = m.at[number][s];
      for (std::size_t i = 0; i < at.size(); ++i)
        for (std::size_t j = 0; j <= i; ++j)
          from[s][std::max(at[i], at[j]) * n + std::min(at[i], at[j])] =
              static_cast<std::uint16_t>(begin + in_lower_half(i, j));
    }
    f.source = static_cast<std::uint32_t>(p.source.size());
    const auto add = [&](std::size_t i, std::size_t j) {
      p.source.push_back({from[0][i * n + j], from[1][i * n + j]});
    };
    for (std::size_t k = 0; k < f.gone; ++k)
      for (std::size_t i = k; i < n; ++i) add(i, k);
    for (std::size_t i = f.gone; i < n; ++i)
      for (std::size_t j = f.gone; j <= i; ++j) add(i, j);
  }
}

void place_points(MembranePlan& p) {
  const double step = 1.0 / static_cast<double>(PointsAlong + 1);
  for (std::size_t i = 0; i < PointsAlong; ++i) {
    for (std::size_t j = 0; j < PointsAlong; ++j) {
      const double x = static_cast<double>(i + 1) * step * static_cast<double>(Cells),
                   y = static_cast<double>(j + 1) * step * static_cast<double>(Cells);
      const double fx = std::floor(x), fy = std::floor(y), dx = x - fx, dy = y - fy;
      const auto n = static_cast<std::uint16_t>(fx + static_cast<double>(Nodes) * fy);
      const auto up = static_cast<std::uint16_t>(n + Nodes);
      p.points[i * PointsAlong + j] = {
          .node = {n, static_cast<std::uint16_t>(n + 1), up, static_cast<std::uint16_t>(up + 1)},
          .weight = {(1 - dx) * (1 - dy), dx * (1 - dy), (1 - dx) * dy, dx * dy}};
    }
  }
}

}  // namespace

MembranePlan::MembranePlan() {
  condense(*this);
  name_blocks(*this);
  place_load(*this);
  std::vector<std::uint16_t> left;
  Merging merging;
  merge(*this, {0, Blocks, 0, Blocks}, 0, merging, left);
  TWIN_EXPECT(left.empty(), left.size());
  find_sources(*this, merging);
  place_points(*this);
}

const MembranePlan& membrane_plan() {
  static const MembranePlan plan;
  return plan;
}

}  // namespace twins::toys
