// If this failed, particle filters would be scored by another mean than theirs.
#include "twin/infer/particle/weighted_scores.hpp"

#include <gtest/gtest.h>

namespace twin::infer::particle {
namespace {

TEST(WeightedScores, AreThoseOfTheMembersThatTheWeightsStandFor) {
  // Weights 3 and 1 on members 0 and 4: mean 1, variance 3; whatever the weights' sum.
  const Eigen::MatrixXd x = (Eigen::MatrixXd(2, 2) << 0.0, 4.0, 0.0, 4.0).finished();
  for (const double scale : {1.0, 0.25}) {
    const Eigen::VectorXd w = scale * Eigen::Vector2d(3.0, 1.0);
    const auto s = weighted_scores(x, w, 4.0 * scale, Eigen::Vector2d(1.5, 1.5));
    EXPECT_NEAR(s.rmse, 0.5, 1e-15);
    EXPECT_NEAR(s.spread, std::sqrt(3.0), 1e-15);
  }
}

}  // namespace
}  // namespace twin::infer::particle
