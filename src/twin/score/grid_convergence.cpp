#include "twin/score/grid_convergence.hpp"

#include <cmath>
#include <string>

#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"
#include "twin/score/checked.hpp"

namespace twin::score {
namespace {

void need_refinement(double ratio, const char* what) {
  need_finite(ratio, what);
  if (!(ratio > 1.0)) {
    throw core::Error(std::string(what) + " = " + core::show_values(ratio) +
                      " (must be above 1); are the grids in the order fine, medium, coarse?");
  }
}

// Ratio of the differences that the order p makes.
double ratio_of_order(double p, double r21, double r32) {
  return std::exp(p * std::log(r21)) * std::expm1(p * std::log(r32)) /
         std::expm1(p * std::log(r21));
}

// The p > 0 of a ratio; it grows with p. Bisection: sure, where the fixed point of Celik et al. may
// wander.
double order_of_ratio(double ratio, double r21, double r32) {
  double low = 0.0, high = 1.0;
  while (ratio_of_order(high, r21, r32) < ratio) {
    low = high;
    high *= 2.0;
  }
  for (int i = 0; i < 200 && low < high; ++i) {
    const double middle = 0.5 * (low + high);
    if (middle == low || middle == high) break;
    (ratio_of_order(middle, r21, r32) < ratio ? low : high) = middle;
  }
  return high;
}

}  // namespace

GridConvergence grid_convergence(const ThreeGrids& grids) {
  need_finite(grids.fine, "fine");
  need_finite(grids.medium, "medium");
  need_finite(grids.coarse, "coarse");
  need_positive(grids.safety, "safety");
  const double r21 = grids.medium_to_fine, r32 = grids.coarse_to_medium;
  need_refinement(r21, "medium_to_fine");
  need_refinement(r32, "coarse_to_medium");
  const double e21 = grids.medium - grids.fine;
  const double e32 = grids.coarse - grids.medium;
  if (e21 == 0.0 || e32 == 0.0) return {Convergence::Unresolved, std::nullopt};
  const double ratio = e32 / e21;
  if (ratio < 0.0) return {Convergence::Oscillatory, std::nullopt};
  // Where p goes to 0 the ratio is that of the logarithms; below it nothing converges.
  if (!(ratio > std::log(r32) / std::log(r21))) return {Convergence::Divergent, std::nullopt};
  Extrapolation x;
  x.order = order_of_ratio(ratio, r21, r32);
  const double shrink21 = std::expm1(x.order * std::log(r21));  // r21^p - 1
  const double shrink32 = std::expm1(x.order * std::log(r32));
  x.value = grids.fine - e21 / shrink21;
  x.uncertainty = grids.safety * std::abs(e21) / shrink21;
  x.gci_fine = x.uncertainty / std::abs(grids.fine);
  x.gci_medium = grids.safety * std::abs(e32) / shrink32 / std::abs(grids.medium);
  x.asymptotic_ratio = x.gci_medium / ((shrink21 + 1.0) * x.gci_fine);
  return {Convergence::Monotone, x};
}

}  // namespace twin::score
