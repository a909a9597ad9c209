// If these failed, every filter would weigh its observations wrongly, or take an error covariance
// that no observation can have.
#include "twin/infer/noise.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>

#include "twin/contract/refusal.hpp"
#include "twin/math/distributions.hpp"

namespace twin::infer {
namespace {

constexpr double NoiseNan = std::numeric_limits<double>::quiet_NaN();

Eigen::MatrixXd correlated() {
  Eigen::MatrixXd r(3, 3);
  r << 2.0, 0.5, 0.1, 0.5, 1.0, -0.3, 0.1, -0.3, 4.0;
  return r;
}

TEST(Noise, WhitensToTheIdentity) {
  // Whitened errors would not be independent of variance 1.
  for (const Noise& noise :
       {Noise::full(correlated()), Noise::diagonal(Eigen::Vector3d(4.0, 1.0, 0.25))}) {
    const Eigen::MatrixXd r = noise.covariance();
    Eigen::MatrixXd half = r;  // L^-1 R
    noise.whiten(half);
    Eigen::MatrixXd whole = half.transpose();  // L^-1 R L^-T
    noise.whiten(whole);
    EXPECT_LT((whole - Eigen::MatrixXd::Identity(3, 3)).norm(), 1e-14);
    Eigen::MatrixXd back = half;
    noise.colour(back);
    EXPECT_LT((back - r).norm(), 1e-14);
    EXPECT_NEAR(noise.log_determinant(), std::log(r.determinant()), 1e-14);
  }
  EXPECT_LT((Noise::full(correlated()).covariance() - correlated()).norm(), 1e-14);
}

TEST(Noise, ScalesAndTransposes) {
  // Errors taken in bites would be of another size, and gradients of another slope.
  for (const Noise& noise :
       {Noise::full(correlated()), Noise::diagonal(Eigen::Vector3d(4.0, 1.0, 0.25))}) {
    const Noise larger = noise.scaled(3.0);
    EXPECT_LT((larger.covariance() - 3.0 * noise.covariance()).norm(), 1e-14);
    EXPECT_NEAR(larger.log_determinant(), std::log(larger.covariance().determinant()), 1e-14);
    Eigen::MatrixXd inverse = Eigen::MatrixXd::Identity(3, 3);  // L^-T L^-1
    noise.whiten(inverse);
    noise.whiten_transposed(inverse);
    EXPECT_LT((inverse * noise.covariance() - Eigen::MatrixXd::Identity(3, 3)).norm(), 1e-13);
  }
}

TEST(Noise, DrawsHaveTheirCovariance) {
  // Synthetic observations would have another error than the filter believes.
  constexpr Eigen::Index Count = 40000;
  Eigen::MatrixXd y(3, Count);
  Noise::full(correlated()).draw({.seed = 5, .member = 0}, 1, 2, y);
  const Eigen::MatrixXd seen = y * y.transpose() / static_cast<double>(Count);
  const Eigen::MatrixXd r = correlated();
  for (int i = 0; i < 3; ++i) {
    for (int j = 0; j < 3; ++j) {
      // Standard error of a sample covariance of normals; 5 of them: once in 10^6.
      const double error = std::sqrt((r(i, i) * r(j, j) + r(i, j) * r(i, j)) / Count);
      EXPECT_NEAR(seen(i, j), r(i, j), 5.0 * error) << i << ' ' << j;
    }
  }
}

TEST(Noise, AMemberKeepsItsNumbersInALargerEnsemble) {
  // Adding members would change the runs of those that were there.
  Eigen::MatrixXd few(2, 3), many(2, 5), shifted(2, 1);
  standard_normal({.seed = 1, .member = 0}, 7, 0, few);
  standard_normal({.seed = 1, .member = 0}, 7, 0, many);
  standard_normal({.seed = 1, .member = 4}, 7, 0, shifted);
  EXPECT_EQ(few, many.leftCols(3));
  EXPECT_EQ(shifted, many.rightCols(1));
}

TEST(Noise, NumbersAreThoseOfTheirDraw) {
  // A wide ensemble and a tall one are drawn along different sides.
  for (const Eigen::Index rows : {3, 40}) {
    Eigen::MatrixXd z(rows, 20);
    standard_normal({.seed = 6, .member = 9}, 7, 8, z);
    for (Eigen::Index j = 0; j < z.cols(); ++j) {
      const core::Draw member{.seed = 6, .member = static_cast<std::uint32_t>(9 + j)};
      for (Eigen::Index i = 0; i < rows; ++i) {
        EXPECT_EQ(z(i, j), math::normal(member.uniform(7, static_cast<std::uint32_t>(i), 8)));
      }
    }
  }
}

TEST(Noise, SaysWhatIsWrong) {
  // A filter would divide by zero, or run on with an impossible error.
  EXPECT_EQ(contract::refusal([] { Noise::diagonal(Eigen::Vector2d(1.0, 0.0)); }),
            "the error variance of observation 1 is 0 (must be positive and finite)");
  EXPECT_EQ(contract::refusal([] { Noise::diagonal(Eigen::Vector2d(-2.5, 1.0)); }),
            "the error variance of observation 0 is -2.5 (must be positive and finite)");
  EXPECT_EQ(contract::refusal([] { Noise::equal(2, NoiseNan); }),
            "the error variance of observation 0 is nan (must be positive and finite)");
  EXPECT_EQ(contract::refusal([] { Noise::full(Eigen::MatrixXd::Zero(2, 3)); }),
            "the error covariance has 2 rows and 3 columns (must be square)");
  Eigen::MatrixXd r = correlated();
  r(0, 2) = NoiseNan;
  EXPECT_EQ(contract::refusal([&] { Noise::full(r); }),
            "the covariance of observations 0 and 2 is nan (must be finite)");
  r(0, 2) = 0.2;
  EXPECT_EQ(contract::refusal([&] { Noise::full(r); }),
            "the covariance of observations 0 and 2 is 0.2 one way and 0.1 the other (must be "
            "symmetric)");
  const std::string singular =
      "the error covariance of 3 observations is not positive definite (it must have an inverse) "
      "is one of them a combination of the others?";
  const Eigen::Vector3d one(1.0, 2.0, 3.0);
  EXPECT_EQ(contract::refusal([&] { Noise::full(one * one.transpose()); }), singular);
  Eigen::MatrixXd twice = Eigen::MatrixXd::Identity(3, 3);
  twice(0, 1) = twice(1, 0) = 1.0;
  EXPECT_EQ(contract::refusal([&] { Noise::full(twice); }), singular);
  EXPECT_EQ(contract::refusal([&] { Noise::full(-Eigen::MatrixXd::Identity(3, 3)); }), singular);
}

}  // namespace
}  // namespace twin::infer
