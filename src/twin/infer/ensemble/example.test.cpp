// If these failed, the filters would be compared with an answer that is itself wrong.
#include "twin/infer/ensemble/example.hpp"

#include <gtest/gtest.h>

namespace twin::infer {
namespace {

TEST(EnsembleExample, HasTheMomentsItIsGiven) {
  // An identity would be tested on an ensemble with other moments.
  Eigen::Matrix2d p;
  p << 2.0, 0.6, 0.6, 1.0;
  const Eigen::Vector2d mean(3.0, -1.0);
  const Eigen::MatrixXd x = with_moments(mean, p, 6);
  EXPECT_LT((x.rowwise().mean() - mean).norm(), 1e-14);
  EXPECT_LT((covariance_of(x) - p).norm(), 1e-14);
}

TEST(EnsembleExample, AnswersAsTheScalarKalmanFilter) {
  // The Kalman filter would be written wrongly: prior N(1, 2), y = 4 of variance 1 has the posterior
  // N(3, 2/3), an innovation of 3 with variance 3.
  Example e;
  e.x = with_moments(Eigen::VectorXd::Ones(1), Eigen::MatrixXd::Constant(1, 1, 2.0), 4);
  e.h = Eigen::MatrixXd::Ones(1, 1);
  e.y = Eigen::VectorXd::Constant(1, 4.0);
  e.r = Eigen::MatrixXd::Ones(1, 1);
  const KalmanAnswer k = kalman_answer(e);
  EXPECT_NEAR(k.mean[0], 3.0, 1e-14);
  EXPECT_NEAR(k.covariance(0, 0), 2.0 / 3.0, 1e-14);
  EXPECT_NEAR(k.chi_square, 3.0, 1e-14);
  EXPECT_NEAR(k.log_likelihood, -0.5 * (3.0 + std::log(6.0 * std::numbers::pi)), 1e-14);
}

}  // namespace
}  // namespace twin::infer
