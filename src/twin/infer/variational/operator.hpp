// A function from a state to what is seen of it, that can be linearised anywhere: its value, its
// tangent and the adjoint of that. Observation operators are such functions, and models, and both in
// a row over a window (trajectory.hpp).
#pragma once
#include <Eigen/Dense>
#include <functional>

namespace twin::infer::variational {

using Map = std::function<Eigen::VectorXd(const Eigen::VectorXd&)>;

// At one state.
struct Linearised {
  Eigen::VectorXd value;  // g(x): [row]
  Map tangent;            // G dx: [variable] -> [row]
  Map adjoint;            // G' dy: [row] -> [variable]
};

using Operator = std::function<Linearised(const Eigen::VectorXd& x)>;

// h: [row][variable].
Operator linear(const Eigen::MatrixXd& h);
// The state as it is.
Operator identity();

// g and its Jacobian, x -> [row][variable].
Operator with_jacobian(Map g, std::function<Eigen::MatrixXd(const Eigen::VectorXd&)> jacobian);

// g alone: central differences of half width `step` in each variable, [the variable's unit]: two runs
// of g a variable, when first asked for. Error in the Jacobian: step^2/6 of the third derivative, and
// round-off eps |g|/step; the step that balances them is about eps^(1/3) of the variable's scale. Error
// unless each step is positive and finite.
Operator by_differences(Map g, const Eigen::VectorXd& steps);  // steps: [variable]
Operator by_differences(Map g, double step);

// second after first.
Operator composed(Operator first, Operator second);

}  // namespace twin::infer::variational
