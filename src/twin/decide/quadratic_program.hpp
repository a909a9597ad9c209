// Small convex quadratic programs, solved exactly: what a predictive controller asks at each run.
#pragma once
#include <Eigen/Dense>
#include <cstdint>

namespace twin::decide {

// min x' H x / 2 + g' x with low <= A x <= high, row by row. H symmetric and positive definite. An
// infinite end is none; low = high is an equation.
struct QuadraticProgram {
  Eigen::MatrixXd hessian;   // H [variable][variable]
  Eigen::VectorXd gradient;  // g [variable]
  Eigen::MatrixXd rows;      // A [row][variable]
  Eigen::VectorXd low;       // [row]
  Eigen::VectorXd high;      // [row]
};

enum class Solved : std::uint8_t {
  Yes,
  Infeasible,  // no x keeps all rows
  BudgetSpent  // more steps would be needed; x keeps not all rows and is of no use
};

struct QuadraticSolution {
  Solved solved = Solved::Yes;
  Eigen::VectorXd x;  // [variable]
  Eigen::VectorXd
      multiplier;  // [row] above 0: its low end pushes up, below 0: its high end pushes down
  std::uint64_t steps = 0;
};

// The dual active-set method (D. Goldfarb and A. Idnani, Mathematical Programming 27, 1983): from the
// free minimum, the row that is broken most is added at a time, others dropped where they would pull.
// Finite and exact, and it knows when there is no solution; the active rows' small system is solved
// afresh at each step, which is what keeps it short: for tens of variables and hundreds of rows.
// core::Error for what is not finite, not as many, or an H that is not positive definite.
QuadraticSolution solve(const QuadraticProgram& program, std::uint64_t most_steps = 1'000);

}  // namespace twin::decide
