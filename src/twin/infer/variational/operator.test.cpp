// If these failed, a minimisation would follow slopes that are not those of what it minimises.
#include "twin/infer/variational/operator.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "twin/contract/refusal.hpp"
#include "twin/infer/variational/derivative_check.hpp"

namespace twin::infer::variational {
namespace {

constexpr core::Draw OperatorSeed{.seed = 15, .member = 0};

const Map Bent = [](const Eigen::VectorXd& x) {
  return Eigen::VectorXd(Eigen::Vector3d(x[0] * x[1], std::sin(x[0]), x[1] * x[1] * x[1]));
};
const auto Slope = [](const Eigen::VectorXd& x) {
  Eigen::MatrixXd j(3, 2);
  j << x[1], x[0], std::cos(x[0]), 0.0, 0.0, 3.0 * x[1] * x[1];
  return j;
};
const Eigen::VectorXd OperatorX = Eigen::Vector2d(0.4, 1.3);

TEST(Operator, AllWaysOfLinearisingAgree) {
  // The derivative would depend on how it was come by. Differences: step^2/6 of a third derivative of
  // at most 6, and round-off of 1e-16 over the step.
  const Linearised exact = with_jacobian(Bent, Slope)(OperatorX);
  const Linearised differences = by_differences(Bent, 1e-5)(OperatorX);
  EXPECT_EQ(exact.value, differences.value);
  for (Eigen::Index i = 0; i < 2; ++i) {
    const Eigen::VectorXd dx = Eigen::VectorXd::Unit(2, i);
    EXPECT_LT((exact.tangent(dx) - Slope(OperatorX).col(i)).norm(), 1e-15);
    EXPECT_LT((exact.tangent(dx) - differences.tangent(dx)).norm(), 1e-9);
  }
  EXPECT_LT(dot_product_test(with_jacobian(Bent, Slope), OperatorX, OperatorSeed), 1e-15);
  EXPECT_LT(dot_product_test(by_differences(Bent, 1e-5), OperatorX, OperatorSeed), 1e-15);
  EXPECT_NEAR(taylor_test(with_jacobian(Bent, Slope), OperatorX, OperatorSeed).order, 2.0, 0.1);
}

TEST(Operator, ComposedIsOneAfterTheOther) {
  // The chain rule would be broken: value, tangent and adjoint of a product of matrices.
  Eigen::MatrixXd a(3, 2), b(4, 3);
  a << 1.0, 2.0, 3.0, 4.0, 5.0, 6.0;
  b << 1.0, 0.0, 2.0, 0.0, 1.0, 1.0, 3.0, 0.0, 0.0, 1.0, 1.0, 1.0;
  const Linearised both = composed(linear(a), linear(b))(OperatorX);
  EXPECT_LT((both.value - b * a * OperatorX).norm(), 1e-14);
  EXPECT_LT((both.tangent(OperatorX) - b * a * OperatorX).norm(), 1e-14);
  const Eigen::VectorXd y = Eigen::Vector4d(1.0, -1.0, 2.0, 0.5);
  EXPECT_LT((both.adjoint(y) - (b * a).transpose() * y).norm(), 1e-14);
  EXPECT_EQ(composed(identity(), linear(a))(OperatorX).value, a * OperatorX);
  EXPECT_NEAR(
      taylor_test(composed(with_jacobian(Bent, Slope), linear(b)), OperatorX, OperatorSeed).order,
      2.0, 0.1);
}

TEST(Operator, ValuesCostNoDerivative) {
  // A line search would pay for Jacobians that nobody looks at.
  int runs = 0;
  const Operator g = by_differences(
      [&](const Eigen::VectorXd& x) {
        ++runs;
        return Bent(x);
      },
      1e-5);
  const Linearised at = g(OperatorX);
  EXPECT_EQ(runs, 1);
  at.tangent(OperatorX);
  at.adjoint(at.value);
  EXPECT_EQ(runs, 5);
}

TEST(Operator, SaysWhatIsWrong) {
  // A wrong shape would read beyond a matrix.
  using contract::refusal;
  EXPECT_EQ(refusal([] { linear(Eigen::MatrixXd::Zero(1, 3))(OperatorX); }),
            "H is 1 x 3 for a state of 2 (must have as many columns)");
  EXPECT_EQ(refusal([] { by_differences(Bent, 0.0); }),
            "step of the differences = 0 (must be positive and finite)");
  EXPECT_EQ(refusal([] { by_differences(Bent, Eigen::VectorXd::Constant(3, 0.1))(OperatorX); }),
            "3 steps for a state of 2 (must be as many)");
  const auto wrong = [](const Eigen::VectorXd&) {
    return Eigen::MatrixXd(Eigen::MatrixXd::Zero(2, 2));
  };
  EXPECT_EQ(refusal([&] { with_jacobian(Bent, wrong)(OperatorX).tangent(OperatorX); }),
            "the Jacobian is 2 x 2 (must be 3 x 2)");
}

}  // namespace
}  // namespace twin::infer::variational
