// If these failed, the plant's mode would be told wrongly, or its state be mixed from the wrong one.
#include "twin/infer/kalman/imm.hpp"

#include <gtest/gtest.h>

#include "twin/infer/kalman/dense.hpp"
#include "twin/infer/kalman/kf.hpp"

namespace twin::infer::kalman {
namespace {

using dense::message_of;

constexpr double Nothing = -std::numeric_limits<double>::infinity();

// Two modes of a scalar walk that differ in drift, process noise and observation noise. A switch
// `see` of 0 hides the state, so that an observation speaks of the mode alone.
struct ImmWalk {
  double see = 1.0;
  double operator()(std::size_t mode, Gaussian<1>& b, double y) const {
    const Matrix<1, 1> one = Matrix<1, 1>::Ones();
    predict(b, (mode == 0 ? 1.0 : 0.7) * one, ProcessNoise<1>((mode == 0 ? 0.1 : 2.0) * one));
    return update(b, Vector<1>::Constant(y).eval(), see * one,
                  ObservationNoise<1>((mode == 0 ? 1.0 : 4.0) * one))
        .log_likelihood;
  }
};

const std::vector<double> Observed = {0.3, -0.4, 2.5, 3.1, -2.0, 0.1};

Imm<1> start() {
  const Gaussian<1> b = gaussian<1>(Vector<1>::Zero(), Matrix<1, 1>::Ones());
  return {.beliefs = {b, b}, .probability = Eigen::Vector2d(0.6, 0.4)};
}

struct Exact {
  Eigen::Vector2d probability = {0.0, 0.0};  // of the last mode
  double log_likelihood = 0.0;
  double mean = 0.0;
};

// The sum over every history of modes, 2^steps Kalman filters.
Exact exhaustive(const Eigen::Matrix2d& p, const ImmWalk& walk, std::size_t steps) {
  Exact out;
  double total = 0.0;
  for (std::size_t history = 0; history < (std::size_t{1} << steps); ++history) {
    Gaussian<1> b = start().beliefs[0];
    double weight = 0.0;
    Eigen::Vector2d mode = start().probability.transpose() * p;
    std::size_t last = 0;
    for (std::size_t k = 0; k < steps; ++k) {
      last = history >> k & 1U;
      const auto to = static_cast<Eigen::Index>(last);
      weight += std::log(mode[to]) + walk(last, b, Observed[k]);
      mode = p.row(to).transpose();
    }
    total += std::exp(weight);
    out.probability[static_cast<Eigen::Index>(last)] += std::exp(weight);
    out.mean += std::exp(weight) * b.mean[0];
  }
  out.probability /= total;
  out.mean /= total;
  out.log_likelihood = std::log(total);
  return out;
}

struct Ran {
  Imm<1> imm = start();
  double log_likelihood = 0.0;
};

Ran run_imm(const Eigen::Matrix2d& p, const ImmWalk& walk, std::size_t steps) {
  Ran out;
  for (std::size_t k = 0; k < steps; ++k) {
    out.log_likelihood += step(out.imm, ModeTransition(p), [&](std::size_t j, Gaussian<1>& b) {
                            return walk(j, b, Observed[k]);
                          }).log_likelihood;
  }
  return out;
}

Eigen::Matrix2d jumps(double stay) {
  Eigen::Matrix2d p;
  p << stay, 1.0 - stay, 1.0 - stay, stay;
  return p;
}

// Wrong: a plant without modes would not have the Kalman filter.
TEST(Imm, OfOneModeIsTheKalmanFilter) {
  Gaussian<1> b = start().beliefs[0];
  Imm<1> imm{.beliefs = {b}, .probability = Eigen::VectorXd::Ones(1)};
  for (const double y : Observed) {
    const double exact = ImmWalk{}(0, b, y);
    const ModeStep out =
        step(imm, ModeTransition(Eigen::MatrixXd::Ones(1, 1)),
             [&](std::size_t j, Gaussian<1>& belief) { return ImmWalk{}(j, belief, y); });
    EXPECT_NEAR(out.log_likelihood, exact, 1e-14);
    EXPECT_EQ(imm.beliefs[0].mean, b.mean);
    EXPECT_EQ(imm.beliefs[0].covariance, b.covariance);
  }
}

// Wrong: the probabilities of the modes would be others than Bayes's. Merging histories is the one
// approximation of the method, and three cases have none: the first step from a common belief;
// modes that never jump; observations that do not see the state.
TEST(Imm, IsTheExhaustiveMixtureWhereNothingIsMerged) {
  const auto same = [](const Eigen::Matrix2d& p, const ImmWalk& walk, std::size_t steps) {
    const Ran ran = run_imm(p, walk, steps);
    const Exact exact = exhaustive(p, walk, steps);
    EXPECT_LT((ran.imm.probability - exact.probability).cwiseAbs().maxCoeff(), 1e-12);
    EXPECT_NEAR(ran.log_likelihood, exact.log_likelihood, 1e-12);
    EXPECT_NEAR(moments(ran.imm).mean[0], exact.mean, 1e-12);
  };
  same(jumps(0.9), {}, 1);
  same(jumps(1.0), {}, Observed.size());
  same(jumps(0.9), {.see = 0.0}, Observed.size());
}

// Wrong: the merging would cost more than it should. Where modes jump, IMM is near the mixture, not
// equal: 0.03 in probability and 0.1 in the mean of a state whose deviation is about 1.
TEST(Imm, IsNearTheExhaustiveMixtureElsewhere) {
  for (std::size_t steps = 2; steps <= Observed.size(); ++steps) {
    const Ran ran = run_imm(jumps(0.9), {}, steps);
    const Exact exact = exhaustive(jumps(0.9), {}, steps);
    EXPECT_LT((ran.imm.probability - exact.probability).cwiseAbs().maxCoeff(), 0.03) << steps;
    EXPECT_NEAR(moments(ran.imm).mean[0], exact.mean, 0.1) << steps;
  }
}

// Wrong: the spread between modes would be missing from the variance. 1/4 N(0, 1) + 3/4 N(4, 2).
TEST(Imm, MomentsByHand) {
  const Matrix<1, 1> one = Matrix<1, 1>::Ones();
  const std::vector<Gaussian<1>> members = {
      {.mean = Vector<1>::Zero(), .covariance = one},
      {.mean = Vector<1>::Constant(4.0), .covariance = 2.0 * one}};
  const Gaussian<1> b = moments(members, Eigen::Vector2d(0.25, 0.75));
  EXPECT_EQ(b.mean[0], 3.0);
  EXPECT_EQ(b.covariance(0, 0), 0.25 * (1.0 + 9.0) + 0.75 * (2.0 + 1.0));
}

// Wrong: an observation that no mode explains would leave probabilities that are no numbers.
TEST(Imm, FlagsACollapse) {
  Imm<1> imm = start();
  const ModeStep out =
      step(imm, ModeTransition(jumps(0.9)), [](std::size_t, Gaussian<1>&) { return Nothing; });
  EXPECT_TRUE(out.collapsed);
  EXPECT_EQ(out.log_likelihood, Nothing);
  EXPECT_NEAR(imm.probability[0], 0.6 * 0.9 + 0.4 * 0.1, 1e-15);
}

TEST(Imm, SaysWhatIsWrong) {  // Wrong: a user would search in the wrong place.
  const auto made = [](const Eigen::MatrixXd& p) { return message_of([&] { ModeTransition{p}; }); };
  EXPECT_EQ(made(Eigen::MatrixXd(0, 0)), "mode transition of no modes (must have one)");
  EXPECT_EQ(made(Eigen::MatrixXd::Zero(2, 3)), "mode transition is 2 x 3 (must be 2 x 2)");
  EXPECT_EQ(made(2.0 * Eigen::MatrixXd::Identity(2, 2)),
            "mode transition from 0 to 0 = 2 (must lie in [0, 1])");
  EXPECT_EQ(made(0.5 * Eigen::MatrixXd::Identity(2, 2)),
            "mode transition from 0 to sums to 0.5 (must be 1)");
  Imm<1> imm = start();
  const auto none = [](std::size_t, Gaussian<1>&) { return 0.0; };
  EXPECT_EQ(message_of([&] { step(imm, ModeTransition(Eigen::MatrixXd::Ones(1, 1)), none); }),
            "2 beliefs and 2 mode probabilities (the transition has 1 modes)");
  imm.probability = Eigen::Vector2d(0.5, 0.25);
  EXPECT_EQ(message_of([&] { step(imm, ModeTransition(jumps(0.9)), none); }),
            "mode probability sums to 0.75 (must be 1)");
}

}  // namespace
}  // namespace twin::infer::kalman
