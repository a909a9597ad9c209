// If these failed, derivatives that nobody wrote by hand would be those of another function.
#include "twin/infer/variational/automatic.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "twin/infer/variational/derivative_check.hpp"

namespace twin::infer::variational {
namespace {

constexpr core::Draw AutomaticSeed{.seed = 24, .member = 0};

// A pendulum for ten steps, a product, and a constant.
const auto Pendulum = [](const auto& x) {
  using std::sin;
  typename std::remove_cvref_t<decltype(x)>::PlainObject y(4);
  auto angle = x[0], rate = x[1];
  for (int i = 0; i < 10; ++i) {
    rate -= 0.1 * sin(angle);
    angle += 0.1 * rate;
  }
  y[0] = angle;
  y[1] = rate;
  y[2] = x[0] * x[1];
  y[3] = 2.0;
  return y;
};

TEST(Automatic, DerivativesAreThoseOfTheFunction) {
  // The rules of differentiation would be broken somewhere on the way.
  const Eigen::VectorXd x = Eigen::Vector2d(0.8, -0.4);
  const Operator g = by_dual_numbers(Pendulum);
  EXPECT_LT(dot_product_test(g, x, AutomaticSeed), 1e-15);
  const TaylorTest t = taylor_test(g, x, AutomaticSeed);
  EXPECT_NEAR(t.order, 2.0, 0.1);
  EXPECT_LT(t.relative_error, 1e-6);
  EXPECT_DOUBLE_EQ(g(x).tangent(Eigen::Vector2d(1.0, 0.0))[2], -0.4);
  EXPECT_EQ(g(x).tangent(Eigen::Vector2d(1.0, 1.0))[3], 0.0);
}

TEST(Automatic, AgreesWithDifferences) {
  // The two ways to a derivative would part: differences are right to step^2.
  const Eigen::VectorXd x = Eigen::Vector2d(0.8, -0.4), dx = Eigen::Vector2d(0.3, 0.7);
  const Operator differences =
      by_differences([](const Eigen::VectorXd& at) { return Eigen::VectorXd(Pendulum(at)); }, 1e-5);
  EXPECT_LT((by_dual_numbers(Pendulum)(x).tangent(dx) - differences(x).tangent(dx)).norm(), 1e-9);
}

}  // namespace
}  // namespace twin::infer::variational
