// A window as a row of legs, each a stretch of model with perhaps an observation at its end, made into
// one operator whose adjoint runs back through all of them. Strong constraint: the model is right, and
// the start decides. Weak constraint: each leg may go wrong by an error of covariance Q, which is
// sought too (Derber 1989; Tremolet, Q. J. R. Meteorol. Soc. 132, 2006, forcing formulation).
#pragma once
#include <Eigen/Dense>
#include <vector>

#include "twin/infer/variational/operator.hpp"

namespace twin::infer::variational {

struct Leg {
  Operator model;     // state at its start -> at its end
  Operator observed;  // state at its end -> observations; empty: none
};

// x_0 -> observations of all legs, one below another.
Operator strong_constraint(std::vector<Leg> legs);

// (x_0, e_1, ..., e_K) -> the same, with x_k = model(x_{k-1}) + e_k. Its background is that of x_0
// stacked on those of the errors: Background::stacked({b, q, ..., q}). Error where the length is not
// that of K + 1 states.
Operator weak_constraint(std::vector<Leg> legs);

// The states at the end of each leg. x: as either operator takes it; `variables` of them a state.
std::vector<Eigen::VectorXd> states_along(const std::vector<Leg>& legs, const Eigen::VectorXd& x,
                                          Eigen::Index variables);

}  // namespace twin::infer::variational
