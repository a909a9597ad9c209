// If these failed, hyper-parameters would be told that are not the likeliest.
#include "twin/infer/emulate/descent.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace twin::infer {
namespace {

using Eigen::VectorXd;

double rosenbrock(const VectorXd& x, VectorXd& slope) {
  const double a = 1 - x[0], b = x[1] - x[0] * x[0];
  slope << -2 * a - 400 * x[0] * b, 200 * b;
  return a * a + 100 * b * b;
}
DescentOptions square_box(Eigen::Index n, double low, double high) {
  DescentOptions o;
  o.low.setConstant(n, low);
  o.high.setConstant(n, high);
  o.tolerance = 1e-8;
  return o;
}

TEST(Descent, FindsTheEndOfABentValley) {
  VectorXd start(2);
  start << -1.2, 1.0;
  const Descent d = descend(rosenbrock, start, square_box(2, -5, 5));
  EXPECT_TRUE(d.converged);
  EXPECT_NEAR(d.x[0], 1.0, 1e-7);
  EXPECT_NEAR(d.x[1], 1.0, 1e-7);
  EXPECT_LT(d.evaluations, 100U);
}

TEST(Descent, StopsAtASide) {
  // With x1 <= 0.5 the least is at x1 = 0.5, x2 = 0.25: (1 - 0.5)^2.
  VectorXd start(2);
  start << -1.2, 1.0;
  DescentOptions o = square_box(2, -5, 5);
  o.high[0] = 0.5;
  const Descent d = descend(rosenbrock, start, o);
  EXPECT_TRUE(d.converged);
  EXPECT_EQ(d.x[0], 0.5);
  EXPECT_NEAR(d.x[1], 0.25, 1e-9);
  EXPECT_NEAR(d.value, 0.25, 1e-12);
}

TEST(Descent, TakesNoMoreThanTheSidesAllow) {
  // A plane: the corner. A start outside is moved inside.
  const auto plane = [](const VectorXd& x, VectorXd& slope) {
    slope << 1.0, -2.0, 0.0;
    return x[0] - 2 * x[1];
  };
  const Descent d = descend(plane, VectorXd::Constant(3, 9.0), square_box(3, -1, 1));
  EXPECT_TRUE(d.converged);
  EXPECT_EQ(d.x[0], -1.0);
  EXPECT_EQ(d.x[1], 1.0);
  EXPECT_EQ(d.x[2], 1.0);
}

TEST(Descent, WalksAroundPlacesWithoutAValue) {
  // x - log x, least at 1, has no value where x <= 0.
  const auto f = [](const VectorXd& x, VectorXd& slope) {
    slope << 1 - 1 / x[0];
    return x[0] > 0.0 ? x[0] - std::log(x[0]) : std::numeric_limits<double>::quiet_NaN();
  };
  const Descent d = descend(f, VectorXd::Constant(1, 3.0), square_box(1, -10, 10));
  EXPECT_TRUE(d.converged);
  EXPECT_NEAR(d.x[0], 1.0, 1e-7);
  const Descent none = descend(f, VectorXd::Constant(1, -3.0), square_box(1, -10, 10));
  EXPECT_FALSE(none.converged);
  EXPECT_EQ(none.evaluations, 1U);
  EXPECT_TRUE(std::isnan(none.value));
}

TEST(Descent, SaysWhenStepsWereUsedUp) {
  VectorXd start(2);
  start << -1.2, 1.0;
  DescentOptions o = square_box(2, -5, 5);
  o.steps = 3;
  const Descent d = descend(rosenbrock, start, o);
  EXPECT_FALSE(d.converged);
  VectorXd slope(2);
  EXPECT_LT(d.value, rosenbrock(start, slope));
}

}  // namespace
}  // namespace twin::infer
