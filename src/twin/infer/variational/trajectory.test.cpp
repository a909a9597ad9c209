// If these failed, 4D-Var would fit another trajectory than the model's, or blame the model wrongly.
#include "twin/infer/variational/trajectory.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "twin/contract/refusal.hpp"
#include "twin/infer/ensemble/analysis.hpp"
#include "twin/infer/ensemble/example.hpp"
#include "twin/infer/kalman/dense.hpp"
#include "twin/infer/kalman/kf.hpp"
#include "twin/infer/kalman/rts.hpp"
#include "twin/infer/variational/derivative_check.hpp"
#include "twin/infer/variational/minimise.hpp"

namespace twin::infer::variational {
namespace {

using kalman::dense::Linear;

constexpr core::Draw TrajectorySeed{.seed = 20, .member = 0};
constexpr Minimisation TrajectoryTight{.gradient = 1e-13, .residual = 1e-13};

std::vector<Leg> legs_of(const Linear& model) {
  return {model.y.size(), Leg{.model = linear(model.f), .observed = linear(model.h)}};
}

// All observations in a row, and their errors.
Cost cost_of_trajectory(const Linear& model, const Background& b, const Operator& g,
                        Eigen::VectorXd first) {
  const Eigen::Index m = model.h.rows(), count = static_cast<Eigen::Index>(model.y.size());
  Eigen::VectorXd y(m * count);
  Eigen::MatrixXd r = Eigen::MatrixXd::Zero(m * count, m * count);
  for (Eigen::Index k = 0; k < count; ++k) {
    y.segment(k * m, m) = model.y[static_cast<std::size_t>(k)];
    r.block(k * m, k * m, m, m) = model.r;
  }
  return {
      .background = b, .observed = g, .first = std::move(first), .y = y, .noise = Noise::full(r)};
}

// The start by the Kalman filter and smoother: [0], then each moment.
std::vector<kalman::Gaussian<Eigen::Dynamic>> smoothed_trajectory(const Linear& model) {
  kalman::Gaussian<Eigen::Dynamic> b{.mean = model.m, .covariance = model.p};
  const kalman::ProcessNoise<Eigen::Dynamic> q(model.q);
  const kalman::ObservationNoise<Eigen::Dynamic> r(model.r);
  std::vector<kalman::Passed<Eigen::Dynamic>> record = {
      {.predicted = b, .filtered = b, .transition = model.f}};
  for (const Eigen::VectorXd& y : model.y) {
    kalman::predict(b, model.f, q);
    const auto predicted = b;
    kalman::update(b, y, model.h, r);
    record.push_back({.predicted = predicted, .filtered = b, .transition = model.f});
  }
  return kalman::smooth<Eigen::Dynamic>(record);
}

TEST(Trajectory, StrongConstraintIsTheKalmanSmootherOfAPerfectModel) {
  // 4D-Var of a linear model would not be the smoother: at the start, mean and covariance, and along
  // the whole window, its end being the filter's.
  // Turning, so that no direction dies out: the Kalman smoother divides by what is left of each.
  Linear model = kalman::dense::linear(4, 2, 6, 37);
  model.f = 0.9 * Eigen::MatrixXd(model.f.householderQr().householderQ());
  model.q.setZero();
  const auto legs = legs_of(model);
  const Cost cost =
      cost_of_trajectory(model, Background::full(model.p), strong_constraint(legs), model.m);
  const Minimum found = minimise(cost, TrajectoryTight);
  const auto answer = smoothed_trajectory(model);
  EXPECT_LT((found.x - answer[0].mean).norm(), 1e-10);
  EXPECT_LT((posterior_covariance(cost, found.x) - answer[0].covariance).norm(), 1e-10);
  const auto states = states_along(legs, found.x, 4);
  for (std::size_t k = 0; k < states.size(); ++k) {
    EXPECT_LT((states[k] - answer[k + 1].mean).norm(), 1e-10) << k;
  }
}

TEST(Trajectory, WeakConstraintIsTheKalmanSmootherOfAnImperfectOne) {
  // Errors of the model would be put into the start, or the other way round.
  const Linear model = kalman::dense::linear(4, 2, 6, 41);
  const auto legs = legs_of(model);
  const Background q = Background::full(model.q, "Q");
  std::vector<Background> parts = {Background::full(model.p)};
  parts.insert(parts.end(), legs.size(), q);
  Eigen::VectorXd first = Eigen::VectorXd::Zero(4 * 7);
  first.head(4) = model.m;
  const Cost cost =
      cost_of_trajectory(model, Background::stacked(parts), weak_constraint(legs), first);
  const Minimum found = minimise(cost, TrajectoryTight);
  const auto answer = smoothed_trajectory(model);
  EXPECT_LT((found.x.head(4) - answer[0].mean).norm(), 1e-10);
  EXPECT_LT((posterior_covariance(cost, found.x).topLeftCorner(4, 4) - answer[0].covariance).norm(),
            1e-10);
  const auto states = states_along(legs, found.x, 4);
  const auto dense = kalman::dense::conditioned(model);
  for (std::size_t k = 0; k < states.size(); ++k) {
    EXPECT_LT((states[k] - answer[k + 1].mean).norm(), 1e-10) << k;
    EXPECT_LT((states[k] - dense.mean[k]).norm(), 1e-10) << k;
  }
}

TEST(Trajectory, WeakWithoutErrorsIsStrong) {
  // A perfect model would be corrected all the same.
  Linear model = kalman::dense::linear(3, 2, 4, 43);
  const auto legs = legs_of(model);
  std::vector<Background> parts = {Background::full(model.p)};
  parts.insert(parts.end(), legs.size(),
               Background::semidefinite(Eigen::MatrixXd::Zero(3, 3), "Q"));
  Eigen::VectorXd first = Eigen::VectorXd::Zero(3 * 5);
  first.head(3) = model.m;
  const auto weak =
      minimise(cost_of_trajectory(model, Background::stacked(parts), weak_constraint(legs), first),
               TrajectoryTight)
          .x;
  const auto strong = minimise(cost_of_trajectory(model, Background::full(model.p),
                                                  strong_constraint(legs), model.m),
                               TrajectoryTight)
                          .x;
  EXPECT_LT((weak.head(3) - strong).norm(), 1e-10);
  EXPECT_EQ(weak.tail(12).norm(), 0.0);
}

TEST(Trajectory, FourDEnVarNeedsNoAdjoint) {
  // Anomalies of runs, stacked moment after moment, would not do what tangent and adjoint do: on a
  // linear model the last state is that of the ensemble Kalman filter over the window.
  Linear model = kalman::dense::linear(4, 2, 3, 47);
  model.q.setZero();
  const Eigen::MatrixXd start = with_moments(model.m, model.p, 7);
  Eigen::MatrixXd x = start, runs(12, 7);
  for (Eigen::Index k = 0; k < 3; ++k) {
    x = (model.f * x).eval();
    runs.middleRows(4 * k, 4) = x;
  }
  Eigen::MatrixXd h = Eigen::MatrixXd::Zero(6, 12);
  for (Eigen::Index k = 0; k < 3; ++k) h.block(2 * k, 4 * k, 2, 4) = model.h;
  const Cost cost =
      cost_of_trajectory(model, Background::ensemble(runs), linear(h), runs.rowwise().mean());
  const auto dense = kalman::dense::conditioned(model);
  const Eigen::VectorXd found = minimise(cost, TrajectoryTight).x;
  for (Eigen::Index k = 0; k < 3; ++k) {
    EXPECT_LT((found.segment(4 * k, 4) - dense.mean[static_cast<std::size_t>(k)]).norm(), 1e-10);
  }
}

// x <- x + 0.3 sin of its neighbour.
const Operator TrajectoryBent = with_jacobian(
    [](const Eigen::VectorXd& x) {
      return Eigen::VectorXd(
          Eigen::Vector2d(x[0] + 0.3 * std::sin(x[1]), x[1] + 0.3 * std::sin(x[0])));
    },
    [](const Eigen::VectorXd& x) {
      Eigen::MatrixXd j(2, 2);
      j << 1.0, 0.3 * std::cos(x[1]), 0.3 * std::cos(x[0]), 1.0;
      return j;
    });

TEST(Trajectory, DerivativesAreThoseOfTheWindow) {
  // The adjoint would not run back the way the model ran, where legs differ and some show nothing.
  const Operator sum = linear(Eigen::MatrixXd::Ones(1, 2));
  const std::vector<Leg> legs = {{TrajectoryBent, sum},
                                 {TrajectoryBent, {}},
                                 {TrajectoryBent, identity()},
                                 {TrajectoryBent, sum}};
  const Eigen::VectorXd start = Eigen::Vector2d(0.5, -1.0);
  const Operator strong = strong_constraint(legs);
  EXPECT_EQ(strong(start).value.size(), 4);
  EXPECT_LT(dot_product_test(strong, start, TrajectorySeed), 1e-14);
  EXPECT_NEAR(taylor_test(strong, start, TrajectorySeed).order, 2.0, 0.1);
  Eigen::VectorXd forced = Eigen::VectorXd::LinSpaced(10, -0.5, 0.5);
  const Operator weak = weak_constraint(legs);
  EXPECT_LT(dot_product_test(weak, forced, TrajectorySeed), 1e-14);
  EXPECT_NEAR(taylor_test(weak, forced, TrajectorySeed).order, 2.0, 0.1);
  forced.tail(8).setZero();
  forced.head(2) = start;
  EXPECT_EQ(weak(forced).value, strong(start).value);
  EXPECT_EQ(states_along(legs, forced, 2).back(), states_along(legs, start, 2).back());
}

TEST(Trajectory, SaysWhatIsWrong) {
  // A window put together wrongly would be minimised all the same.
  const std::vector<Leg> legs = {{TrajectoryBent, identity()}, {TrajectoryBent, identity()}};
  EXPECT_EQ(contract::refusal([&] { weak_constraint(legs)(Eigen::VectorXd::Zero(5)); }),
            "5 variables for a start and the errors of 2 legs (must be a multiple of 3)");
  EXPECT_EQ(
      contract::refusal([&] {
        strong_constraint({{linear(Eigen::MatrixXd::Zero(1, 2)), {}}})(Eigen::VectorXd::Zero(2));
      }),
      "leg 0 ends with 1 variables and starts with 2 (must be as many)");
  EXPECT_EQ(contract::refusal([&] { states_along(legs, Eigen::VectorXd::Zero(4), 2); }),
            "4 variables (must be 2, or 6 with the errors of 2 legs)");
}

}  // namespace
}  // namespace twin::infer::variational
