// If these failed, a filter's own residuals would accuse the wrong covariance.
#include "twin/infer/craft/desroziers.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "twin/contract/refusal.hpp"
#include "twin/infer/noise.hpp"

namespace twin::infer {
namespace {

// Forecast errors of covariance b and observation errors of covariance r, seen by a filter that
// believes in b_used and r_used: its residuals.
struct Trial {
  Eigen::Matrix2d b, r, b_used, r_used;
  [[nodiscard]] Desroziers run(std::uint32_t count, double memory) const {
    Desroziers statistics(2, memory);
    const Eigen::Matrix2d gain = b_used * (b_used + r_used).inverse();
    const Eigen::Matrix2d root_b = b.llt().matrixL(), root_r = r.llt().matrixL();
    Eigen::MatrixXd z(2, 2);
    for (std::uint32_t i = 0; i < count; ++i) {
      standard_normal({.seed = 8, .member = 0}, 1, i, z);
      const Eigen::Vector2d d = root_b * z.col(0) + root_r * z.col(1);
      statistics.add(d, d - gain * d);
    }
    return statistics;
  }
};

Eigen::Matrix2d matrix(double a, double b, double c) {
  return (Eigen::Matrix2d() << a, b, b, c).finished();
}

TEST(Desroziers, FindsWhatAFilterRightlyBelieves) {
  // The diagnostics of a right filter would accuse it: 40,000 residuals, relative standard error of a
  // product's mean about sqrt(2/40000) of the innovation's variance.
  const Trial t{matrix(2.0, 0.5, 1.0), matrix(0.5, 0.1, 0.8), matrix(2.0, 0.5, 1.0),
                matrix(0.5, 0.1, 0.8)};
  const auto a = t.run(40000, std::numeric_limits<double>::infinity()).answer().value();
  const double near = 5.0 * 2.5 * std::sqrt(2.0 / 40000.0);
  EXPECT_LT((a.innovation - t.b - t.r).cwiseAbs().maxCoeff(), near);
  EXPECT_LT((a.error - t.r).cwiseAbs().maxCoeff(), near);
  EXPECT_LT((a.background - t.b).cwiseAbs().maxCoeff(), near);
  const Eigen::Matrix2d analysis = t.b - t.b * (t.b + t.r).inverse() * t.b;
  EXPECT_LT((a.analysis - analysis).cwiseAbs().maxCoeff(), near);
  EXPECT_LT(a.asymmetry, 0.05);
  EXPECT_NEAR(a.effective_count, 40000.0, 1e-6);
}

TEST(Desroziers, LeadsFromAWrongErrorToTheRightOne) {
  // A wrong R would not be mended: with B right, R := its diagnostic is a fixed-point iteration that
  // comes to the true R (Desroziers et al. 2005).
  Trial t{matrix(2.0, 0.5, 1.0), matrix(0.5, 0.1, 0.8), matrix(2.0, 0.5, 1.0),
          matrix(2.0, 0.0, 0.2)};
  for (int i = 0; i < 40; ++i) {
    t.r_used = t.run(20000, std::numeric_limits<double>::infinity()).answer().value().error;
  }
  EXPECT_LT((t.r_used - t.r).cwiseAbs().maxCoeff(), 5.0 * 2.5 * std::sqrt(2.0 / 20000.0) * 2.0);
}

TEST(Desroziers, ForgetsAtTheStatedRate) {
  // Old residuals would count for ever, or the last one alone.
  Desroziers statistics(1, 100.0);
  const Eigen::VectorXd one = Eigen::VectorXd::Ones(1), three = Eigen::VectorXd::Constant(1, 3.0);
  for (int i = 0; i < 5000; ++i) statistics.add(one, one);
  for (int i = 0; i < 100; ++i) statistics.add(three, three);
  EXPECT_NEAR(statistics.answer()->innovation(0, 0), 9.0 - 8.0 * std::exp(-1.0), 1e-6);
  EXPECT_NEAR(statistics.answer()->effective_count, 200.0, 0.1);
}

TEST(Desroziers, SaysWhatIsWrong) {
  EXPECT_EQ(contract::refusal([] { Desroziers(0, 1.0); }),
            "residual statistics of 0 observations (needs at least 1)");
  EXPECT_EQ(contract::refusal([] { Desroziers(1, 0.0); }),
            "memory = 0 of residual statistics (must be positive)");
  Desroziers s(2, 10.0);
  EXPECT_EQ(contract::refusal([&] { s.add(Eigen::Vector2d(0, 0), Eigen::VectorXd::Zero(1)); }),
            "2 residuals before and 1 after for statistics of 2");
  EXPECT_EQ(
      contract::refusal([&] { s.add(Eigen::Vector2d(0, std::nan("")), Eigen::Vector2d(0, 0)); }),
      "a residual is not finite (the statistics would be lost)");
  EXPECT_FALSE(s.answer().has_value());
}

}  // namespace
}  // namespace twin::infer
