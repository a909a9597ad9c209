#include "twin/infer/conjugate/uniform_scale.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"

namespace twin::infer {

namespace {

// The means p that are possible with q = p s.
struct Range {
  double low = 0.0, high = 0.0;
  [[nodiscard]] double width() const { return high - low; }
};

Range possible(const std::vector<UniformScale::Kind>& kinds, double q) {
  Range range{-INFINITY, INFINITY};
  for (const auto& kind : kinds) {
    range.low = std::max(range.low, kind.greatest - q * kind.k);
    range.high = std::min(range.high, kind.least + q * kind.k);
  }
  return range;
}

// The least q with a possible p: where the greatest lower end meets the least upper one.
double least_q(const std::vector<UniformScale::Kind>& kinds) {
  double q = 0.0;
  for (const auto& a : kinds)
    for (const auto& b : kinds) q = std::max(q, (a.greatest - b.least) / (a.k + b.k));
  return q;
}

// A cell of the quadrature: q, the p possible there, and the mass of the cell.
struct Cell {
  double q = 0.0;
  Range p;
  double mass = 0.0;
};

// q of which the density is in proportion to q^-(n + 1) (high - low), in cells of equal width of x = (n - 1) ln(q / q0):
// there it is all but exp(-x) x, whatever n is.
std::vector<Cell> cells_of(const std::vector<UniformScale::Kind>& kinds, std::uint64_t count) {
  constexpr int Cells = 1'000;  // midpoint rule: relative error of a quantile about 1e-4
  constexpr double Far = 30.0;  // exp(-30) is nothing
  const double q0 = least_q(kinds);
  const double n = static_cast<double>(count);
  std::vector<Cell> cells(Cells);
  double total = 0.0;
  for (int i = 0; i < Cells; ++i) {
    const double x = (i + 0.5) * Far / Cells;
    Cell& cell = cells[static_cast<std::size_t>(i)];
    const double grown = x / (n - 1.0);
    cell.q = q0 * std::exp(grown);
    cell.p = possible(kinds, cell.q);
    // q^-(n + 1) dq = q^-n dx / (n - 1)
    cell.mass = std::exp(-n * grown) * std::max(cell.p.width(), 0.0);
    total += cell.mass;
  }
  for (Cell& cell : cells) cell.mass /= total;
  return cells;
}

// Smallest value below which `part` holds at least p of the mass; `part(cell, v)` is the share of a cell below v.
template <class Part>
double quantile(const std::vector<Cell>& cells, double p, double low, double high,
                const Part& part) {
  for (int halving = 0; halving < 64 && high - low > 1e-13 * std::abs(high); ++halving) {
    const double v = 0.5 * (low + high);
    double below = 0.0;
    for (const Cell& cell : cells)
      if (cell.mass > 0.0) below += cell.mass * part(cell, v);
    (below < p ? low : high) = v;
  }
  return high;
}

}  // namespace

void UniformScale::saw(double duration, double nominal, double half_width) {
  if (!(duration > 0.0) || !std::isfinite(duration))
    throw core::Error("duration = " + std::to_string(duration) + " (must be finite and above 0)");
  if (!(nominal > 0.0) || !(half_width > 0.0) || !std::isfinite(nominal) ||
      !std::isfinite(half_width))
    throw core::Error("nominal = " + std::to_string(nominal) + ", half width = " +
                      std::to_string(half_width) + " (both must be finite and above 0)");
  const double k = half_width / nominal, r = duration / nominal;
  ++count_;
  auto at = kinds_.begin();
  while (at != kinds_.end() && at->k < k * (1.0 - 1e-12)) ++at;
  if (at == kinds_.end() || at->k > k * (1.0 + 1e-12)) at = kinds_.insert(at, {k, r, r, 0});
  at->least = std::min(at->least, r);
  at->greatest = std::max(at->greatest, r);
  ++at->count;
}

void UniformScale::saw_all(const UniformScale& other) {
  for (const Kind& kind : other.kinds_) {
    auto at = std::find_if(kinds_.begin(), kinds_.end(), [&](const Kind& mine) {
      return std::abs(mine.k - kind.k) <= 1e-12 * kind.k;
    });
    if (at == kinds_.end()) {
      at = std::find_if(kinds_.begin(), kinds_.end(),
                        [&](const Kind& mine) { return mine.k > kind.k; });
      kinds_.insert(at, kind);
    } else {
      at->least = std::min(at->least, kind.least);
      at->greatest = std::max(at->greatest, kind.greatest);
      at->count += kind.count;
    }
  }
  count_ += other.count_;
}

bool UniformScale::knows() const { return count_ >= 3 && least_q(kinds_) > 0.0; }

UniformScale::Belief UniformScale::belief(double share) const {
  TWIN_EXPECT(knows() && share > 0.0 && share < 1.0, count_, share);
  const std::vector<Cell> cells = cells_of(kinds_, count_);
  double least = INFINITY, most = -INFINITY, least_s = INFINITY, most_s = 0.0;
  for (const Cell& cell : cells) {
    if (!(cell.mass > 0.0)) continue;
    least = std::min(least, cell.p.low), most = std::max(most, cell.p.high);
    if (cell.p.high > 0.0) least_s = std::min(least_s, cell.q / cell.p.high);
    if (cell.p.low > 0.0) most_s = std::max(most_s, cell.q / cell.p.low);
  }
  if (!(most_s > 0.0)) most_s = 1e6;
  const auto below_p = [](const Cell& cell, double v) {
    return std::clamp((v - cell.p.low) / cell.p.width(), 0.0, 1.0);
  };
  // s = q / p < v where p > q / v
  const auto below_s = [](const Cell& cell, double v) {
    return std::clamp((cell.p.high - cell.q / v) / cell.p.width(), 0.0, 1.0);
  };
  const double tail = 0.5 * (1.0 - share);
  const std::array<double, 3> at{tail, 0.5, 1.0 - tail};
  Belief belief;
  belief.mean = {quantile(cells, at[0], least, most, below_p),
                 quantile(cells, at[1], least, most, below_p),
                 quantile(cells, at[2], least, most, below_p)};
  belief.spread = {quantile(cells, at[0], least_s, most_s, below_s),
                   quantile(cells, at[1], least_s, most_s, below_s),
                   quantile(cells, at[2], least_s, most_s, below_s)};
  return belief;
}

}  // namespace twin::infer
