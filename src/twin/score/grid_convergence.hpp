// How far a computed value is from the one of an infinitely fine grid or step: Richardson's
// extrapolation and the grid convergence index (P. J. Roache, Journal of Fluids Engineering 116,
// 1994), with unequal refinements as I. B. Celik et al., Journal of Fluids Engineering 130, 2008,
// do it.
#pragma once
#include <optional>

namespace twin::score {

struct ThreeGrids {
  double fine = 0.0;  // the value on each grid
  double medium = 0.0;
  double coarse = 0.0;
  double medium_to_fine = 2.0;  // ratio of spacings, above 1
  double coarse_to_medium = 2.0;
  double safety = 1.25;  // Roache's factor for three grids
};

enum class Convergence {
  Monotone,     // differences shrink with one sign: the order below means something
  Oscillatory,  // differences change sign: no order
  Divergent,    // differences do not shrink: no order
  Unresolved,   // a difference is zero: the grids show no order
};

// p solves |coarse - medium| / |medium - fine| = r21^p (r32^p - 1) / (r21^p - 1), which for equal
// ratios r is r^p (Celik et al., eq. 3).
struct Extrapolation {
  double order = 0.0;             // p
  double value = 0.0;             // at spacing 0, from fine and medium
  double gci_fine = 0.0;          // band around `fine`, as a share of |fine|
  double gci_medium = 0.0;        // band around `medium`, as a share of |medium|
  double uncertainty = 0.0;       // band around `fine` [the value's unit]
  double asymptotic_ratio = 0.0;  // gci_medium / (r21^p gci_fine): near 1 where the order holds
};

struct GridConvergence {
  Convergence kind = Convergence::Unresolved;
  std::optional<Extrapolation> extrapolation;  // if monotone
};

// core::Error for values that are not finite, ratios not above 1, a safety that is not positive. The
// shares are infinite where the value itself is 0.
GridConvergence grid_convergence(const ThreeGrids& grids);

}  // namespace twin::score
