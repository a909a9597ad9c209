// If these failed, the state given would not be the most likely one, or a search that failed would look
// like one that had not.
#include "twin/infer/variational/minimise.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "twin/contract/refusal.hpp"
#include "twin/infer/ensemble/analysis.hpp"
#include "twin/infer/ensemble/example.hpp"

namespace twin::infer::variational {
namespace {

constexpr core::Draw MinimiseSeed{.seed = 18, .member = 0};
constexpr double MinimiseNan = std::numeric_limits<double>::quiet_NaN();
// To the last digits, for identities.
constexpr Minimisation Tight{.gradient = 1e-13, .residual = 1e-13};

Cost cost_of(const Example& e, const Background& b) {
  return {.background = b,
          .observed = linear(e.h),
          .first = e.x.rowwise().mean(),
          .y = e.y,
          .noise = Noise::full(e.r)};
}

Example correlated_minimise() {
  Example e = random_example(5, 3, 20, 111);
  e.r(0, 2) = e.r(2, 0) = 0.3;
  return e;
}

TEST(Minimise, ThreeDVarIsTheKalmanUpdate) {
  // With a linear operator 3D-Var and the Kalman filter are one, mean and covariance.
  const Example e = correlated_minimise();
  const KalmanAnswer k = kalman_answer(e);
  const Cost cost = cost_of(e, Background::full(covariance_of(e.x)));
  const Minimum found = minimise(cost, Tight);
  EXPECT_EQ(found.end, End::Converged);
  EXPECT_LT((found.x - k.mean).norm(), 1e-10);
  EXPECT_LT((posterior_covariance(cost, found.x) - k.covariance).norm(), 1e-10);
  // The cost at the minimum is half the innovation's chi-square.
  EXPECT_NEAR(found.loops.back().cost(), 0.5 * k.chi_square, 1e-10);
}

TEST(Minimise, EnsembleVarIsTheTransformFilter) {
  // 3D-EnVar would not be the ETKF where it must, also with fewer members than variables.
  Example e = random_example(8, 5, 4, 113);
  const KalmanAnswer k = kalman_answer(e);
  const Cost cost = cost_of(e, Background::ensemble(e.x));
  EXPECT_LT((minimise(cost, Tight).x - k.mean).norm(), 1e-10);
  EXPECT_LT((posterior_covariance(cost, cost.first) - k.covariance).norm(), 1e-10);
  // Localised: the Kalman update with the localised covariance.
  Eigen::MatrixXd c(8, 8);
  for (Eigen::Index i = 0; i < 8; ++i)
    for (Eigen::Index j = 0; j < 8; ++j)
      c(i, j) = std::exp(-0.5 * std::abs(static_cast<double>(i - j)));
  const Eigen::MatrixXd p = covariance_of(e.x).cwiseProduct(c);
  const Eigen::MatrixXd gain = p * e.h.transpose() * (e.h * p * e.h.transpose() + e.r).inverse();
  const Cost local = cost_of(e, Background::localised(e.x, Background::full(c)));
  EXPECT_LT((minimise(local, Tight).x - local.first - gain * (e.y - e.h * local.first)).norm(),
            1e-10);
}

TEST(Minimise, HybridLiesBetweenAndAtItsLimitsIsThePart) {
  // The weights would not be those of the covariances.
  const Example e = correlated_minimise();
  const Background fixed = Background::diagonal(Eigen::VectorXd::Constant(5, 0.7));
  const Background sample = Background::ensemble(e.x.leftCols(4));
  const auto of = [&](const Background& b) { return minimise(cost_of(e, b), Tight).x; };
  EXPECT_LT((of(Background::hybrid({{1.0, fixed}, {0.0, sample}})) - of(fixed)).norm(), 1e-10);
  EXPECT_LT((of(Background::hybrid({{0.0, fixed}, {1.0, sample}})) - of(sample)).norm(), 1e-10);
  const Eigen::MatrixXd blend = 0.4 * fixed.covariance() + 0.6 * sample.covariance();
  EXPECT_LT(
      (of(Background::hybrid({{0.4, fixed}, {0.6, sample}})) - of(Background::semidefinite(blend)))
          .norm(),
      1e-9);
}

// atan: Gauss-Newton from afar overshoots more each time.
const Operator Flat = with_jacobian(
    [](const Eigen::VectorXd& x) { return Eigen::VectorXd(x.array().atan()); },
    [](const Eigen::VectorXd& x) {
      return Eigen::MatrixXd((1.0 / (1.0 + x.array().square())).matrix().asDiagonal());
    });

Cost flat(const Operator& g) {
  return {.background = Background::diagonal(Eigen::VectorXd::Constant(1, 1e4)),
          .observed = g,
          .first = Eigen::VectorXd::Constant(1, 5.0),
          .y = Eigen::VectorXd::Zero(1),
          .noise = Noise::equal(1, 1e-4)};
}

TEST(Minimise, LineSearchGetsThereWhereFullStepsDoNot) {
  // Steps that make it worse would be taken.
  const Minimum full = minimise(flat(Flat), {.outer = 2, .search = Search::FullStep});
  EXPECT_GT(full.loops.back().cost(), full.loops.front().cost());
  const Minimum found = minimise(flat(Flat), {.outer = 50, .gradient = 1e-10});
  EXPECT_EQ(found.end, End::Converged);
  EXPECT_LT(std::abs(found.x[0]), 1e-3);  // the prior pulls by 5e-8 of its distance
  bool shortened = false;
  for (std::size_t i = 1; i < found.loops.size(); ++i) {
    EXPECT_LE(found.loops[i].cost(), found.loops[i - 1].cost());
    shortened |= found.loops[i - 1].step < 1.0;
  }
  EXPECT_TRUE(shortened);
  EXPECT_LT(found.loops.back().gradient, 1e-8 * found.loops.front().gradient);
}

TEST(Minimise, EndsWithWhatHappened) {
  // Failures would look like answers.
  EXPECT_EQ(minimise(flat(Flat), {.outer = 1}).end, End::Stopped);
  const Operator wrong_sign = with_jacobian(
      [](const Eigen::VectorXd& x) { return Eigen::VectorXd(x.array().atan()); },
      [](const Eigen::VectorXd& x) {
        return Eigen::MatrixXd((-1.0 / (1.0 + x.array().square())).matrix().asDiagonal());
      });
  EXPECT_EQ(minimise(flat(wrong_sign)).end, End::Stuck);
  const Operator nowhere = [](const Eigen::VectorXd& x) {
    Linearised l = identity()(x);
    l.value.setConstant(MinimiseNan);
    return l;
  };
  const Minimum lost = minimise(flat(nowhere));
  EXPECT_EQ(lost.end, End::Lost);
  EXPECT_EQ(lost.x, flat(nowhere).first);
}

TEST(Minimise, WithoutObservationsOrNewsNothingChanges) {
  // A silent or an agreeing sensor would move the state.
  Cost cost = flat(linear(Eigen::MatrixXd(0, 1)));
  cost.y.resize(0);
  cost.noise = Noise::equal(0, 1.0);
  EXPECT_EQ(minimise(cost).x, cost.first);
  EXPECT_EQ(minimise(cost).end, End::Converged);
  Cost agreed = flat(identity());
  agreed.y = agreed.first;
  EXPECT_EQ(minimise(agreed).x, agreed.first);
  EXPECT_EQ(minimise(agreed).end, End::Converged);
}

TEST(Minimise, SaysWhatIsWrong) {
  // A user would search in the wrong place.
  const Example e = correlated_minimise();
  const Background b = Background::full(covariance_of(e.x));
  const auto of = [&](auto change, const Minimisation& how = {}) {
    Cost cost = cost_of(e, b);
    change(cost);
    return contract::refusal([&] { static_cast<void>(minimise(cost, how)); });
  };
  EXPECT_EQ(of([](Cost& c) { c.first.conservativeResize(4); }),
            "B has 5 variables for a first guess of 4 (must be as many)");
  EXPECT_EQ(of([](Cost& c) { c.y.conservativeResize(2); }),
            "2 observations with an error covariance of 3 (must be as many)");
  EXPECT_EQ(of([](Cost& c) { c.observed = linear(Eigen::MatrixXd::Zero(2, 5)); }),
            "3 observations for an operator that shows 2 (must be as many)");
  EXPECT_EQ(of([](Cost& c) { c.y[2] = MinimiseNan; }),
            "observation 2 is nan (must be finite) leave it out where it is missing?");
  EXPECT_EQ(of([](Cost& c) { c.first[1] = MinimiseNan; }),
            "variable 1 of the first guess is nan (must be finite)");
  EXPECT_EQ(of([](Cost&) {}, {.outer = 0}), "0 outer and 200 inner loops (must be at least 1)");
  EXPECT_EQ(of([](Cost&) {}, {.gradient = -1.0}),
            "tolerances of gradient and residual = -1 and 0.0001 (must not be negative)");
  EXPECT_EQ(contract::refusal([] { Noise::full(Eigen::MatrixXd::Ones(2, 2)); }),
            "the error covariance of 2 observations is not positive definite (it must have an "
            "inverse) is one of them a combination of the others?");
}

}  // namespace
}  // namespace twin::infer::variational
