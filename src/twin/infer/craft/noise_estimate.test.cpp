// If these failed, a filter would be given noises that the data do not have.
#include "twin/infer/craft/noise_estimate.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "twin/contract/refusal.hpp"
#include "twin/infer/noise.hpp"
#include "twin/math/statistics.hpp"

namespace twin::infer {
namespace {

// Position and speed; the first is seen. The gain is not the right one.
LinearFilter cart() {
  LinearFilter f;
  f.transition = (Eigen::Matrix2d() << 1.0, 0.5, 0.0, 0.8).finished();
  f.entrance = Eigen::Vector2d(0.0, 1.0);
  f.op = Eigen::RowVector2d(1.0, 0.0);
  f.gain = Eigen::Vector2d(0.6, 0.4);
  return f;
}

// What the filter leaves of data with these variances.
Eigen::MatrixXd innovations(const LinearFilter& f, double q, double r, Eigen::Index count,
                            std::uint64_t seed) {
  Eigen::MatrixXd z(2, count + 100);
  standard_normal({.seed = seed, .member = 0}, 1, 0, z);
  Eigen::Vector2d x = Eigen::Vector2d::Zero(), believed = x;
  Eigen::MatrixXd out(1, count);
  for (Eigen::Index k = 0; k < count + 100; ++k) {
    const double d = x[0] + std::sqrt(r) * z(0, k) - believed[0];
    if (k >= 100) out(0, k - 100) = d;
    believed = f.transition * (believed + f.gain * d);
    x = f.transition * x + f.entrance * std::sqrt(q) * z(1, k);
  }
  return out;
}

TEST(NoiseEstimate, AutocovariancesAreThoseOfTheFilter) {
  // The fit would be to another process: by simulation, 200,000 innovations; products are correlated
  // over about 5 times, so the standard error is below c(0) sqrt(2 * 10/200000) = 0.01 c(0).
  const LinearFilter f = cart();
  const auto exact =
      autocovariances(f, Eigen::VectorXd::Constant(1, 0.7), Eigen::VectorXd::Ones(1), 4);
  const Eigen::MatrixXd d = innovations(f, 0.7, 1.0, 200000, 3);
  for (Eigen::Index lag = 0; lag < 4; ++lag) {
    const Eigen::Index n = d.cols() - lag;
    const double seen = (d.rightCols(n) * d.leftCols(n).transpose())(0, 0) / static_cast<double>(n);
    EXPECT_NEAR(seen, exact[static_cast<std::size_t>(lag)](0, 0), 0.05 * exact[0](0, 0)) << lag;
  }
}

TEST(NoiseEstimate, IsRightOnAverageOverManyRecords) {
  // Q and R would come out biased: over 40 records of 2000 innovations, five standard errors of their
  // mean as the records themselves show it.
  math::Moments process, observation;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    const NoiseVariances v = estimate_noise(cart(), innovations(cart(), 0.7, 1.0, 2000, seed), 8);
    process.add(v.process[0]);
    observation.add(v.observation[0]);
  }
  EXPECT_NEAR(process.mean(), 0.7, 5.0 * process.deviation() / std::sqrt(40.0));
  EXPECT_NEAR(observation.mean(), 1.0, 5.0 * observation.deviation() / std::sqrt(40.0));
  EXPECT_LT(process.deviation(), 0.2);
  EXPECT_LT(observation.deviation(), 0.2);
}

TEST(NoiseEstimate, VariancesAreNotNegative) {
  // Where there is no model noise, half the estimates would be none.
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    const NoiseVariances v = estimate_noise(cart(), innovations(cart(), 0.0, 1.0, 500, seed), 8);
    EXPECT_GE(v.process[0], 0.0);
    EXPECT_NEAR(v.observation[0], 1.0, 0.5);
    EXPECT_LT(v.process[0], 0.3);
  }
}

TEST(NoiseEstimate, SaysWhatIsWrong) {
  const Eigen::MatrixXd d = innovations(cart(), 0.7, 1.0, 100, 1);
  const auto refused = [&](const LinearFilter& f, const Eigen::MatrixXd& innovation,
                           Eigen::Index lags) {
    return contract::refusal([&] { static_cast<void>(estimate_noise(f, innovation, lags)); });
  };
  LinearFilter f = cart();
  f.gain.setZero();
  EXPECT_EQ(refused(f, d, 4),
            "the filter is not stable (spectral radius of F (I - K H) is 1.000, must be below 1)");
  f = cart();
  f.op = Eigen::RowVector3d(1.0, 0.0, 0.0);
  EXPECT_EQ(refused(f, d, 4), "F is 2 x 2, G 2 x 1, H 1 x 3, K 2 x 1 (do not fit together)");
  EXPECT_EQ(refused(cart(), d.leftCols(20), 4),
            "20 innovations for 2 unknown variances and 4 lags (needs 24)");
  EXPECT_EQ(refused(cart(), Eigen::MatrixXd::Zero(2, 100), 4),
            "innovations of 2 observations for an H of 1");
  EXPECT_EQ(
      refused(cart(), d, 1),
      "2 unknown variances are not told apart by 1 lags of 1 observations (fewer unknowns, or "
      "more lags?)");
  Eigen::MatrixXd bad = d;
  bad(0, 3) = std::nan("");
  EXPECT_EQ(refused(cart(), bad, 4), "an innovation is not finite");
}

}  // namespace
}  // namespace twin::infer
