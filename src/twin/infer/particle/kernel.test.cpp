// If these failed, resampled particles would be moved apart too far or not enough, or along the
// wrong directions.
#include "twin/infer/particle/kernel.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "twin/infer/noise.hpp"

namespace twin::infer::particle {
namespace {

// The kernel would have another shape than the members.
TEST(Kernel, HasTheWeightedCovariance) {
  for (const Eigen::Index members : {4, 50}) {  // anomalies, and triangular
    Eigen::MatrixXd x(3, members);
    standard_normal({.seed = 1, .member = 0}, 0, 0, x);
    std::vector<double> w;
    double sum = 0.0;
    for (Eigen::Index i = 0; i < members; ++i) {
      w.push_back(1.0 + static_cast<double>(i % 5));
      sum += w.back();
    }
    const Spread s = spread_of(x, w);
    Eigen::VectorXd mean = Eigen::VectorXd::Zero(3);
    double squares = 0.0;
    for (Eigen::Index i = 0; i < members; ++i) {
      const double v = w[static_cast<std::size_t>(i)] / sum;
      mean += v * x.col(i);
      squares += v * v;
    }
    Eigen::MatrixXd c = Eigen::MatrixXd::Zero(3, 3);
    for (Eigen::Index i = 0; i < members; ++i) {
      const double v = w[static_cast<std::size_t>(i)] / sum;
      c += v / (1.0 - squares) * (x.col(i) - mean) * (x.col(i) - mean).transpose();
    }
    EXPECT_LT((s.mean - mean).norm(), 1e-14);
    EXPECT_LT((s.root * s.root.transpose() - c).norm(), 1e-13);
  }
}

// A single heavy member must not freeze the ensemble, a lost one must not spoil it, and variables
// that are sums of others must not stop it.
TEST(Kernel, LivesWithDegenerateMembers) {
  Eigen::MatrixXd x(2, 6);
  x << 1, 2, 3, 4, 5, 6, 2, 4, 6, 8, 10, 12;
  const Spread equal = spread_of(x, std::vector<double>(6, 1.0));
  EXPECT_NEAR((equal.root * equal.root.transpose())(0, 0), 3.5, 1e-13);
  EXPECT_NEAR((equal.root * equal.root.transpose())(1, 1), 14.0, 1e-13);
  const Spread heavy = spread_of(x, std::vector<double>{0, 0, 7, 0, 0, 0});
  EXPECT_LT((heavy.root * heavy.root.transpose() - equal.root * equal.root.transpose()).norm(),
            1e-13);
  x.col(1).setConstant(std::numeric_limits<double>::quiet_NaN());
  EXPECT_TRUE(spread_of(x, std::vector<double>{1, 0, 1, 1, 1, 1}).root.allFinite());
  EXPECT_EQ(spread_of(x.leftCols(1), std::vector<double>{2.0}).root.norm(), 0.0);
}

TEST(Kernel, RuleOfThumb) {
  EXPECT_NEAR(rule_of_thumb(100, 3), std::pow(100.0, -1.0 / 7.0), 1e-15);
}

}  // namespace
}  // namespace twin::infer::particle
