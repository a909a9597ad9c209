// If these failed, a filter would not be the one whose name it bears: each is held against the
// Kalman filter written out, and against the others.
#include "twin/infer/ensemble/filters.hpp"

#include <gtest/gtest.h>

#include "twin/infer/ensemble/example.hpp"

namespace twin::infer {
namespace {

constexpr double Near = 1e-10;

// Four variables, three correlated observations, moments that are not those of a sample.
Example exact_example(Eigen::Index members) {
  Example e = random_example(4, 3, members, 11);
  const Eigen::MatrixXd p = covariance_of(random_example(4, 3, 9, 12).x);
  e.x = with_moments(Eigen::Vector4d(1.0, -2.0, 0.5, 3.0), p, members);
  e.r << 0.5, 0.2, 0.0, 0.2, 0.6, -0.1, 0.0, -0.1, 0.7;
  return e;
}

Eigen::MatrixXd analysed(const Example& e, const Transform& t) {
  Eigen::MatrixXd x = e.x;
  apply(t, {}, x);
  return x;
}

Eigen::VectorXd mean_of(const Eigen::MatrixXd& x) { return x.rowwise().mean(); }

TEST(EnsembleFilters, AreTheKalmanFilterOnExactMoments) {
  // The square-root filters would not be filters at all.
  const Example e = exact_example(8);
  const KalmanAnswer k = kalman_answer(e);
  const Observed o = observe(e.hx(), e.y, Noise::full(e.r));
  for (const auto& filter : {etkf, estkf, serial_ensrf}) {
    const Transform t = filter(o);
    const Eigen::MatrixXd x = analysed(e, t);
    EXPECT_LT((mean_of(x) - k.mean).norm(), Near);
    EXPECT_LT((covariance_of(x) - k.covariance).norm(), Near);
    EXPECT_NEAR(t.innovation.chi_square, k.chi_square, Near);
    EXPECT_NEAR(t.innovation.log_likelihood, k.log_likelihood, Near);
    EXPECT_EQ(t.innovation.observations, 3);
  }
}

TEST(EnsembleFilters, WithPerturbationsAreTheKalmanFilterWhereThesePlayNoTrick) {
  // Perturbed observations would give too little or too much spread: with perturbations of exact
  // covariance R and none with the members, the sample covariance is the Kalman filter's.
  const Example e = exact_example(12);
  const KalmanAnswer k = kalman_answer(e);
  Observed o = observe(e.hx(), e.y, Noise::full(e.r));
  o.perturbations = std::sqrt(11.0) * subspace_basis(12).middleCols(5, 3).transpose();
  const Transform t = perturbed_enkf(o);
  const Eigen::MatrixXd x = analysed(e, t);
  EXPECT_LT((mean_of(x) - k.mean).norm(), Near);
  EXPECT_LT((covariance_of(x) - k.covariance).norm(), Near);
  EXPECT_NEAR(t.innovation.log_likelihood, k.log_likelihood, Near);
}

TEST(EnsembleFilters, PerturbedUpdatesEachMemberByTheGain) {
  // Each member must move by K (y + its error - what it shows).
  const Example e = random_example(6, 4, 5, 21);
  Observed o = observe(e.hx(), e.y, Noise::full(e.r));
  perturb(o, {.seed = 1, .member = 0}, 9, 0);
  const Eigen::MatrixXd errors =
      Eigen::MatrixXd(e.r.diagonal().cwiseSqrt().asDiagonal()) * o.perturbations;
  const Eigen::MatrixXd expected =
      e.x + kalman_answer(e).gain * ((errors - e.hx()).colwise() + e.y).eval();
  EXPECT_LT((analysed(e, perturbed_enkf(o)) - expected).norm(), Near);
}

TEST(EnsembleFilters, DenkfHalvesTheGainOnAnomalies) {
  // It would be another filter: P^a = (I - KH/2) P (I - KH/2)^T.
  const Example e = random_example(6, 4, 5, 22);
  const KalmanAnswer k = kalman_answer(e);
  const Eigen::MatrixXd x = analysed(e, denkf(observe(e.hx(), e.y, Noise::full(e.r))));
  const Eigen::MatrixXd half = Eigen::MatrixXd::Identity(6, 6) - 0.5 * k.gain * e.h;
  EXPECT_LT((mean_of(x) - k.mean).norm(), Near);
  EXPECT_LT((covariance_of(x) - half * covariance_of(e.x) * half.transpose()).norm(), Near);
}

TEST(EnsembleFilters, AgreeWhereMembersAreFew) {
  // Fewer members than variables or observations: serial and ETKF share the covariance, ESTKF with
  // its symmetric root shares every member with the ETKF.
  for (const Eigen::Index observations : {3, 30}) {
    const Example e = random_example(20, observations, 6, 31);
    const Observed o = observe(e.hx(), e.y, Noise::full(e.r));
    const Eigen::MatrixXd by_etkf = analysed(e, etkf(o));
    const Eigen::MatrixXd by_serial = analysed(e, serial_ensrf(o));
    EXPECT_LT((by_etkf - analysed(e, estkf(o))).norm(), Near);
    EXPECT_LT((mean_of(by_etkf) - mean_of(by_serial)).norm(), Near);
    EXPECT_LT((covariance_of(by_etkf) - covariance_of(by_serial)).norm(), Near);
    EXPECT_GT((by_etkf - by_serial).norm(), 1e-3) << "they differ by a rotation";
  }
}

TEST(EnsembleFilters, KeepTheMeanOfAnomalies) {
  // The members would no longer lie around their mean: T 1 must be a multiple of 1.
  const Example e = random_example(20, 7, 6, 41);
  Observed o = observe(e.hx(), e.y, Noise::full(e.r));
  perturb(o, {.seed = 1, .member = 0}, 9, 0);
  for (const auto& filter : {etkf, denkf, estkf, serial_ensrf, perturbed_enkf}) {
    const Eigen::VectorXd sums = filter(o).anomalies.rowwise().sum();
    EXPECT_LT((sums.array() - 1.0).abs().maxCoeff(), 1e-12);
  }
  const Eigen::VectorXd sums = finite_size_enkf(o, 1.0).anomalies.rowwise().sum();
  EXPECT_LT((sums.array() - sums[0]).abs().maxCoeff(), 1e-12);
}

TEST(FiniteSize, InflatesByTheMinimiserOfTheDual) {
  // It would inflate by some number, not by the one that the data ask for.
  for (const double surprise : {0.1, 1.0, 5.0, 50.0}) {
    Example e = random_example(10, 8, 5, 51);
    e.y = surprise * e.y;
    const Gram gram = gram_of(observe(e.hx(), e.y, Noise::full(e.r)));
    const Spectrum spectrum = spectrum_of(gram.c, gram.b);
    for (const double certainty : {1.0, 2.0}) {
      const double u = finite_size_inflation(spectrum, certainty);
      const double least = finite_size_cost(spectrum, certainty, u);
      // Between 1/100 and 100 times as much, in steps of 1 %, nothing is better.
      for (int i = -460; i <= 460; ++i) {
        const double other = finite_size_cost(spectrum, certainty, u * std::exp(0.01 * i));
        EXPECT_GE(other, least - 1e-12 * std::abs(least)) << surprise << ' ' << i;
      }
    }
  }
}

TEST(FiniteSize, IsAnEtkfOfTheInflatedPrior) {
  // The inflation would enter the mean but not the anomalies, or twice.
  const Example e = random_example(10, 8, 5, 52);
  const Transform t = finite_size_enkf(observe(e.hx(), 3.0 * e.y, Noise::full(e.r)), 1.0);
  EXPECT_GT(t.prior_inflation, 1.0);
  Example inflated = e;
  inflated.y = 3.0 * e.y;
  const Eigen::VectorXd mean = mean_of(e.x);
  inflated.x = (t.prior_inflation * (e.x.colwise() - mean)).colwise() + mean;
  const Observed o = observe(inflated.hx(), inflated.y, Noise::full(e.r));
  EXPECT_LT((analysed(e, t) - analysed(inflated, etkf(o))).norm(), Near);
}

TEST(FiniteSize, WithoutInformationDoesNothing) {
  // An ensemble would grow where nobody looks.
  Example e = random_example(10, 3, 5, 53);
  e.r *= 1e14;
  const Transform t = finite_size_enkf(observe(e.hx(), e.y, Noise::full(e.r)), 1.0);
  EXPECT_NEAR(t.prior_inflation, 1.0, 1e-12);
  EXPECT_LT((analysed(e, t) - e.x).norm(), 1e-9);
}

TEST(EnsembleFilters, RotateWithoutMovingTheMean) {
  // A rotation would change the mean or the covariance, or be the same every time.
  for (const Eigen::Index members : {2, 3, 24}) {
    const core::Draw draw{.seed = 8, .member = 0};
    const Eigen::MatrixXd q = mean_preserving_rotation(members, draw, 4, 0);
    EXPECT_LT((q * q.transpose() - Eigen::MatrixXd::Identity(members, members)).norm(), 1e-12);
    EXPECT_LT((q.rowwise().sum().array() - 1.0).abs().maxCoeff(), 1e-12);
    EXPECT_EQ(q, mean_preserving_rotation(members, draw, 4, 0));
    if (members > 2) {
      EXPECT_GT((q - mean_preserving_rotation(members, draw, 4, 1)).norm(), 0.1);
    }
  }
}

TEST(EnsembleFilters, RotationsFavourNoDirection) {
  // The rotations would not be uniform: of a uniform one in N - 1 = 3 dimensions the trace there
  // has mean 0 and variance 1; the mean of 4000 is within 5/sqrt(4000) but once in 10^6.
  double sum = 0.0;
  for (std::uint32_t i = 0; i < 4000; ++i) {
    sum += mean_preserving_rotation(4, {.seed = 9, .member = 0}, 4, i).trace() - 1.0;
  }
  EXPECT_NEAR(sum / 4000.0, 0.0, 5.0 / std::sqrt(4000.0));
}

TEST(EnsembleFilters, SubspaceRotationIsUniform) {
  // The same of the quick one: trace with mean 0 and variance 1 (whose square has variance below 2 in
  // 3 dimensions), and each entry's square with mean 1/3 and variance 4/45.
  constexpr int Count = 4000;
  double trace = 0.0, square = 0.0;
  Eigen::Matrix3d entries = Eigen::Matrix3d::Zero(), means = Eigen::Matrix3d::Zero();
  for (std::uint32_t i = 0; i < Count; ++i) {
    const Eigen::MatrixXd q = subspace_rotation(4, {.seed = 9, .member = 0}, 4, i);
    EXPECT_LT((q * q.transpose() - Eigen::MatrixXd::Identity(3, 3)).norm(), 1e-14);
    trace += q.trace();
    square += q.trace() * q.trace();
    entries += q.cwiseAbs2();
    means += q;
  }
  const double root = std::sqrt(static_cast<double>(Count));
  EXPECT_NEAR(trace / Count, 0.0, 5.0 / root);
  EXPECT_NEAR(square / Count, 1.0, 5.0 * std::sqrt(2.0) / root);
  EXPECT_LT((entries.array() / Count - 1.0 / 3.0).abs().maxCoeff(),
            5.5 * std::sqrt(4.0 / 45) / root);
  EXPECT_LT((means / Count).cwiseAbs().maxCoeff(), 5.5 / std::sqrt(3.0) / root);
  for (const Eigen::Index members : {2, 3, 24}) {
    const Eigen::MatrixXd q = subspace_rotation(members, {.seed = 1, .member = 0}, 4, 0);
    EXPECT_LT((q * q.transpose() - Eigen::MatrixXd::Identity(members - 1, members - 1)).norm(),
              1e-13);
  }
}

}  // namespace
}  // namespace twin::infer
