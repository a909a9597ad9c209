// If these failed, cheap runs would spoil what dear ones say, or make it look surer than it is.
#include "twin/infer/emulate/multi_fidelity_process.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "twin/contract/refusal.hpp"
#include "twin/infer/emulate/example.hpp"
#include "twin/math/distributions.hpp"

namespace twin::infer {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

std::vector<double> evenly(std::size_t points) {
  std::vector<double> x;
  for (std::size_t k = 0; k < points; ++k)
    x.push_back(static_cast<double>(k) / static_cast<double>(points - 1));
  return x;
}
std::vector<double> applied(double (*f)(double), const std::vector<double>& x) {
  std::vector<double> y;
  for (const double v : x) y.push_back(f(v));
  return y;
}
double error_of(const std::vector<double>& mean, const std::vector<double>& truth) {
  double sum = 0.0;
  for (std::size_t k = 0; k < truth.size(); ++k) sum += (mean[k] - truth[k]) * (mean[k] - truth[k]);
  return std::sqrt(sum / static_cast<double>(truth.size()));
}
MatrixXd covariances(CovarianceKernel kernel, const std::vector<double>& a,
                     const std::vector<double>& b, const Hyperparameters& h) {
  MatrixXd k;
  correlations(kernel, example::as_matrix(a, 1) / h.lengths[0],
               example::as_matrix(b, 1) / h.lengths[0], k);
  return h.variance * k;
}

TEST(MultiFidelityProcess, OfForresterIsFarBetterThanHighRunsAlone) {
  // 4 high and 11 low runs, as published; the high one is 2 x low - 20 x + 20.
  const std::vector<double> high = {0, 0.4, 0.6, 1}, low = evenly(11), grid = evenly(101);
  const auto y_high = applied(example::forrester_high, high),
             y_low = applied(example::forrester_low, low),
             truth = applied(example::forrester_high, grid);
  const std::array<SimulatedRuns, 2> runs = {{{.x = low, .y = y_low}, {.x = high, .y = y_high}}};
  const EmulatorOptions level = {.inputs = 1, .kernel = CovarianceKernel::SquaredExponential};
  const MultiFidelityProcess both(runs, {.level = level});
  const GaussianProcess alone({.x = high, .y = y_high}, level);
  const double with = error_of(both.predict(grid).mean, truth),
               without = error_of(alone.predict(grid).mean, truth);
  RecordProperty("with", std::to_string(with));
  RecordProperty("without", std::to_string(without));
  EXPECT_GT(without, 3.0);
  EXPECT_LT(with, 0.2);
  EXPECT_NEAR(both.factor(1, {{0.5}}).rho, 2.0, 0.1);
  EXPECT_GT(both.factor(1, {{0.5}}).deviation, 0.0);
  // High runs are met, and nothing is unsure there.
  const EmulatedPoints at = both.predict(high);
  for (std::size_t k = 0; k < 4; ++k) {
    EXPECT_NEAR(at.mean[k], y_high[k], 1e-3);
    EXPECT_LT(at.variance[k], 1e-4);
  }
  // The level below is an emulator of its own.
  const GaussianProcess cheap({.x = low, .y = y_low}, level);
  EXPECT_EQ(both.predict(0, grid).mean, cheap.predict(grid).mean);
  EXPECT_EQ(both.predict(0, grid).variance, cheap.predict(grid).variance);
}

TEST(MultiFidelityProcess, OfNestedRunsIsCoKriging) {
  // All runs of both levels in one covariance (Kennedy and O'Hagan, section 2.2) at the factor that was found: the
  // same means. Its variances take the factor for known, so that they are less, and not by more than that is
  // worth.
  const auto kernel = CovarianceKernel::Matern52;
  const std::vector<double> low = evenly(13),
                            high = {low[0], low[3], low[4], low[8], low[10], low[12]},
                            grid = evenly(41);
  const auto y_low = applied(example::forrester_low, low),
             y_high = applied(example::forrester_high, high);
  const std::array<Hyperparameters, 2> hyper = {
      {{.lengths = {0.25}, .variance = 20.0}, {.lengths = {0.6}, .variance = 9.0}}};
  const std::array<SimulatedRuns, 2> runs = {{{.x = low, .y = y_low}, {.x = high, .y = y_high}}};
  const MultiFidelityProcess p(runs, {.level = {.inputs = 1, .kernel = kernel}}, hyper);
  const auto factor = p.factor(1, {{0.0}});
  const double rho = factor.rho;

  MatrixXd k(19, 19), f = MatrixXd::Zero(19, 2), c(19, 41), at(41, 2);
  k << covariances(kernel, low, low, hyper[0]), rho * covariances(kernel, low, high, hyper[0]),
      rho * covariances(kernel, high, low, hyper[0]),
      rho * rho * covariances(kernel, high, high, hyper[0]) +
          covariances(kernel, high, high, hyper[1]);
  c << rho * covariances(kernel, low, grid, hyper[0]),
      rho * rho * covariances(kernel, high, grid, hyper[0]) +
          covariances(kernel, high, grid, hyper[1]);
  f.col(0).head(13).setOnes();
  f.col(0).tail(6).setConstant(rho);
  f.col(1).tail(6).setOnes();
  at << VectorXd::Constant(41, rho), VectorXd::Ones(41);
  VectorXd y(19);
  for (Index i = 0; i < 19; ++i)
    y[i] = i < 13 ? y_low[static_cast<std::size_t>(i)] : y_high[static_cast<std::size_t>(i - 13)];
  const auto joint = GeneralisedLeastSquares::of(k, f, y);
  ASSERT_TRUE(joint);
  const VectorXd mean = c.transpose() * joint->weights() + at * joint->coefficients();
  VectorXd of_runs, of_trend;
  joint->reduce(c, at, of_runs, of_trend);
  const EmulatedPoints seen = p.predict(grid);
  for (std::size_t i = 0; i < 41; ++i) {
    const auto j = static_cast<Index>(i);
    EXPECT_NEAR(seen.mean[i], mean[j], 1e-8);
    const double variance = rho * rho * 20 + 9 - of_runs[j] + of_trend[j];
    EXPECT_GE(seen.variance[i], variance - 1e-8);
    EXPECT_LE(std::sqrt(seen.variance[i]),
              std::sqrt(std::max(variance, 0.0)) + 30 * factor.deviation);
  }
}

TEST(MultiFidelityProcess, VarianceIsThatOfAProduct) {
  // rho and the level below are independent given the runs: Var(rho y + d) is the level's own variance at the mean of
  // y, with rho as one of its coefficients, and E rho^2 Var y.
  const std::vector<double> low = evenly(6), high = {low[0], low[1], low[3], low[5]},
                            grid = evenly(23);
  const auto y_low = applied(example::forrester_low, low),
             y_high = applied(example::forrester_high, high);
  const std::array<Hyperparameters, 2> hyper = {
      {{.lengths = {0.2}, .variance = 20.0}, {.lengths = {0.4}, .variance = 9.0}}};
  const std::array<SimulatedRuns, 2> runs = {{{.x = low, .y = y_low}, {.x = high, .y = y_high}}};
  const MultiFidelityProcess p(runs, {.level = {.inputs = 1}}, hyper);
  const auto factor = p.factor(1, {{0.0}});
  const EmulatedPoints below = p.predict(0, grid), at_high = p.predict(0, high),
                       seen = p.predict(grid);
  const auto regressors = [](const std::vector<double>& mean) {
    MatrixXd f = MatrixXd::Ones(static_cast<Index>(mean.size()), 2);
    f.col(1) = Eigen::Map<const VectorXd>(mean.data(), f.rows());
    return f;
  };
  const Kriging own(CovarianceKernel::Matern52,
                    {.x = example::as_matrix(high, 1),
                     .trend = regressors(at_high.mean),
                     .y = Eigen::Map<const VectorXd>(y_high.data(), 4),
                     .noise = VectorXd::Zero(4)},
                    hyper[1]);
  VectorXd mean, variance;
  own.predict(example::as_matrix(grid, 1), regressors(below.mean), mean, &variance);
  ASSERT_GT(factor.deviation, 0.05 * std::abs(factor.rho));
  for (std::size_t k = 0; k < grid.size(); ++k) {
    const auto j = static_cast<Index>(k);
    EXPECT_NEAR(seen.mean[k], mean[j], 1e-10);
    const double squares = factor.rho * factor.rho + factor.deviation * factor.deviation;
    EXPECT_NEAR(seen.variance[k], variance[j] + squares * below.variance[k], 1e-10);
  }
}

// Three levels drawn from the law itself, and a value of the highest foretold.
struct Foretold {
  score::Coverage held;
  double squares = 0.0;
};
Foretold foretold(const std::array<std::vector<std::size_t>, 3>& of_level, int draws) {
  const std::array<Hyperparameters, 3> hyper = {{{.lengths = {0.2}, .variance = 1.0},
                                                 {.lengths = {0.4}, .variance = 0.3},
                                                 {.lengths = {0.5}, .variance = 0.2}}};
  const std::array<double, 3> rho = {0.0, 1.5, -0.8}, level = {1.0, -2.0, 0.5};
  const auto kernel = CovarianceKernel::Matern52;
  auto places = evenly(25);
  places.push_back(0.4321);
  const MatrixXd x = example::as_matrix(places, 1);
  Foretold all;
  for (int draw = 0; draw < draws; ++draw) {
    VectorXd f = VectorXd::Zero(x.rows());
    std::array<std::vector<double>, 3> at, y;
    std::array<SimulatedRuns, 3> runs;
    for (std::size_t t = 0; t < 3; ++t) {
      const auto seed = static_cast<std::uint64_t>(draw) * 3 + t + 1;
      f = rho[t] * f + example::drawn_function(kernel, x, hyper[t], seed) +
          VectorXd::Constant(x.rows(), level[t]);
      for (const std::size_t k : of_level[t]) {
        at[t].push_back(places[k]);
        y[t].push_back(f[static_cast<Index>(k)]);
      }
      runs[t] = {.x = at[t], .y = y[t]};
    }
    const MultiFidelityProcess p(runs, {.level = {.inputs = 1, .kernel = kernel}}, hyper);
    const EmulatedPoints e = p.predict(std::vector<double>{0.4321});
    const double wide = math::normal(0.95) * std::sqrt(e.variance[0]), off = f[25] - e.mean[0];
    all.held.add(e.mean[0] - wide, e.mean[0] + wide, f[25]);
    all.squares += off * off / e.variance[0];
  }
  return all;
}

TEST(MultiFidelityProcess, IntervalsHoldWhatTheyPromise) {
  // 600 draws, nested: 540 in intervals of 90 %, +- 4.9 x 7.3. The factors are normal given the runs, but their
  // product is not, hence 5 more.
  std::array<std::vector<std::size_t>, 3> of_level;
  for (std::size_t k = 0; k < 25; ++k) {
    if (k % 2 == 0) of_level[0].push_back(k);
    if (k % 4 == 0) of_level[1].push_back(k);
    if (k % 8 == 0) of_level[2].push_back(k);
  }
  of_level[2].push_back(4);
  const Foretold nested = foretold(of_level, 600);
  EXPECT_NEAR(static_cast<double>(nested.held.inside()), 540, 4.9 * std::sqrt(54) + 5);
  RecordProperty("nested", std::to_string(*nested.held.share()));
  // Not nested: the variances are on the safe side.
  of_level[1] = {1, 5, 9, 13, 17, 21, 24};
  of_level[2] = {3, 7, 11, 19};
  const Foretold apart = foretold(of_level, 600);
  EXPECT_GT(static_cast<double>(apart.held.inside()), 540 - 4.9 * std::sqrt(54) - 5);
  RecordProperty("apart", std::to_string(*apart.held.share()));
}

TEST(MultiFidelityProcess, AFactorMayChangeWithTheInput) {
  // high = (1 + x) low: with a factor that is linear all is found, with a constant one not.
  const auto low = evenly(15), high = evenly(8), grid = evenly(57);
  std::vector<double> y_low, y_high, truth;
  const auto cheap = [](double x) { return std::sin(7 * x) + 0.3 * x; };
  for (const double x : low) y_low.push_back(cheap(x));
  for (const double x : high) y_high.push_back((1 + x) * cheap(x));
  for (const double x : grid) truth.push_back((1 + x) * cheap(x));
  const std::array<SimulatedRuns, 2> runs = {{{.x = low, .y = y_low}, {.x = high, .y = y_high}}};
  const MultiFidelityOptions constant = {
      .level = {.inputs = 1, .kernel = CovarianceKernel::SquaredExponential}};
  MultiFidelityOptions linear = constant;
  linear.rho = Trend::Linear;
  const MultiFidelityProcess p(runs, linear);
  EXPECT_NEAR(p.factor(1, {{0.25}}).rho, 1.25, 1e-3);
  EXPECT_NEAR(p.factor(1, {{0.75}}).rho, 1.75, 1e-3);
  const double with = error_of(p.predict(grid).mean, truth),
               without = error_of(MultiFidelityProcess(runs, constant).predict(grid).mean, truth);
  EXPECT_LT(with, 1e-3);
  EXPECT_LT(with, without);
  const LeaveOneOut l = p.leave_one_out(1);
  EXPECT_GT(l.predictivity, 0.999);
  EXPECT_EQ(l.mean.size(), 8U);
}

TEST(MultiFidelityProcess, LeavesOutRunsThatFailAndRefusesWhereItCannotKnow) {
  auto low = evenly(11), y_low = applied(example::forrester_low, low);
  std::vector<double> high = {0, 0.2, 0.4, 0.6, 1}, y_high = applied(example::forrester_high, high);
  y_low[5] = std::numeric_limits<double>::quiet_NaN();
  y_high[1] = std::numeric_limits<double>::infinity();
  const std::array<SimulatedRuns, 2> runs = {{{.x = low, .y = y_low}, {.x = high, .y = y_high}}};
  const std::array<Hyperparameters, 2> hyper = {
      {{.lengths = {0.1}, .variance = 20.0}, {.lengths = {0.5}, .variance = 9.0}}};
  const MultiFidelityProcess p(runs, {.level = {.inputs = 1}}, hyper);
  EXPECT_EQ(p.failed(), 2U);
  EXPECT_EQ(p.levels(), 2U);
  EXPECT_EQ(p.hyper(1).lengths, hyper[1].lengths);
  EXPECT_EQ(p.refuses({{0.61}}), EmulatorRefusal::None);
  EXPECT_EQ(p.refuses({{1.06}}), EmulatorRefusal::OutsideRuns);
  EXPECT_EQ(p.refuses({{0.5}}), EmulatorRefusal::TooUnsure);  // its low run failed
  EXPECT_EQ(p.predict(low).mean, p.predict(low, 3).mean);
  EXPECT_EQ(p.predict(low).variance, p.predict(low, 3).variance);
}

TEST(MultiFidelityProcess, SaysWhatCannotBe) {
  const auto low = evenly(11), y_low = applied(example::forrester_low, low);
  const std::vector<double> high = {0, 0.4, 1}, y_high = applied(example::forrester_high, high);
  std::array<SimulatedRuns, 2> runs = {{{.x = low, .y = y_low}, {.x = high, .y = y_high}}};
  const MultiFidelityOptions o = {.level = {.inputs = 1}};
  EXPECT_EQ(contract::refusal([&] { (void)MultiFidelityProcess({}, o); }),
            "a process of no levels");
  EXPECT_EQ(contract::refusal([&] { (void)MultiFidelityProcess(runs, o); }),
            "level 1: 3 runs with a value (at least 4: regressors and two more)");
  EXPECT_EQ(contract::refusal([&] {
              (void)MultiFidelityProcess(runs, o, std::vector<Hyperparameters>{{.lengths = {1}}});
            }),
            "hyper-parameters of 1 levels for runs of 2");
  runs[0].y = {};
  EXPECT_EQ(contract::refusal([&] { (void)MultiFidelityProcess(runs, o); }),
            "level 0: 11 points with 0 outputs and 0 noises (as many, or no noises)");
}

}  // namespace
}  // namespace twin::infer
