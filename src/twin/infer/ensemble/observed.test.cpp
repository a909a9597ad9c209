// If these failed, filters would start from wrong anomalies, or run on from broken observations.
#include "twin/infer/ensemble/observed.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "twin/contract/refusal.hpp"
#include "twin/infer/ensemble/example.hpp"

namespace twin::infer {
namespace {

constexpr double ObservedNan = std::numeric_limits<double>::quiet_NaN();

TEST(Observed, IsWhitened) {
  // An observation's weight would depend on its unit: S S^T must be R^-1/2 HPH^T R^-1/2.
  const Example e = random_example(4, 3, 6, 1);
  const Observed o = observe(e.hx(), e.y, Noise::full(e.r));
  const Eigen::MatrixXd root = e.r.diagonal().cwiseSqrt().asDiagonal();
  const Eigen::MatrixXd hph = e.h * covariance_of(e.x) * e.h.transpose();
  EXPECT_LT((root * o.anomalies * o.anomalies.transpose() * root - hph).norm(), 1e-13);
  EXPECT_LT((root * o.innovation - (e.y - e.h * e.x.rowwise().mean())).norm(), 1e-14);
}

TEST(Observed, PerturbationsSumToNothing) {
  // The mean of the members would be shaken by chance, or their errors be too small on average.
  Example e = random_example(4, 300, 5, 2);
  Observed o = observe(e.hx(), e.y, Noise::full(e.r));
  perturb(o, {.seed = 3, .member = 0}, 1, 0);
  EXPECT_LT(o.perturbations.rowwise().sum().cwiseAbs().maxCoeff(), 1e-14);
  // Sample variances of 300 rows, each of 4 degrees of freedom times 5/4: mean 1.25 as in Evensen's
  // scaling of the centred draws, standard error 1.25 sqrt(2/1200).
  const double variance = o.perturbations.squaredNorm() / (300.0 * 4.0);
  EXPECT_NEAR(variance, 1.25, 5.0 * 1.25 * std::sqrt(2.0 / 1200.0));
}

TEST(Observed, InnovationIsThatOfTheDenseNormal) {
  // The evidence for a model would be wrong: chi-square and log-likelihood against the p x p form.
  const Example e = random_example(4, 7, 5, 3);
  const Gram gram = gram_of(observe(e.hx(), e.y, Noise::full(e.r)));
  const Innovation innovation = innovation_of(gram, spectrum_of(gram.c, gram.b));
  const KalmanAnswer k = kalman_answer(e);
  EXPECT_EQ(innovation.observations, 7);
  EXPECT_NEAR(innovation.chi_square, k.chi_square, 1e-11);
  EXPECT_NEAR(innovation.log_likelihood, k.log_likelihood, 1e-11);
}

TEST(Observed, SaysWhatIsWrong) {
  // A mistake in the observations would come out as a state that is not a number.
  const Example e = random_example(4, 3, 6, 4);
  const Noise noise = Noise::equal(3, 1.0);
  const Eigen::MatrixXd hx = e.hx();
  EXPECT_EQ(contract::refusal([&] { observe(hx.leftCols(1), e.y, noise); }),
            "the ensemble has 1 member (its covariance needs at least 2)");
  EXPECT_EQ(contract::refusal([&] { observe(hx.topRows(2), e.y, noise); }),
            "3 observations for an observed ensemble of 2 (must be as many)");
  EXPECT_EQ(contract::refusal([&] { observe(hx, e.y, Noise::equal(2, 1.0)); }),
            "3 observations with an error covariance of 2 (must be as many)");
  Eigen::VectorXd y = e.y;
  y[1] = ObservedNan;
  EXPECT_EQ(contract::refusal([&] { observe(hx, y, noise); }),
            "observation 1 is nan (must be finite) leave it out where it is missing?");
  Eigen::MatrixXd lost = hx;
  lost(2, 4) = ObservedNan;
  EXPECT_EQ(contract::refusal([&] { observe(lost, e.y, noise); }),
            "observed member 4 is not finite (it is lost) replace it before the analysis?");
}

}  // namespace
}  // namespace twin::infer
