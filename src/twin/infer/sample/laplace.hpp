// The most probable point of a posterior and a normal law about it, in directions that data speak of alone: the
// rest is as the prior has it (T. Bui-Thanh, O. Ghattas, J. Martin and G. Stadler, SIAM J. Scientific Computing
// 35, 2013). Tells what data identify, and where chains may start.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "twin/infer/sample/target.hpp"

namespace twin::infer {

struct LaplaceOptions {
  std::vector<double> start = {};  // [dimension]; none: the prior's middle
  std::size_t steps = 500;         // of the search, at most
  double tolerance = 1e-6;         // of the slope's length, over 1 + its length at the start
  std::size_t rank = 0;            // directions at most; 0: all
  double least =
      0.01;  // curvature by data beside the prior's 1, below which a direction is left to the prior
  double difference = 1e-4;  // of slopes, for curvatures
  std::uint64_t seed = 1;    // of the first direction
};

struct Laplace {
  std::vector<double> mode;       // [dimension]
  double log_posterior = 0.0;     // there, the prior's constant left out
  std::vector<double> curvature;  // [direction] of minus the likelihood's logarithm, falling
  std::vector<double> direction;  // [direction][dimension], of length 1 and at right angles
  double log_evidence = 0.0;      // of the prior's mean of the likelihood, as if all were normal
  std::size_t steps = 0;
  std::uint64_t evaluations = 0;
  bool converged = false;  // false: the search ended elsewhere, and nothing of this should be used

  // Of each coordinate, what the data take from the prior's variance 1: 0 is nothing, 1 is all.
  [[nodiscard]] std::vector<double> contraction() const;
  // Point of the normal law for standard normals z, both [dimension].
  [[nodiscard]] std::vector<double> point(std::span<const double> z) const;
};

// The prior is standard normal, the target the likelihood alone, with slopes. Search by L-BFGS (J. Nocedal,
// Mathematics of Computation 35, 1980), directions by Lanczos with all of them held at right angles. core::Error
// as check_starts says, and for a target without slopes.
Laplace laplace(const Target& likelihood, const LaplaceOptions& options = {});

}  // namespace twin::infer
