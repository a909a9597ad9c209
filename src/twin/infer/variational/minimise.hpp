// The most likely state: minimum over the control v of
//   J(v) = |v|^2 / 2 + |R^-1/2 (y - g(xb + U v))|^2 / 2,
// by Gauss-Newton in outer loops, each solved by conjugate gradients on the Hessian I + U' G' R^-1 G U
// in inner ones (incremental variational assimilation: Courtier, Thepaut, Hollingsworth 1994; Lawless,
// Gratton, Nichols 2005). 3D-Var, 3D-EnVar, 4D-Var and 4DEnVar differ in U and g alone.
#pragma once
#include <Eigen/Dense>
#include <cstdint>
#include <vector>

#include "twin/infer/noise.hpp"
#include "twin/infer/variational/background.hpp"
#include "twin/infer/variational/operator.hpp"

namespace twin::infer::variational {

struct Cost {
  Background background;  // U
  Operator observed;      // g: [variable] -> [observation]
  Eigen::VectorXd first;  // xb: [variable]
  Eigen::VectorXd y;      // [observation]; none at all are allowed
  Noise noise;            // R
};

enum class Search : std::uint8_t { FullStep, Backtracking };

struct Minimisation {
  int outer = 10;          // Gauss-Newton steps at most
  int inner = 200;         // conjugate-gradient iterations in each at most
  double gradient = 1e-6;  // converged: |grad J| is below this share of its first value
  double residual = 1e-4;  // of the inner loop, share of its first value; the outer loop repairs
  // Backtracking: the step is halved until J falls by 1e-4 of what its slope promises (Armijo 1966).
  Search search = Search::Backtracking;
};

enum class End : std::uint8_t {
  Converged,
  Stopped,  // the outer loops were used up: the best state so far is given
  Stuck,    // no step along the search direction lowers J: is the adjoint right?
  Lost      // g(xb) is no number: x is xb
};

struct OuterLoop {
  double background = 0.0;  // |v|^2 / 2 before the step
  double observations = 0.0;
  double gradient = 0.0;  // |grad J|
  int inner = 0;          // conjugate-gradient iterations
  double step = 0.0;      // share of the Gauss-Newton step that was taken; 0: none

  [[nodiscard]] double cost() const { return background + observations; }
};

struct Minimum {
  End end = End::Lost;
  Eigen::VectorXd x;             // xb + U v: [variable]
  Eigen::VectorXd v;             // [control]
  std::vector<OuterLoop> loops;  // the last one is where it ended
};

// Errors: sizes that do not fit; y not finite; settings that cannot be.
Minimum minimise(const Cost& cost, const Minimisation& how = {});

// U (I + U' G' R^-1 G U)^-1 U' at x: the covariance of what is not known after looking, exact where g
// is linear. [variable][variable]; as many tangents as there are controls: for small problems.
Eigen::MatrixXd posterior_covariance(const Cost& cost, const Eigen::VectorXd& x);

}  // namespace twin::infer::variational
