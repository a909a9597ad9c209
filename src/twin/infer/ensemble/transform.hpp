// An analysis as a linear map of the members, X^a = mean + A (w 1^T + T), and how it is laid on a
// state of any size: row by row, in place, so that the memory is that of the ensemble.
#pragma once
#include <Eigen/Dense>
#include <span>

#include "twin/core/draw.hpp"
#include "twin/infer/ensemble/observed.hpp"

namespace twin::infer {

struct Transform {
  Eigen::VectorXd mean;       // w: [member]
  Eigen::MatrixXd anomalies;  // T: [member][member], T 1 = c 1
  Innovation innovation;
  double prior_inflation = 1.0;  // by which the filter itself inflated the prior's anomalies
};

// The map that changes nothing.
Transform identity_transform(Eigen::Index members);

// What is done to the analysis anomalies because a small ensemble is too sure of itself.
struct Inflation {
  double factor = 1.0;  // anomalies are multiplied by it; positive
  // Relaxation to prior perturbations: A^a := (1 - rtpp) A^a + rtpp A (Zhang, Snyder, Sun 2004,
  // eq. 5); [0, 1]
  double rtpp = 0.0;
  // Relaxation to prior spread: A^a := A^a (1 + rtps (s_b - s_a)/s_a) for each variable's standard
  // deviations before and after (Whitaker, Hamill 2012, eq. 2); [0, 1]
  double rtps = 0.0;
};

// Error unless each lies where it may.
void check_inflation(const Inflation& inflation);

// x: [variable][member], overwritten by the analysis. RTPP first, then RTPS, then the factor.
void apply(const Transform& transform, const Inflation& inflation, Eigen::Ref<Eigen::MatrixXd> x);
// The same for some rows only.
void apply(const Transform& transform, const Inflation& inflation,
           std::span<const Eigen::Index> variables, Eigen::Ref<Eigen::MatrixXd> x);

}  // namespace twin::infer
