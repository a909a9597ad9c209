// If these failed, set-points would be moved too far, too fast, or to where they do not help.
#include "twin/decide/predictive.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "twin/contract/refusal.hpp"

namespace twin::decide {
namespace {

using contract::refusal;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr double PredictiveInfinity = std::numeric_limits<double>::infinity();

VectorXd one(double v) { return VectorXd::Constant(1, v); }

// A furnace of one zone: goes a fifth of the way to the knob in a step.
LinearPlant furnace() {
  return {MatrixXd::Constant(1, 1, 0.8), MatrixXd::Constant(1, 1, 0.2), MatrixXd::Identity(1, 1)};
}

PredictiveOptions free_options(std::uint64_t horizon, double move_weight) {
  return {.horizon = horizon,
          .moves = horizon,
          .output_weight = one(1),
          .move_weight = one(move_weight),
          .low = one(-PredictiveInfinity),
          .high = one(PredictiveInfinity),
          .most_change = one(PredictiveInfinity)};
}

// Wrong: it would not be the best plan where nothing binds. The same by Riccati's recursion: state (x,
// last knob), input the step v: x' = a x + b (l + v), l' = l + v, cost q x'^2 + r v^2.
TEST(PredictiveControl, IsRiccatisWithoutBounds) {
  MatrixXd a(2, 2), b(2, 1), q(2, 2);
  a << 0.8, 0.2, 0, 1;
  b << 0.2, 1;
  q << 1, 0, 0, 0;
  const double r = 0.3;
  for (const std::uint64_t horizon : {1U, 2U, 7U, 25U}) {
    const PredictiveControl control(furnace(), free_options(horizon, r));
    MatrixXd cost = q, gain(1, 2);
    for (std::uint64_t k = 0; k < horizon; ++k) {
      const double curvature = r + (b.transpose() * cost * b)(0, 0);
      gain = (b.transpose() * cost * a) / curvature;
      cost = q + a.transpose() * cost * a - gain.transpose() * curvature * gain;
    }
    const double x = 3.0, last = -1.5;
    const double v = -(gain(0, 0) * x + gain(0, 1) * last);
    const auto plan = control.plan(one(x), one(last), one(0), one(0));
    ASSERT_TRUE(plan);
    EXPECT_NEAR(plan->knobs(0, 0), last + v, 1e-10) << horizon;
    VectorXd state(2);
    state << x, last;
    EXPECT_NEAR(plan->cost, (state.transpose() * cost * state)(0, 0) - x * x, 1e-10) << horizon;
  }
}

// Wrong: a bound or a step would be broken, or obeyed by cutting off the free plan, which is worse than
// planning with it: all plans on a grid of 3 moves are tried.
TEST(PredictiveControl, IsTheBestWithinBounds) {
  PredictiveOptions o = free_options(3, 0.05);
  o.low = one(-1);
  o.high = one(2);
  o.most_change = one(1.5);
  const PredictiveControl control(furnace(), o);
  const double x0 = 0.0, last = 0.25, target = 1.0;
  const auto plan = control.plan(one(x0), one(last), one(0), one(target));
  ASSERT_TRUE(plan);
  const auto cost = [&](double u0, double u1, double u2) {
    double x = x0, before = last, sum = 0.0;
    for (const double u : {u0, u1, u2}) {
      x = 0.8 * x + 0.2 * u;
      sum += (x - target) * (x - target) + 0.05 * (u - before) * (u - before);
      before = u;
    }
    return sum;
  };
  EXPECT_NEAR(plan->cost, cost(plan->knobs(0, 0), plan->knobs(1, 0), plan->knobs(2, 0)), 1e-12);
  double best = PredictiveInfinity;
  for (double u0 = -1; u0 <= 2.0001; u0 += 0.025) {
    for (double u1 = -1; u1 <= 2.0001; u1 += 0.025) {
      for (double u2 = -1; u2 <= 2.0001; u2 += 0.025) {
        if (std::abs(u0 - last) > 1.5 + 1e-9 || std::abs(u1 - u0) > 1.5 + 1e-9 ||
            std::abs(u2 - u1) > 1.5 + 1e-9)
          continue;
        best = std::min(best, cost(u0, u1, u2));
      }
    }
  }
  EXPECT_LE(plan->cost, best + 1e-12);
  EXPECT_GT(plan->cost, best - 0.01);
  EXPECT_NEAR(plan->knobs(0, 0), 1.75, 1e-9);  // as far as a step allows
  EXPECT_LE(plan->knobs(1, 0), 2.0);
}

// Wrong: a knob of two that stands at its end would stop the other from helping, or a plant that is not
// as believed would stay off target.
TEST(PredictiveControl, ReachesTheTargetOfAPlantUnlikeItsModel) {
  LinearPlant model{MatrixXd::Zero(2, 2), MatrixXd(2, 2), MatrixXd::Identity(2, 2)};
  model.b << 1.0, 0.4, 0.3, 1.2;
  PredictiveOptions o;
  o.horizon = o.moves = 4;
  o.output_weight = VectorXd::Ones(2);
  o.move_weight = VectorXd::Constant(2, 0.2);
  o.low = VectorXd::Constant(2, -10);
  o.high = VectorXd::Constant(2, 10);
  o.most_change = VectorXd::Constant(2, 1.0);
  const PredictiveControl control(model, o);
  MatrixXd truth = model.b;
  truth(0, 0) = 1.3;
  VectorXd target(2), u = VectorXd::Zero(2), bias(2), off = VectorXd::Zero(2);
  target << 4, -3;
  bias << 0.7, -0.2;
  VectorXd y = truth * u + bias;
  for (int run = 0; run < 60; ++run) {
    off = y - model.b * u;  // what the model leaves unsaid
    const auto plan = control.plan(model.b * u, u, off, target);
    ASSERT_TRUE(plan);
    const VectorXd next = plan->knobs.row(0);
    EXPECT_LE((next - u).cwiseAbs().maxCoeff(), 1.0 + 1e-9);
    u = next;
    y = truth * u + bias;
  }
  EXPECT_NEAR((y - target).norm(), 0.0, 1e-6);
  // A target out of reach: the knob goes to its end and stays.
  target << 100, 0;
  for (int run = 0; run < 60; ++run) {
    off = y - model.b * u;
    u = control.plan(model.b * u, u, off, target)->knobs.row(0);
    y = truth * u + bias;
  }
  EXPECT_NEAR(u[0], 10.0, 1e-9);
  EXPECT_LE(u[0], 10.0);
}

// Wrong: where no move is allowed one would be made up.
TEST(PredictiveControl, SaysWhereThereIsNoPlan) {
  PredictiveOptions o = free_options(5, 1.0);
  o.low = one(0);
  o.high = one(1);
  o.most_change = one(0.5);
  const PredictiveControl control(furnace(), o);
  EXPECT_FALSE(control.plan(one(0), one(3), one(0), one(0)));
  const auto near = control.plan(one(0), one(1.25), one(0), one(0));
  ASSERT_TRUE(near);
  EXPECT_LE(near->knobs(0, 0), 1.0);
  o.most_steps = 1;
  EXPECT_FALSE(PredictiveControl(furnace(), o).plan(one(0), one(0), one(0), one(50)));
  o.moves = 2;  // then the knob rests
  o.most_steps = 100;
  const auto rests = PredictiveControl(furnace(), o).plan(one(0), one(0), one(0), one(50));
  EXPECT_EQ(rests->knobs.rows(), 2);
  EXPECT_EQ(rests->outputs.rows(), 5);
  EXPECT_NEAR(rests->outputs(4, 0), 0.8 * rests->outputs(3, 0) + 0.2 * rests->knobs(1, 0), 1e-12);
}

// Wrong: nonsense would be taken in.
TEST(PredictiveControl, RefusesNonsense) {
  PredictiveOptions o = free_options(3, 1.0);
  o.moves = 4;
  EXPECT_EQ(refusal([&] { PredictiveControl(furnace(), o); }),
            "horizon = 3, moves = 4 (1 move at least, and no more than the horizon)");
  o = free_options(3, 0.0);
  EXPECT_EQ(refusal([&] { PredictiveControl(furnace(), o); }),
            "move_weight (must be positive); without it moves have no cost and no answer");
  o = free_options(3, 1.0);
  o.low = one(2);
  o.high = one(1);
  EXPECT_EQ(refusal([&] { PredictiveControl(furnace(), o); }),
            "bounds of knob 0 (low must not be above high); are they swapped?");
  const PredictiveControl control(furnace(), free_options(3, 1.0));
  EXPECT_EQ(
      refusal([&] { static_cast<void>(control.plan(one(std::nan("")), one(0), one(0), one(0))); }),
      "x (must be finite); was a missing value left in?");
  EXPECT_EQ(refusal([&] { static_cast<void>(control.plan(VectorXd(2), one(0), one(0), one(0))); }),
            "x has 2 numbers (must be 1)");
}

}  // namespace
}  // namespace twin::decide
