#include "twin/bayes/uniform_scale.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"

namespace twin::bayes {

namespace {

// The least q = p s that lets a kind with this centre reach its least and its greatest duration.
double reach(const UniformScale::Seen& seen, double centre) {
  return std::max(seen.greatest - centre, centre - seen.least) / seen.kind.half_width;
}

// A cell of the quadrature over p, from p - half to p + half.
struct Cell {
  double p = 0.0, half = 0.0, q0 = 0.0, mass = 0.0;
};

// P(s <= v), s = q / p, q of a Pareto law with exponent n from q0 on: of a cell with a = log(q0 / p)
// the part 1 - exp(n (a - log v)) lies below v > exp(a). Summed over cells in the order of a.
class SpreadLaw {
 public:
  SpreadLaw(const std::vector<Cell>& cells, double n) : n_(n) {
    std::vector<std::pair<double, double>> sorted;  // a, mass
    for (const Cell& cell : cells) sorted.emplace_back(std::log(cell.q0 / cell.p), cell.mass);
    std::sort(sorted.begin(), sorted.end());
    double mass = 0.0, weighted = 0.0;
    for (const auto& [a, m] : sorted) {
      mass += m;
      weighted += m * std::exp(n * (a - sorted.front().first));
      a_.push_back(a), mass_.push_back(mass), weighted_.push_back(weighted);
    }
  }
  [[nodiscard]] double quantile(double p) const {
    double low = a_.front(), high = a_.back() + 40.0 / n_;
    for (int halving = 0; halving < 60; ++halving) {
      const double v = 0.5 * (low + high);
      (below(v) < p ? low : high) = v;
    }
    return std::exp(high);
  }

 private:
  [[nodiscard]] double below(double log_v) const {
    const auto upper = std::lower_bound(a_.begin(), a_.end(), log_v) - a_.begin();
    if (upper == 0) return 0.0;
    const auto k = static_cast<std::size_t>(upper - 1);
    return mass_[k] - weighted_[k] * std::exp(n_ * (a_.front() - log_v));
  }

  double n_;
  std::vector<double> a_, mass_, weighted_;  // [cell], the last two summed up to it
};

}  // namespace

void UniformScale::saw(double duration, const UniformKind& kind) {
  const auto positive = [](double v) { return v > 0.0 && std::isfinite(v); };
  if (!positive(duration))
    throw core::Error("duration = " + std::to_string(duration) + " (must be finite and above 0)");
  if (!positive(kind.nominal) || !positive(kind.half_width))
    throw core::Error("nominal = " + std::to_string(kind.nominal) + ", half width = " +
                      std::to_string(kind.half_width) + " (both must be finite and above 0)");
  ++count_;
  auto at =
      std::find_if(kinds_.begin(), kinds_.end(), [&](const Seen& s) { return s.kind == kind; });
  if (at == kinds_.end()) at = kinds_.insert(at, {kind, duration, duration, 0});
  at->least = std::min(at->least, duration);
  at->greatest = std::max(at->greatest, duration);
  ++at->count;
}

void UniformScale::include(const UniformScale& other) {
  count_ += other.count_;
  for (const Seen& theirs : other.kinds_) {
    auto at = std::find_if(kinds_.begin(), kinds_.end(),
                           [&](const Seen& s) { return s.kind == theirs.kind; });
    if (at == kinds_.end()) {
      kinds_.push_back(theirs);
      continue;
    }
    at->least = std::min(at->least, theirs.least);
    at->greatest = std::max(at->greatest, theirs.greatest);
    at->count += theirs.count;
  }
}

double UniformScale::least_q(double p) const {
  double q = 0.0;
  for (const Seen& s : kinds_) {
    const UniformKind& k = s.kind;
    const double stretch = p * k.stretch;
    q = std::max(q, reach(s, p * k.nominal + k.parts * (std::floor(stretch + 0.5) - stretch)));
  }
  return q;
}

double UniformScale::smooth_q(double p) const {
  double q = 0.0;
  for (const Seen& s : kinds_) q = std::max(q, reach(s, p * s.kind.nominal));
  return q;
}

bool UniformScale::knows() const {
  if (count_ < 3) return false;
  double least = INFINITY, greatest = 0.0;
  for (const Seen& s : kinds_) {
    least = std::min(least, s.least / s.kind.nominal);
    greatest = std::max(greatest, s.greatest / s.kind.nominal);
  }
  return greatest > least * (1.0 + 1e-12);
}

UniformScale::Belief UniformScale::belief(double share) const {
  TWIN_EXPECT(share > 0.0 && share < 1.0, share);
  const double tail = 0.5 * (1.0 - share);
  const auto [p, s] = quantiles(std::array{tail, 0.5, 1.0 - tail});
  return {{p[0], p[1], p[2]}, {s[0], s[1], s[2]}};
}

UniformScale::Quantiles UniformScale::quantiles(std::span<const double> probabilities) const {
  TWIN_EXPECT(knows(), count_);
  const double n = static_cast<double>(count_);
  double low = INFINITY, high = 0.0, rounding = 0.0, slope = 0.0;
  for (const Seen& s : kinds_) {
    low = std::min(low, s.least / s.kind.nominal),
    high = std::max(high, s.greatest / s.kind.nominal);
    rounding = std::max(rounding, 0.5 * s.kind.parts / s.kind.nominal);
    slope = std::max(slope, s.kind.half_width / s.kind.nominal);
  }
  // The likeliest p but for the rounding: the least of a convex function.
  for (int third = 0; third < 200 && high - low > 1e-14 * high; ++third) {
    const double a = low + (high - low) / 3.0, b = high - (high - low) / 3.0;
    (smooth_q(a) < smooth_q(b) ? high : low) = smooth_q(a) < smooth_q(b) ? b : a;
  }
  const double centre = 0.5 * (low + high), best = smooth_q(centre);
  // Cells about the likeliest p, of equal width of u in p = centre + unit sinh(u): fine where q0 has hardly grown and
  // where rounding makes steps, ever wider in the tails, which are long where n is small. Where q0 has grown by exp(30
  // / n) there is nothing any more; p moves by at most `slope` of what q0 grows.
  const double unit = std::max(slope * best / n, rounding);
  const double far = std::asinh(slope * best * std::expm1(30.0 / (n - 1.0)) / unit + 4.0);
  double from = -far, to = far;
  std::vector<Cell> cells;
  for (const int count : {1'500, 1'000}) {  // a look around, then at what holds the mass
    const double width = (to - from) / count;
    cells.assign(static_cast<std::size_t>(count), {});
    double greatest = INFINITY, total = 0.0;
    for (int i = 0; i < count; ++i) {
      Cell& cell = cells[static_cast<std::size_t>(i)];
      const double u = from + (i + 0.5) * width;
      cell.p = centre + unit * std::sinh(u);
      cell.half = unit * std::cosh(u) * 0.5 * width;
      if (cell.p <= 0.0) continue;
      cell.q0 = least_q(cell.p);
      greatest = std::min(greatest, cell.q0);
    }
    for (Cell& cell : cells)
      if (cell.p > 0.0)
        total += cell.mass = cell.half * std::exp(-n * std::log(cell.q0 / greatest));
    for (Cell& cell : cells) cell.mass /= total;
    const auto held = [](const Cell& cell) { return cell.mass > 1e-12; };
    const auto first = std::find_if(cells.begin(), cells.end(), held) - cells.begin();
    const auto last = std::find_if(cells.rbegin(), cells.rend(), held) - cells.rbegin();
    from += static_cast<double>(first) * width, to -= static_cast<double>(last) * width;
  }
  std::erase_if(cells, [](const Cell& cell) { return cell.mass < 1e-15; });
  Quantiles result;
  double below = 0.0;
  auto cell = cells.begin();
  const SpreadLaw spread(cells, n);
  for (const double share : probabilities) {
    TWIN_EXPECT(share > 0.0 && share < 1.0, share);
    while (std::next(cell) != cells.end() && below + cell->mass < share) below += cell++->mass;
    const double within = std::min((share - below) / cell->mass, 1.0);
    result.mean.push_back(cell->p + (2.0 * within - 1.0) * cell->half);
    result.spread.push_back(spread.quantile(share));
  }
  return result;
}

}  // namespace twin::bayes
