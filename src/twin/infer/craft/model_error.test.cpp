// If these failed, an explicit model error would be another than stated, or shift the forecast.
#include "twin/infer/craft/model_error.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "twin/contract/refusal.hpp"
#include "twin/infer/ensemble/example.hpp"

namespace twin::infer {
namespace {

TEST(ModelError, HasTheStatedCovarianceAndNoMean) {
  // 20,000 members, five standard errors of a covariance; a singular covariance is allowed.
  Eigen::Matrix2d q;
  q << 1.0, 2.0, 2.0, 4.0;
  const double near = 5.0 * std::sqrt(2.0 / 20000.0) * 3.0;
  Eigen::MatrixXd x = Eigen::MatrixXd::Zero(2, 20000);
  ModelError::full(q).add(3.0, {.seed = 1, .member = 0}, 0, x);
  EXPECT_LT(x.rowwise().mean().norm(), 1e-12);
  EXPECT_LT((covariance_of(x) - 3.0 * q).cwiseAbs().maxCoeff(), 4.0 * near);
  Eigen::MatrixXd y = Eigen::MatrixXd::Zero(2, 20000);
  ModelError::diagonal(Eigen::Vector2d(0.5, 0.0)).add(2.0, {.seed = 1, .member = 0}, 0, y);
  EXPECT_NEAR(covariance_of(y)(0, 0), 1.0, near);
  EXPECT_EQ(y.row(1).norm(), 0.0);
}

TEST(ModelError, IsDrawnByName) {
  // A replay would differ; or every analysis get the same noise. No time, no noise.
  const ModelError e = ModelError::diagonal(Eigen::Vector2d(0.5, 1.0));
  const auto drawn = [&](std::uint32_t occasion, double ticks) {
    Eigen::MatrixXd x = Eigen::MatrixXd::Ones(2, 6);
    e.add(ticks, {.seed = 1, .member = 0}, occasion, x);
    return x;
  };
  EXPECT_EQ(drawn(1, 1.0), drawn(1, 1.0));
  EXPECT_NE(drawn(1, 1.0), drawn(2, 1.0));
  EXPECT_EQ(drawn(1, 0.0), Eigen::MatrixXd::Ones(2, 6));
}

TEST(ModelError, SaysWhatIsWrong) {
  EXPECT_EQ(contract::refusal([] { ModelError::diagonal(Eigen::Vector2d(0.5, -1.0)); }),
            "the model error's variance of variable 1 is -1 (must be finite and not negative)");
  const ModelError e = ModelError::diagonal(Eigen::Vector2d(0.5, 1.0));
  Eigen::MatrixXd x = Eigen::MatrixXd::Ones(3, 4);
  EXPECT_EQ(contract::refusal([&] { e.add(1.0, {}, 0, x); }),
            "model error of 2 variables for a state of 3");
  Eigen::MatrixXd y = Eigen::MatrixXd::Ones(2, 4);
  EXPECT_EQ(contract::refusal([&] { e.add(-1.0, {}, 0, y); }),
            "model error of -1 ticks (must be finite, at least 0)");
}

}  // namespace
}  // namespace twin::infer
