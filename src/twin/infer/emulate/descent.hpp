// The least value of a smooth function of a few variables in a box: L-BFGS (J. Nocedal, Mathematics of Computation
// 35, 1980) on the variables that are not held by a side, along a path that bends at the sides (D. P. Bertsekas, SIAM
// J. Control and Optimization 20, 1982).
#pragma once
#include <Eigen/Dense>
#include <cstdint>
#include <functional>

namespace twin::infer {

struct DescentOptions {
  Eigen::VectorXd low = {};   // [variable] sides of the box
  Eigen::VectorXd high = {};  // [variable]
  std::uint32_t steps = 100;  // at most
  double tolerance = 1e-3;    // of the slope of every variable that may move
  double reach = 2.0;         // of any variable in a step: where little is known, models are wild
};

struct Descent {
  Eigen::VectorXd x;              // [variable] the best that was seen
  double value = 0.0;             // there
  std::uint64_t evaluations = 0;  // of the function and its slope
  bool converged = false;         // false: steps were used up, or none went down any more
};

// The function's value at x; slope [variable] is to be filled. A value that is not finite: x cannot be.
using ValueAndSlope = std::function<double(const Eigen::VectorXd& x, Eigen::VectorXd& slope)>;

// start: [variable], moved into the box. Where the start has no value nothing is done, and it has not converged.
Descent descend(const ValueAndSlope& f, const Eigen::VectorXd& start,
                const DescentOptions& options);

}  // namespace twin::infer
