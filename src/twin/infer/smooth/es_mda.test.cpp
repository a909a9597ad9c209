// If these failed, observations taken in bites would count for more or less than they are worth.
#include "twin/infer/smooth/es_mda.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numeric>

#include "twin/contract/refusal.hpp"
#include "twin/infer/ensemble/example.hpp"

namespace twin::infer::smooth {
namespace {

constexpr core::Draw EsMdaSeed{.seed = 12, .member = 0};
constexpr double EsMdaNan = std::numeric_limits<double>::quiet_NaN();

Forward forward_of(const Example& e) {
  return [h = e.h](const Eigen::MatrixXd& x) { return Passage{.observed = h * x, .end = {}}; };
}

TEST(EsMda, InBitesIsOneMealOnALinearProblem) {
  // Bites would not add up to the Kalman filter's answer: exactly, by square roots.
  Example e = random_example(4, 3, 9, 91);
  e.r(0, 1) = e.r(1, 0) = 0.2;
  const KalmanAnswer k = kalman_answer(e);
  const Noise noise = Noise::full(e.r);
  for (const Filter filter : {Filter::Etkf, Filter::Estkf, Filter::SerialEnsrf}) {
    for (const auto& alpha : {mda_coefficients(1), mda_coefficients(4), mda_coefficients(6, 0.5),
                              std::vector<double>{28.0 / 3.0, 7.0, 4.0, 2.0}}) {
      Eigen::MatrixXd x = e.x;
      const Innovation told =
          es_mda({.filter = filter}, alpha, forward_of(e), e.y, noise, EsMdaSeed, 0, x);
      EXPECT_LT((x.rowwise().mean() - k.mean).norm(), 1e-10);
      EXPECT_LT((covariance_of(x) - k.covariance).norm(), 1e-10);
      EXPECT_NEAR(told.log_likelihood, k.log_likelihood, 1e-10);
    }
  }
}

TEST(EsMda, PerturbedIsTheKalmanFilterForManyMembers) {
  // The published form would be biased. The first bite's mean is exact; later gains are off by the
  // sampling error of the covariance, sqrt(2/N) of the correction at most, and the covariance by
  // sqrt(2/N) of its size: five of each.
  constexpr Eigen::Index Members = 400;
  Example e = random_example(2, 2, 8, 93);
  e.x = with_moments(e.x.rowwise().mean(), covariance_of(e.x), Members);
  const KalmanAnswer k = kalman_answer(e);
  Eigen::MatrixXd x = e.x;
  es_mda(
      {.filter = Filter::PerturbedEnkf}, mda_coefficients(4),
      [&](const Eigen::MatrixXd& at) { return Passage{.observed = e.h * at, .end = {}}; }, e.y,
      Noise::full(e.r), EsMdaSeed, 0, x);
  const double share = 5.0 * std::sqrt(2.0 / Members);
  EXPECT_LT((x.rowwise().mean() - k.mean).norm(), share * (k.mean - e.x.rowwise().mean()).norm());
  EXPECT_LT((covariance_of(x) - k.covariance).norm(), share * covariance_of(e.x).norm());
}

// What shows of a decay: start x(0), rate x(1), seen at times 1 to 4.
Passage decay(const Eigen::MatrixXd& x) {
  Passage p{.observed = Eigen::MatrixXd(4, x.cols()), .end = {}};
  for (Eigen::Index t = 0; t < 4; ++t) {
    p.observed.row(t) =
        (x.row(0).array() * (-static_cast<double>(t + 1) * x.row(1).array()).exp()).matrix();
  }
  return p;
}

TEST(EsMda, FindsParametersAndStatesTogether) {
  // Start and rate of a decay would not be found from four looks at it. Nonlinear: one meal misses the
  // posterior mean, summed here over a grid, and eight bites must miss it by less than half as much.
  const Eigen::Vector2d prior(1.0, 1.0), variances(0.5, 0.1);
  constexpr double Variance = 0.01;
  const Eigen::VectorXd y = decay(Eigen::Vector2d(2.0, 0.5)).observed;
  Eigen::Vector2d exact(0.0, 0.0);
  double total = 0.0;
  for (double a = -2.0; a < 4.0; a += 0.01) {
    for (double b = -0.5; b < 2.5; b += 0.01) {
      const Eigen::Vector2d x(a, b);
      const double misfit = (y - decay(x).observed).squaredNorm() / Variance;
      const double p =
          std::exp(-0.5 * (misfit + ((x - prior).array().square() / variances.array()).sum()));
      exact += p * x;
      total += p;
    }
  }
  exact /= total;
  const auto missed = [&](int bites) {
    Eigen::MatrixXd x = with_moments(prior, variances.asDiagonal(), 100);
    es_mda({}, mda_coefficients(bites, 0.6), decay, y, Noise::equal(4, Variance), EsMdaSeed, 0, x);
    return (x.rowwise().mean() - exact).norm();
  };
  EXPECT_LT(missed(8), 0.5 * missed(1));
}

TEST(EsMda, CoefficientsAddUp) {
  // The helper would make what the method refuses.
  EXPECT_EQ(mda_coefficients(4), (std::vector<double>{4.0, 4.0, 4.0, 4.0}));
  for (const double ratio : {0.3, 1.0, 2.0}) {
    for (const int count : {1, 2, 7}) {
      EXPECT_EQ(contract::refusal([&] { check_coefficients(mda_coefficients(count, ratio)); }),
                "accepted");
    }
  }
  EXPECT_NEAR(mda_coefficients(3, 0.5)[1] / mda_coefficients(3, 0.5)[0], 0.5, 1e-15);
}

TEST(EsMda, SaysWhatIsWrong) {
  // Observations would count twice, or half, in silence.
  const auto of = [](const std::vector<double>& alpha) {
    return contract::refusal([&] { check_coefficients(alpha); });
  };
  EXPECT_EQ(of({}), "no coefficients (must be at least 1)");
  EXPECT_EQ(of({2.0, 0.0}), "coefficient 1 is 0 (must be positive and finite)");
  EXPECT_EQ(of({EsMdaNan}), "coefficient 0 is nan (must be positive and finite)");
  EXPECT_EQ(of({2.0, 4.0}),
            "the inverses of the 2 coefficients sum to 0.75 (must be 1, or the observations count "
            "more or less than once)");
  EXPECT_EQ(contract::refusal([] { static_cast<void>(mda_coefficients(0)); }),
            "0 coefficients (must be at least 1)");
  EXPECT_EQ(contract::refusal([] { static_cast<void>(mda_coefficients(2, -1.0)); }),
            "ratio of the coefficients = -1 (must be positive and finite)");
  const Example e = random_example(3, 2, 4, 95);
  const auto run = [&](const Eigen::VectorXd& y, Eigen::MatrixXd x) {
    return contract::refusal(
        [&] { es_mda({}, {1.0}, forward_of(e), y, Noise::equal(2, 1.0), EsMdaSeed, 0, x); });
  };
  EXPECT_EQ(run(Eigen::Vector2d(1.0, EsMdaNan), e.x),
            "observation 1 is nan (must be finite) leave it out where it is missing?");
  EXPECT_EQ(run(e.y, e.x.leftCols(1)),
            "the ensemble has 1 member (its covariance needs at least 2)");
}

TEST(EsMda, WithoutObservationsNothingChanges) {
  // Nothing seen would still move the parameters.
  const Example e = random_example(3, 0, 4, 97);
  Eigen::MatrixXd x = e.x;
  es_mda({}, mda_coefficients(3), forward_of(e), e.y, Noise::equal(0, 1.0), EsMdaSeed, 0, x);
  EXPECT_EQ(x, e.x);
}

}  // namespace
}  // namespace twin::infer::smooth
