// If these failed, a filter could be started with a belief or a noise that cannot be.
#include "twin/infer/kalman/gaussian.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "twin/infer/kalman/dense.hpp"

namespace twin::infer::kalman {
namespace {

using dense::message_of;

// Wrong: the same mistake would be caught in one size and not in the other.
TEST(Gaussian, SaysWhatIsWrong) {
  const Matrix<2, 2> bad = Vector<2>(1.0, -1.0).asDiagonal();
  const std::string r = "R(1, 1) = -1 (a variance must be positive)";
  EXPECT_EQ(message_of([&] { ObservationNoise<2>{bad}; }), r);
  EXPECT_EQ(message_of([&] { ObservationNoise<Eigen::Dynamic>{Eigen::MatrixXd(bad)}; }), r);
  EXPECT_EQ(message_of([&] { ProcessNoise<2>{bad}; }),
            "Q(1, 1) = -1 (a variance must not be negative)");
  EXPECT_EQ(message_of([&] { gaussian<2>(Vector<2>::Zero(), bad); }),
            "P(1, 1) = -1 (a variance must be positive)");
  EXPECT_EQ(message_of([&] {
              gaussian<Eigen::Dynamic>(Eigen::VectorXd::Zero(3), Eigen::MatrixXd::Identity(2, 2));
            }),
            "P is 2 x 2 (must be 3 x 3)");
  EXPECT_EQ(message_of([&] {
              gaussian<1>(Vector<1>::Constant(std::numeric_limits<double>::infinity()),
                          Matrix<1, 1>::Ones());
            }),
            "mean(0) = inf (must be finite)");
}

// Wrong: a filter would use another covariance than it was given.
TEST(Gaussian, KeepsWhatItIsGiven) {
  Matrix<2, 2> c;
  c << 4, 2, 2, 5;
  const Gaussian<2> b = gaussian<2>({1, 2}, c);
  EXPECT_EQ(b.mean, Vector<2>(1, 2));
  EXPECT_EQ(b.covariance, c);
  const ObservationNoise<2> r(c);
  const ProcessNoise<2> q(c);
  EXPECT_EQ(r.covariance(), c);
  EXPECT_TRUE((r.factor() * r.factor().transpose()).isApprox(c, 1e-15));
  EXPECT_TRUE((q.factor() * q.factor().transpose()).isApprox(c, 1e-15));
}

}  // namespace
}  // namespace twin::infer::kalman
