// If these failed, corrections would spread through the state otherwise than what is believed of it.
#include "twin/infer/variational/background.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "twin/contract/refusal.hpp"
#include "twin/infer/ensemble/example.hpp"
#include "twin/infer/ensemble/taper.hpp"
#include "twin/infer/variational/derivative_check.hpp"

namespace twin::infer::variational {
namespace {

constexpr core::Draw BackgroundSeed{.seed = 14, .member = 0};
constexpr double BackgroundNan = std::numeric_limits<double>::quiet_NaN();

Eigen::MatrixXd members(Eigen::Index variables, Eigen::Index count) {
  Eigen::MatrixXd x(variables, count);
  standard_normal(BackgroundSeed, 1, 0, x);
  return x;
}

Eigen::MatrixXd correlation(Eigen::Index size) {
  Eigen::MatrixXd c(size, size);
  for (Eigen::Index i = 0; i < size; ++i) {
    for (Eigen::Index j = 0; j < size; ++j) {
      c(i, j) = gaspari_cohn(static_cast<double>(i - j), 2.0);
    }
  }
  return c;
}

void has(const Background& b, const Eigen::MatrixXd& covariance) {
  EXPECT_LT((b.covariance() - covariance).norm(), 1e-12);
  EXPECT_LT(dot_product_test(b, BackgroundSeed), 1e-14);
}

TEST(Background, SampledIsTheCovarianceWhereItVaries) {
  // A climate with a conserved sum, and a wall that never moves, would be no background.
  Eigen::MatrixXd x = members(4, 50);
  x.row(2) = -x.row(0) - x.row(1);
  x.row(3).setZero();
  const Eigen::MatrixXd b = x * x.transpose() / 49.0;
  const Background background = Background::sampled(b);
  EXPECT_EQ(background.controls(), 2);
  EXPECT_LT((background.covariance() - b).cwiseAbs().maxCoeff(), 1e-12);
  EXPECT_EQ(Background::sampled(Eigen::Matrix2d::Identity()).controls(), 2);
  EXPECT_EQ(
      contract::refusal([&] { Background::sampled(Eigen::Matrix2d::Constant(BackgroundNan)); }),
      "a sampled B is not finite (does the model run away?)");
}

TEST(Background, HasItsCovariance) {
  // Each kind would be of another B than it says, or its adjoint not its own.
  const Eigen::MatrixXd x = members(6, 4);
  const Eigen::MatrixXd p = covariance_of(x);
  const Eigen::MatrixXd c = correlation(6);
  const Eigen::VectorXd v = Eigen::VectorXd::LinSpaced(6, 0.5, 3.0);
  const Background full = Background::full(c);
  const Background sample = Background::ensemble(x);
  has(Background::diagonal(v), v.asDiagonal());
  has(full, c);
  has(Background::semidefinite(p), p);
  has(Background::semidefinite(Eigen::MatrixXd::Zero(2, 2)), Eigen::MatrixXd::Zero(2, 2));
  has(Background::root(x), x * x.transpose());
  has(sample, p);
  has(Background::localised(x, full), p.cwiseProduct(c));
  has(Background::hybrid({{0.3, full}, {0.7, sample}}), 0.3 * c + 0.7 * p);
  Eigen::MatrixXd both = Eigen::MatrixXd::Zero(12, 12);
  both.topLeftCorner(6, 6) = c;
  both.bottomRightCorner(6, 6) = p;
  has(Background::stacked({full, sample}), both);
  has(Background::of(
          6, 6, [&](const Eigen::VectorXd& z) { return Eigen::VectorXd(2.0 * z); },
          [&](const Eigen::VectorXd& z) { return Eigen::VectorXd(2.0 * z); }),
      4.0 * Eigen::MatrixXd::Identity(6, 6));
}

TEST(Background, LocalisedRepeatsItsPlaces) {
  // A state of several moments, or of several quantities at each place, would be localised in part only.
  const Eigen::MatrixXd x = members(6, 5);
  const Eigen::MatrixXd c = correlation(3);
  has(Background::localised(x, Background::full(c)),
      covariance_of(x).cwiseProduct(c.replicate(2, 2)));
}

TEST(Background, HybridHasItsLimits) {
  // A weight of one part alone would leave a trace of the other.
  const Eigen::MatrixXd x = members(4, 3);
  const Background fixed = Background::full(correlation(4)), sample = Background::ensemble(x);
  EXPECT_EQ(Background::hybrid({{1.0, fixed}, {0.0, sample}}).covariance(), fixed.covariance());
  EXPECT_EQ(Background::hybrid({{0.0, fixed}, {1.0, sample}}).covariance(), sample.covariance());
}

TEST(Background, SaysWhatIsWrong) {
  // A covariance that no state can have would work in silence.
  using contract::refusal;
  const Eigen::MatrixXd one = Eigen::MatrixXd::Identity(2, 2);
  EXPECT_EQ(
      refusal([&] { Background::full(Eigen::MatrixXd::Ones(2, 2)); }),
      "B is not positive definite (some combination of its variables has no variance) are two "
      "of them the same?");
  EXPECT_EQ(refusal([&] { Background::full(Eigen::MatrixXd::Zero(2, 3)); }),
            "B is 2 x 3 (must be 2 x 2)");
  EXPECT_EQ(refusal([&] { Background::diagonal(Eigen::Vector2d(1.0, 0.0)); }),
            "B(1, 1) = 0 (a variance must be positive)");
  EXPECT_EQ(refusal([&] { Background::diagonal(Eigen::Vector2d(BackgroundNan, 1.0), "Q"); }),
            "Q(0, 0) = nan (a variance must be positive)");
  EXPECT_EQ(refusal([&] { Background::semidefinite(-one, "Q"); }),
            "Q(0, 0) = -1 (a variance must not be negative)");
  EXPECT_EQ(refusal([&] { Background::root(one * BackgroundNan); }),
            "the root of B is not finite (every entry must be)");
  EXPECT_EQ(refusal([&] { Background::ensemble(one.leftCols(1)); }),
            "the ensemble has 1 member (its covariance needs at least 2)");
  Eigen::MatrixXd lost = one;
  lost(0, 1) = BackgroundNan;
  EXPECT_EQ(refusal([&] { Background::ensemble(lost); }),
            "member 1 is not finite (it is lost) leave it out?");
  EXPECT_EQ(refusal([&] { Background::localised(members(3, 3), Background::full(one)); }),
            "3 variables with a correlation of 2 places (must be a multiple of them)");
  const Background b = Background::full(one);
  EXPECT_EQ(refusal([&] {
              Background::hybrid({{-0.1, b}});
            }),
            "the weight of part 0 is -0.1 (must not be negative)");
  EXPECT_EQ(refusal([&] {
              Background::hybrid({{0.0, b}});
            }),
            "all parts have weight 0 (nothing would be uncertain)");
  EXPECT_EQ(refusal([&] {
              Background::hybrid({{0.5, b}, {0.5, Background::ensemble(members(3, 3))}});
            }),
            "part 1 has 3 variables, part 0 has 2 (must be as many)");
}

}  // namespace
}  // namespace twin::infer::variational
