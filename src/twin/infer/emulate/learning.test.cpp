// If these failed, emulators would be told lengths and variances that their runs do not speak for, and be surer or
// less sure than they should be.
#include "twin/infer/emulate/learning.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "twin/contract/refusal.hpp"
#include "twin/infer/emulate/example.hpp"
#include "twin/math/statistics.hpp"

namespace twin::infer {
namespace {

using Eigen::Index;
using Eigen::VectorXd;

const Hyperparameters Truth = {.lengths = {0.3, 0.8}, .variance = 2.0, .nugget = 0.02};

// Runs of a function of the process itself, with a linear trend and errors.
KrigedRuns drawn_runs(std::size_t n, std::uint64_t seed, double noise = 0.0) {
  KrigedRuns d;
  d.x = example::as_matrix(example::latin_hypercube(n, 2, seed), 2);
  d.trend.setOnes(d.x.rows(), 3);
  d.trend.rightCols(2) = d.x;
  d.y = example::drawn_function(CovarianceKernel::Matern52, d.x, Truth, seed) + 3 * d.x.col(1);
  d.noise.setConstant(d.x.rows(), noise);
  for (Index i = 0; i < d.y.size(); ++i)
    d.y[i] +=
        std::sqrt(Truth.nugget + noise) * example::drawn_error(seed, static_cast<std::size_t>(i));
  return d;
}

TEST(Learning, SlopesAreThoseOfTheLikelihood) {
  KrigedRuns d = drawn_runs(60, 1);
  for (Index i = 0; i < 60; ++i) d.noise[i] = 0.01 * static_cast<double>(i % 3);
  for (const auto kernel : {CovarianceKernel::Matern52, CovarianceKernel::SquaredExponential}) {
    const Hyperparameters at = {.lengths = {0.2, 0.5}, .variance = 1.3, .nugget = 0.05};
    VectorXd slopes;
    const double value = restricted_likelihood(kernel, d, at, &slopes);
    EXPECT_EQ(value, restricted_likelihood(kernel, d, at));
    ASSERT_EQ(slopes.size(), 4);
    for (Index i = 0; i < 4; ++i) {
      const auto moved = [&](double by) {
        Hyperparameters h = at;
        double& p = i < 2 ? h.lengths[static_cast<std::size_t>(i)] : i == 2 ? h.variance : h.nugget;
        p *= std::exp(by);
        return restricted_likelihood(kernel, d, h);
      };
      EXPECT_NEAR(slopes[i], (moved(1e-4) - moved(-1e-4)) / 2e-4, 1e-5 * (1 + std::abs(slopes[i])));
    }
  }
}

TEST(Learning, SlopesAtTheTruthAreZeroOnAverage) {
  // What makes the restricted likelihood right where the plain one is not: its slopes have mean 0 whatever the trend,
  // with few runs too. 400 draws, each mean within 4.9 standard errors.
  std::array<math::Moments, 4> of;
  for (std::uint64_t seed = 1; seed <= 400; ++seed) {
    VectorXd slopes;
    (void)restricted_likelihood(CovarianceKernel::Matern52, drawn_runs(12, seed), Truth, &slopes);
    for (std::size_t i = 0; i < 4; ++i) of[i].add(slopes[static_cast<Index>(i)]);
  }
  for (const math::Moments& m : of) EXPECT_NEAR(m.mean(), 0.0, 4.9 * m.deviation() / 20);
}

TEST(Learning, EndsWhereTheLikelihoodIsLevel) {
  const KrigedRuns d = drawn_runs(60, 5);
  const Learnt l = learn(CovarianceKernel::Matern52, d, {.nugget = true});
  EXPECT_TRUE(l.converged);
  VectorXd slopes;
  EXPECT_NEAR(restricted_likelihood(CovarianceKernel::Matern52, d, l.hyper, &slopes),
              l.log_likelihood, 1e-8);
  EXPECT_LT(slopes.cwiseAbs().maxCoeff(), 2e-3);
  EXPECT_GT(l.log_likelihood, restricted_likelihood(CovarianceKernel::Matern52, d, Truth));
}

TEST(Learning, FindsWhatRunsWereDrawnWith) {
  // 30 draws of 60 runs: mean logarithms within 4.9 standard errors of the truth's, and what nonlinearity may add,
  // 0.1; with the errors' variance learnt, and with it known.
  for (const bool known : {false, true}) {
    std::array<math::Moments, 4> off;
    for (std::uint64_t seed = 100; seed < 130; ++seed) {
      KrigedRuns d = drawn_runs(60, seed);
      if (known) d.noise.setConstant(Truth.nugget);
      const Learnt l = learn(CovarianceKernel::Matern52, d, {.nugget = !known, .searches = 2});
      for (std::size_t j = 0; j < 2; ++j)
        off[j].add(std::log(l.hyper.lengths[j] / Truth.lengths[j]));
      off[2].add(std::log(l.hyper.variance / Truth.variance));
      off[3].add(std::log(l.hyper.nugget / Truth.nugget));
    }
    for (std::size_t i = 0; i < (known ? 3U : 4U); ++i) {
      EXPECT_NEAR(off[i].mean(), 0.0, 4.9 * off[i].deviation() / std::sqrt(30) + 0.1) << known << i;
      EXPECT_LT(off[i].deviation(), 1.0) << known << i;
    }
  }
}

TEST(Learning, LeavesAnInputWithoutEffectALongLength) {
  KrigedRuns d = drawn_runs(40, 3);
  d.y = (6 * d.x.col(0)).array().sin();
  d.trend.setOnes(40, 1);
  const Learnt l = learn(CovarianceKernel::SquaredExponential, d, {});
  EXPECT_GT(l.hyper.lengths[1], 10.0);
  EXPECT_LT(l.hyper.lengths[0], 1.5);
  EXPECT_NEAR(l.hyper.nugget / l.hyper.variance, 1e-10, 1e-16);
}

TEST(Learning, IsTheSameForAnyNumberOfThreads) {
  const KrigedRuns d = drawn_runs(30, 2);
  const Learnt one = learn(CovarianceKernel::Matern52, d, {.nugget = true});
  const Learnt three = learn(CovarianceKernel::Matern52, d, {.nugget = true, .threads = 3});
  EXPECT_EQ(one.hyper.lengths, three.hyper.lengths);
  EXPECT_EQ(one.hyper.variance, three.hyper.variance);
  EXPECT_EQ(one.hyper.nugget, three.hyper.nugget);
  EXPECT_EQ(one.log_likelihood, three.log_likelihood);
  EXPECT_EQ(one.evaluations, three.evaluations);
}

TEST(Learning, SaysWhatCannotBe) {
  const auto why = [](const KrigedRuns& d, const LearningOptions& o) {
    return contract::refusal([&] { (void)learn(CovarianceKernel::Matern52, d, o); });
  };
  KrigedRuns d = drawn_runs(10, 4);
  EXPECT_EQ(why(drawn_runs(4, 1), {}), "4 runs with a value (at least 5: regressors and two more)");
  EXPECT_EQ(why(d, {.searches = 0}), "0 searches of 8 tries (at least 1)");
  EXPECT_EQ(why(d, {.least_nugget = 0}), "a least nugget of 0 (above 0, below 1)");
  EXPECT_EQ(why(d, {.least_length = 2, .greatest_length = 1}),
            "lengths from 2 to 1 of the ranges (above 0, ascending)");
  KrigedRuns flat = d;
  flat.y.setConstant(5);
  EXPECT_EQ(why(flat, {}), "all outputs are 5 (must vary)");
  flat = d;
  flat.trend.setOnes(10, 1);
  flat.x.col(1).setConstant(0.25);
  EXPECT_EQ(why(flat, {}), "input 1 is 0.25 in all runs (must vary) leave it out?");
  flat = d;
  flat.trend.col(2) = 2 * flat.trend.col(0);
  EXPECT_EQ(why(flat, {}), "the runs do not tell the trend's regressors apart");
  // Two runs in one place that differ: the least nugget keeps them apart, and one that is learnt explains them.
  KrigedRuns twice = d;
  twice.x.row(1) = twice.x.row(0);
  twice.trend.row(1) = twice.trend.row(0);
  twice.y[1] = twice.y[0] + 0.5;
  const Learnt l = learn(CovarianceKernel::Matern52, twice, {.nugget = true});
  EXPECT_GT(l.hyper.nugget, 1e-3);
}

}  // namespace
}  // namespace twin::infer
