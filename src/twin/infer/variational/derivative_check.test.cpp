// If these failed, a user would trust a wrong derivative, or mistrust a right one.
#include "twin/infer/variational/derivative_check.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace twin::infer::variational {
namespace {

constexpr core::Draw DerivativeCheckSeed{.seed = 16, .member = 0};
const Eigen::VectorXd X = Eigen::Vector3d(0.3, 1.1, -0.7);

// A wave of three; `fault` is planted in one entry of tangent and adjoint.
Operator wave(double fault_of_tangent, double fault_of_adjoint) {
  return [=](const Eigen::VectorXd& x) {
    Eigen::MatrixXd j = Eigen::MatrixXd::Zero(3, 3);
    for (Eigen::Index i = 0; i < 3; ++i) j(i, (i + 1) % 3) = std::cos(x[(i + 1) % 3]);
    Eigen::MatrixXd back = j.transpose();
    j(0, 1) += fault_of_tangent;
    back(1, 0) += fault_of_adjoint;
    Eigen::VectorXd value(3);
    for (Eigen::Index i = 0; i < 3; ++i) value[i] = std::sin(x[(i + 1) % 3]);
    return Linearised{
        .value = value,
        .tangent = [j](const Eigen::VectorXd& dx) { return Eigen::VectorXd(j * dx); },
        .adjoint = [back](const Eigen::VectorXd& dy) { return Eigen::VectorXd(back * dy); }};
  };
}

TEST(DerivativeCheck, PassesWhatIsRight) {  // Wrong: good models would be sent back.
  EXPECT_LT(dot_product_test(wave(0.0, 0.0), X, DerivativeCheckSeed), 1e-15);
  const TaylorTest t = taylor_test(wave(0.0, 0.0), X, DerivativeCheckSeed);
  EXPECT_NEAR(t.order, 2.0, 0.05);
  EXPECT_LT(t.relative_error, 1e-6);
  ASSERT_EQ(t.step.size(), 6U);
  EXPECT_DOUBLE_EQ(t.step[1], 1e-2);
}

TEST(DerivativeCheck, FindsAPlantedFault) {  // Wrong: bad ones would pass.
  EXPECT_GT(dot_product_test(wave(0.0, 1e-6), X, DerivativeCheckSeed), 1e-9);
  EXPECT_GT(dot_product_test(wave(1e-6, 0.0), X, DerivativeCheckSeed), 1e-9);
  EXPECT_LT(dot_product_test(wave(0.1, 0.1), X, DerivativeCheckSeed),
            1e-15);  // that is for the other test
  const TaylorTest t = taylor_test(wave(0.1, 0.1), X, DerivativeCheckSeed);
  EXPECT_LT(t.order, 1.5);
  EXPECT_GT(t.relative_error, 1e-3);
}

TEST(DerivativeCheck, KnowsALinearFunction) {  // Wrong: round-off would be read as an order.
  const Eigen::MatrixXd h = Eigen::MatrixXd::Identity(3, 3) * 2.0;
  EXPECT_TRUE(std::isinf(taylor_test(linear(h), X, DerivativeCheckSeed).order));
}

}  // namespace
}  // namespace twin::infer::variational
