// If these failed, a filter would start from a covariance that no random vector has, and its gain
// would be an opinion.
#include "twin/infer/kalman/covariance.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>

#include "twin/infer/kalman/dense.hpp"

namespace twin::infer::kalman {
namespace {

using dense::message_of;

Eigen::MatrixXd two(double a, double b, double c, double d) {
  Eigen::MatrixXd m(2, 2);
  m << a, b, c, d;
  return m;
}

std::string definite(const Eigen::MatrixXd& m) {
  return message_of([&] { static_cast<void>(positive_definite_factor(m, "R")); });
}
std::string semidefinite(const Eigen::MatrixXd& m) {
  return message_of([&] { static_cast<void>(semidefinite_factor(m, "Q")); });
}

// Wrong: the square-root filter would run with another noise than it was told. The factor of
// [[4, 2], [2, 5]] by hand is [[2, 0], [1, 2]].
TEST(Covariance, FactorByHand) {
  const Eigen::MatrixXd l = positive_definite_factor(two(4, 2, 2, 5), "R");
  EXPECT_TRUE(l.isApprox(two(2, 0, 1, 2), 1e-15)) << l;
}

// Wrong: noise that enters in one direction only, such as an acceleration, would be refused. The
// scales of the variables differ by 10^12, as they do between hours and microns.
TEST(Covariance, FactorOfSingularNoise) {
  const Eigen::Vector3d g{1e-6, 0.0, 1e6};
  const Eigen::MatrixXd q = g * g.transpose();
  const Eigen::MatrixXd a = semidefinite_factor(q, "Q");
  for (Eigen::Index i = 0; i < 3; ++i) {
    for (Eigen::Index j = 0; j < 3; ++j)
      EXPECT_NEAR((a * a.transpose())(i, j), q(i, j), 1e-12 * g[i] * g[j]) << i << j;
  }
  EXPECT_TRUE(semidefinite_factor(two(0, 0, 0, 0), "Q").isZero(0.0));
}

// Wrong: a user would look for the mistake in the wrong matrix or the wrong element.
TEST(Covariance, SaysWhatIsWrong) {
  EXPECT_EQ(definite(Eigen::MatrixXd::Zero(2, 3)), "R is 2 x 3 (must be 2 x 2)");
  EXPECT_EQ(definite(Eigen::MatrixXd(0, 0)), "R has no rows (must have one)");
  EXPECT_EQ(definite(two(1, 0.5, 0.25, 1)), "R(1, 0) = 0.25 and R(0, 1) = 0.5 (must be symmetric)");
  EXPECT_EQ(definite(two(1, 0, 0, -3)), "R(1, 1) = -3 (a variance must be positive)");
  EXPECT_EQ(definite(two(0, 0, 0, 1)), "R(0, 0) = 0 (a variance must be positive)");
  EXPECT_EQ(definite(two(1, 0, 0, std::numeric_limits<double>::quiet_NaN())),
            "R(1, 1) = nan (must be finite)");
  const std::string none =
      "R is not positive definite (some combination of its variables has no variance) are two of "
      "them the same?";
  EXPECT_EQ(definite(two(1, 1, 1, 1)), none);
  EXPECT_EQ(definite(two(1, 2, 2, 1)), none);
  EXPECT_EQ(semidefinite(two(1, 0, 0, -3)), "Q(1, 1) = -3 (a variance must not be negative)");
  const std::string negative =
      "Q is not positive semidefinite (some combination of its variables has a negative variance)";
  EXPECT_EQ(semidefinite(two(1, 2, 2, 1)), negative);
  EXPECT_EQ(semidefinite(two(0, 1, 1, 0)), negative);
}

// Wrong: every log-likelihood would be off. det [[4, 2], [2, 5]] = 16.
TEST(Covariance, LogDeterminantByHand) {
  const Eigen::VectorXd diagonal = Eigen::Vector2d{2.0, -2.0};
  EXPECT_NEAR(log_determinant_of_square(diagonal), std::log(16.0), 1e-15);
}

}  // namespace
}  // namespace twin::infer::kalman
