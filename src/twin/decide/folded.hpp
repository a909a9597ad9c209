// Bounds for a search that knows of none: the whole line is folded into the interval, smoothly, so that
// the search needs no penalties and sees only the order of values (as the reference implementation of the
// CMA-ES does: N. Hansen, pycma, BoxConstraintsLinQuadTransformation, whose margins depend on where zero
// is; ours are a share of the interval, so that a shift changes nothing).
#pragma once
#include <algorithm>
#include <cmath>

namespace twin::decide {

// How far inside a bound the fold begins: a twentieth of the interval; a step where it has one end only.
inline double fold_margin(double low, double high, double step) {
  const bool both = std::isfinite(low) && std::isfinite(high);
  return both ? 0.05 * (high - low) : step;
}

// Of u anywhere, a place in [low, high], low < high, each end finite or not: itself but for within the
// margin a of an end, where it is quadratic: from low + a down to low at u = low - a, then up again, and
// so to and fro. Its slope is continuous and at most 1. step > 0.
inline double folded(double u, double low, double high, double step) {
  const double a = fold_margin(low, high, step);
  const bool from = std::isfinite(low), to = std::isfinite(high);
  const double left = low - a, right = high + a;  // the turning points
  if (from && to) {
    const double period = 2.0 * (right - left);
    double t = std::fmod(u - left, period);
    if (t < 0.0) t += period;
    if (t > 0.5 * period) t = period - t;
    u = left + t;
  } else if (from && u < left) {
    u = 2.0 * left - u;
  } else if (to && u > right) {
    u = 2.0 * right - u;
  }
  if (from && u < low + a) u = low + (u - left) * (u - left) / (4.0 * a);
  if (to && u > high - a) u = high - (right - u) * (right - u) / (4.0 * a);
  return std::min(std::max(u, low), high);
}

// The u nearest to x in [low, high] with folded(u) = x.
inline double unfolded(double x, double low, double high, double step) {
  const double a = fold_margin(low, high, step);
  if (std::isfinite(low) && x < low + a) return low - a + std::sqrt(4.0 * a * (x - low));
  if (std::isfinite(high) && x > high - a) return high + a - std::sqrt(4.0 * a * (high - x));
  return x;
}

}  // namespace twin::decide
