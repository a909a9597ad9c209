// If these failed, gross errors would get in, good observations be thrown away, or either unseen.
#include "twin/infer/craft/quality.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "twin/contract/refusal.hpp"
#include "twin/infer/ensemble/analysis.hpp"
#include "twin/infer/ensemble/example.hpp"

namespace twin::infer {
namespace {

constexpr double QualityNan = std::numeric_limits<double>::quiet_NaN();

// Three components that show independent numbers of mean 0 and variance 4.
Eigen::MatrixXd shown() {
  return with_moments(Eigen::Vector3d::Zero(), 4.0 * Eigen::Matrix3d::Identity(), 7);
}

TEST(Quality, GrossErrorsAreNamedAndLeftOut) {
  // The check would be of another width than it says: sqrt(HPH^T + R) = sqrt(5), 3 of them 6.708.
  const Noise noise = Noise::equal(3, 1.0);
  const Judgement j =
      judge({.gross = 3.0}, shown(), Eigen::Vector3d(6.70, -6.71, QualityNan), noise);
  EXPECT_EQ(j.fates, (std::vector{Fate::Used, Fate::Gross, Fate::Missing}));
  EXPECT_EQ(j.kept, std::vector<Eigen::Index>{0});
  EXPECT_EQ(j.noise.size(), 1);
  EXPECT_NEAR(j.chi_square, 6.70 * 6.70 / 5.0, 1e-12);
  EXPECT_EQ(j.present, 1);
}

TEST(Quality, ModerationBoundsTheIncrement) {
  // One observation alone could still carry the forecast away: the analysis moves by at most K of the
  // forecast's deviations, and near the forecast as without moderation (Sakov, Sandery 2017).
  const Noise noise = Noise::equal(1, 1.0);
  const Eigen::MatrixXd hx = shown().topRows(1);
  for (const double y : {0.01, 3.0, 30.0, 3e6}) {
    const Judgement j = judge({.moderation = 2.0}, hx, Eigen::VectorXd::Constant(1, y), noise);
    Eigen::MatrixXd x = hx;
    analyse({}, hx, Eigen::VectorXd::Constant(1, y), j.noise, {}, 0, x);
    EXPECT_LE(x.mean(), 2.0 * 2.0 + 1e-9);
    if (y < 1.0) {
      EXPECT_NEAR(x.mean(), 4.0 / 5.0 * y, 1e-5);
    }
    if (y > 1e6) {
      EXPECT_NEAR(x.mean(), 4.0, 1e-4);
    }
    EXPECT_EQ(j.fates[0], y > 1.0 ? Fate::Moderated : Fate::Used);
  }
}

TEST(Quality, TheGateTakesTheObservationWhole) {
  // Components that are each possible would pass though together they are not.
  const Noise noise = Noise::equal(3, 1.0);
  const Eigen::Vector3d y(5.0, 5.0, 5.0);  // each 2.2 deviations; together chi-square 15
  const Judgement in = judge({.false_alarm = 1e-3}, shown(), y, noise);
  EXPECT_NEAR(in.chi_square, 15.0, 1e-10);
  EXPECT_EQ(in.kept.size(), 3U);  // the limit is 16.27
  const Judgement out = judge({.false_alarm = 1e-2}, shown(), y, noise);
  EXPECT_EQ(out.fates, std::vector(3, Fate::Gated));  // 11.34
  EXPECT_TRUE(out.kept.empty());
  EXPECT_EQ(out.noise.size(), 0);
}

TEST(Quality, CorrelationsOfErrorsStay) {
  // Where a component is missing or moderated the others' errors would change, or R lose its inverse.
  Eigen::Matrix3d r;
  r << 1.0, 0.6, 0.2, 0.6, 2.0, 0.5, 0.2, 0.5, 1.5;
  const Noise noise = Noise::full(r);
  const Judgement some = judge({}, shown(), Eigen::Vector3d(0.1, QualityNan, 0.2), noise);
  EXPECT_NEAR(some.noise.covariance()(0, 1), 0.2, 1e-14);
  EXPECT_NEAR(some.noise.covariance()(1, 1), 1.5, 1e-14);
  const Judgement larger =
      judge({.moderation = 1.0}, shown(), Eigen::Vector3d(0.0, 50.0, 0.0), noise);
  const Eigen::MatrixXd c = larger.noise.covariance();
  EXPECT_GT(c(1, 1), 10.0);
  EXPECT_NEAR(c(0, 1) / std::sqrt(c(0, 0) * c(1, 1)), 0.6 / std::sqrt(2.0), 1e-12);
  EXPECT_NEAR(c(0, 0), 1.0, 1e-12);
}

TEST(Quality, CorrelatedErrorsReachTheAnalysis) {
  // End to end: an observation with a missing component and correlated errors is the Kalman update
  // with the rows that are there.
  Example e = random_example(4, 3, 8, 5);
  e.r << 0.5, 0.2, 0.0, 0.2, 0.6, -0.1, 0.0, -0.1, 0.7;
  Eigen::VectorXd y = e.y;
  y[0] = QualityNan;
  const Judgement j = judge({}, e.hx(), y, Noise::full(e.r));
  Example less = e;
  less.h = e.h.bottomRows(2).eval();
  less.y = e.y.tail(2).eval();
  less.r = e.r.bottomRightCorner(2, 2).eval();
  Eigen::MatrixXd x = e.x;
  analyse({}, less.hx(), less.y, j.noise, {}, 0, x);
  const KalmanAnswer k = kalman_answer(less);
  EXPECT_LT((x.rowwise().mean() - k.mean).norm(), 1e-10);
  EXPECT_LT((covariance_of(x) - k.covariance).norm(), 1e-10);
  EXPECT_NEAR(j.chi_square, k.chi_square, 1e-10);
}

TEST(Quality, SaysWhatIsWrong) {
  // A mistaken policy would let all or nothing through.
  const auto policy = [](const QualityPolicy& p) {
    return contract::refusal([&] { check_quality(p); });
  };
  EXPECT_EQ(policy({}), "accepted");
  EXPECT_EQ(policy({.gross = 0.0}), "gross = 0 (must be positive; infinite: off)");
  EXPECT_EQ(policy({.moderation = -1.0}), "moderation = -1 (must be positive; infinite: off)");
  EXPECT_EQ(policy({.false_alarm = 1.0}), "false_alarm = 1 (must lie in [0, 1); 0: off)");
  const Noise noise = Noise::equal(3, 1.0);
  const Eigen::Vector3d infinite(0.0, std::numeric_limits<double>::infinity(), 0.0);
  EXPECT_EQ(contract::refusal([&] { judge({}, shown(), infinite, noise); }),
            "observation 1 is inf (must be finite) leave it out where it is missing?");
  EXPECT_EQ(contract::refusal([&] { judge({}, shown(), Eigen::Vector2d(0, 0), noise); }),
            "2 observations for an observed ensemble of 3 (must be as many)");
  EXPECT_EQ(
      contract::refusal([&] { judge({}, shown().leftCols(1), Eigen::Vector3d::Zero(), noise); }),
      "the ensemble has 1 member (its covariance needs at least 2)");
}

}  // namespace
}  // namespace twin::infer
