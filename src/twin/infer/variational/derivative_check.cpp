#include "twin/infer/variational/derivative_check.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "twin/core/expect.hpp"
#include "twin/infer/noise.hpp"

namespace twin::infer::variational {
namespace {

enum CheckDraw : std::uint32_t { StateDraw = 0xA5000010, RowDraw = 0xA5000011 };

Eigen::VectorXd random_vector(Eigen::Index size, const core::Draw& draw, std::uint32_t what) {
  Eigen::MatrixXd z(size, 1);
  standard_normal(draw, what, 0, z);
  return z.col(0);
}

}  // namespace

double dot_product_test(const Map& tangent, const Map& adjoint, Eigen::Index variables,
                        Eigen::Index rows, const core::Draw& draw) {
  const Eigen::VectorXd dx = random_vector(variables, draw, StateDraw);
  const Eigen::VectorXd dy = random_vector(rows, draw, RowDraw);
  const Eigen::VectorXd forward = tangent(dx);
  const Eigen::VectorXd back = adjoint(dy);
  TWIN_EXPECT(forward.size() == rows && back.size() == variables, forward.size(), rows, back.size(),
              variables);
  const double scale = forward.norm() * dy.norm() + dx.norm() * back.norm();
  return scale == 0.0 ? 0.0 : std::abs(forward.dot(dy) - dx.dot(back)) / scale;
}

double dot_product_test(const Operator& g, const Eigen::VectorXd& x, const core::Draw& draw) {
  const Linearised at = g(x);
  return dot_product_test(at.tangent, at.adjoint, x.size(), at.value.size(), draw);
}

double dot_product_test(const Background& background, const core::Draw& draw) {
  return dot_product_test([&](const auto& v) { return background.correction(v); },
                          [&](const auto& x) { return background.adjoint(x); },
                          background.controls(), background.variables(), draw);
}

TaylorTest taylor_test(const Operator& g, const Eigen::VectorXd& x, const core::Draw& draw,
                       double first, int steps) {
  TWIN_EXPECT(first > 0.0 && steps >= 2, first, steps);
  const Eigen::VectorXd dx = random_vector(x.size(), draw, StateDraw).normalized();
  const Linearised at = g(x);
  const Eigen::VectorXd slope = at.tangent(dx);
  // Below this the remainder is round-off of the values that are subtracted.
  const double noise =
      64.0 * std::numeric_limits<double>::epsilon() * (at.value.norm() + slope.norm() * first);
  TaylorTest test;
  test.relative_error = std::numeric_limits<double>::infinity();
  double h = first;
  for (int i = 0; i < steps; ++i, h *= 0.1) {
    const double remainder = (g(x + h * dx).value - at.value - h * slope).norm();
    if (i > 0 && test.remainder.back() > noise) {
      const double order = std::log10(test.remainder.back() / std::max(remainder, noise));
      test.order = std::max(test.order, order);
    }
    test.step.push_back(h);
    test.remainder.push_back(remainder);
    test.relative_error = std::min(test.relative_error, remainder / (h * slope.norm()));
  }
  if (test.remainder.front() <= noise) test.order = std::numeric_limits<double>::infinity();
  return test;
}

}  // namespace twin::infer::variational
