#include "twin/infer/conjugate/uniform_scale.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"

namespace twin::infer {

namespace {

// The least q = p s that lets a kind with this centre reach its least and its greatest duration.
double reach(const UniformScale::Seen& seen, double centre) {
  return std::max(seen.greatest - centre, centre - seen.least) / seen.kind.half_width;
}

// A cell of the quadrature over p, from p - half to p + half.
struct Cell {
  double p = 0.0, half = 0.0, q0 = 0.0, mass = 0.0;
};

// Smallest v in (low, high) below which `below(cell, v)`, weighted by mass, holds p.
template <class Below>
double quantile(const std::vector<Cell>& cells, double p, double low, double high,
                const Below& below) {
  for (int halving = 0; halving < 64 && high - low > 1e-13 * high; ++halving) {
    const double v = 0.5 * (low + high);
    double mass = 0.0;
    for (const Cell& cell : cells) mass += cell.mass * below(cell, v);
    (mass < p ? low : high) = v;
  }
  return high;
}

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
  TWIN_EXPECT(knows() && share > 0.0 && share < 1.0, count_, share);
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
  std::erase_if(cells, [](const Cell& cell) { return cell.mass == 0.0; });
  const auto below_p = [](const Cell& cell, double v) {
    return std::clamp(0.5 * (v - cell.p + cell.half) / cell.half, 0.0, 1.0);
  };
  // s = q / p, q of a Pareto law from q0 on.
  const auto below_s = [&](const Cell& cell, double v) {
    const double q = v * cell.p;
    return q <= cell.q0 ? 0.0 : -std::expm1(-n * std::log(q / cell.q0));
  };
  double least_s = INFINITY, most_s = 0.0;
  for (const Cell& cell : cells) {
    least_s = std::min(least_s, cell.q0 / cell.p);
    most_s = std::max(most_s, cell.q0 / cell.p * std::exp(30.0 / n));
  }
  const double tail = 0.5 * (1.0 - share);
  const std::array<double, 3> at{tail, 0.5, 1.0 - tail};
  std::array<double, 3> p{}, s{};
  for (std::size_t i = 0; i < 3; ++i) {
    p[i] = quantile(cells, at[i], cells.front().p - cells.front().half,
                    cells.back().p + cells.back().half, below_p);
    s[i] = quantile(cells, at[i], least_s, most_s, below_s);
  }
  return {{p[0], p[1], p[2]}, {s[0], s[1], s[2]}};
}

}  // namespace twin::infer
