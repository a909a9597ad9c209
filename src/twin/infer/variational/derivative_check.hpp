// Two tests of derivatives that a user runs on a model or an observation operator before trusting a
// minimisation with it. A wrong adjoint is not seen in the cost: it only never gets to the minimum.
#pragma once
#include <Eigen/Dense>
#include <vector>

#include "twin/core/draw.hpp"
#include "twin/infer/variational/background.hpp"
#include "twin/infer/variational/operator.hpp"

namespace twin::infer::variational {

// |<G dx, dy> - <dx, G' dy>| over |G dx| |dy| + |dx| |G' dy|, for random dx and dy named by `draw`: some
// machine epsilons (1e-13, say) where the adjoint is that of the tangent, whatever both are worth.
double dot_product_test(const Map& tangent, const Map& adjoint, Eigen::Index variables,
                        Eigen::Index rows, const core::Draw& draw);
double dot_product_test(const Operator& g, const Eigen::VectorXd& x, const core::Draw& draw);
double dot_product_test(const Background& background, const core::Draw& draw);

// What g(x + h dx) is off from its tangent for steps h that shrink tenfold.
struct TaylorTest {
  std::vector<double> step;       // h: [step], falling
  std::vector<double> remainder;  // |g(x + h dx) - g(x) - h G dx|: [step]
  // The slope of log remainder over log h, the steepest between any two neighbours: 2 where the tangent
  // is right and g is curved, 1 where it is wrong. Infinite where the remainder is round-off from
  // the first step on: g is linear, and G right.
  double order = 0.0;
  // The least remainder over h |G dx|: how far the tangent can be trusted. Far above 1e-6: it is wrong.
  double relative_error = 0.0;
};

// dx is random, named by `draw`, of length `first` [the state's unit], and shrinks tenfold `steps` times.
TaylorTest taylor_test(const Operator& g, const Eigen::VectorXd& x, const core::Draw& draw,
                       double first = 1e-1, int steps = 6);

}  // namespace twin::infer::variational
