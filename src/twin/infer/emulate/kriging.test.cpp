// If these failed, an emulator would state means and deviations that do not follow from its runs.
#include "twin/infer/emulate/kriging.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <numbers>
#include <string>
#include <vector>

#include "twin/contract/refusal.hpp"
#include "twin/infer/emulate/example.hpp"

namespace twin::infer {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

struct AtAPoint {
  double mean, variance;
};
AtAPoint at_a_point(const Kriging& k, const VectorXd& x, const VectorXd& trend) {
  VectorXd mean, variance;
  k.predict(x.transpose(), trend.transpose(), mean, &variance);
  return {mean[0], variance[0]};
}
KrigedRuns without_run(const KrigedRuns& d, Index left_out) {
  std::vector<Index> others;
  for (Index i = 0; i < d.y.size(); ++i)
    if (i != left_out) others.push_back(i);
  return {.x = d.x(others, Eigen::all),
          .trend = d.trend(others, Eigen::all),
          .y = d.y(others),
          .noise = d.noise(others)};
}
KrigedRuns smooth_runs(std::size_t n) {
  KrigedRuns d;
  d.x = example::as_matrix(example::latin_hypercube(n, 2, 7), 2);
  d.trend.setOnes(d.x.rows(), 3);
  d.trend.rightCols(2) = d.x;
  d.y = (4 * d.x.col(0)).array().sin() + d.x.col(0).array() * d.x.col(1).array();
  d.noise.setZero(d.x.rows());
  return d;
}

TEST(Kriging, OfTwoRunsIsWorkedOutByHand) {
  // Correlation c between runs; k1 and k2 with the point.
  const double y1 = 3.0, y2 = 1.0, v = 1.7;
  KrigedRuns d{.x = MatrixXd(2, 1),
               .trend = MatrixXd::Ones(2, 1),
               .y = VectorXd(2),
               .noise = VectorXd::Zero(2)};
  d.x << 0.0, 1.0;
  d.y << y1, y2;
  const Hyperparameters hyper = {.lengths = {0.8}, .variance = v};
  const Kriging k(CovarianceKernel::SquaredExponential, d, hyper);
  const auto alike = [](double far) { return std::exp(-0.5 * far * far / 0.64); };
  const double c = alike(1.0), k1 = alike(0.3), k2 = alike(0.7);
  const AtAPoint p = at_a_point(k, VectorXd::Constant(1, 0.3), VectorXd::Ones(1));
  EXPECT_NEAR(p.mean, (y1 + y2) / 2 + (k1 - k2) * (y1 - y2) / (2 * (1 - c)), 1e-13);
  const double missed = 1 - (k1 + k2) / (1 + c);
  EXPECT_NEAR(
      p.variance,
      v * (1 - (k1 * k1 + k2 * k2 - 2 * c * k1 * k2) / (1 - c * c) + missed * missed * (1 + c) / 2),
      1e-13);
  // One contrast: (y1 - y2) / sqrt 2 of variance v (1 - c).
  const double contrast = (y1 - y2) * (y1 - y2) / 2 / (v * (1 - c));
  EXPECT_NEAR(k.solved().log_likelihood(),
              -0.5 * (contrast + std::log(2 * std::numbers::pi * v * (1 - c))), 1e-13);
  // Each is foretold to be the other.
  const LeaveOneOut l = k.leave_one_out();
  EXPECT_NEAR(l.mean[0], y2, 1e-13);
  EXPECT_NEAR(l.mean[1], y1, 1e-13);
  EXPECT_NEAR(l.variance[0], 2 * v * (1 - c), 1e-13);
}

TEST(Kriging, MeetsFortyDigits) {
  // Made by this, in Python with mpmath 1.3:
  //   from mpmath import *
  //   mp.dps = 40
  //   X = [(.1,.2),(.4,.9),(.8,.3),(.6,.6),(.2,.7),(.9,.9)]; Y = [1.3,.2,-.7,.5,1.1,-.4]; S = [.01,.02,0,.01,.03,0]
  //   L = (.5,.8); V = mpf(2); G = mpf(.001)
  //   def k(p, q, se):
  //       r = sqrt(sum(((mpf(a)-mpf(b))/mpf(l))**2 for a, b, l in zip(p, q, L)))
  //       return V*(exp(-r*r/2) if se else (1+sqrt(5)*r+5*r*r/3)*exp(-sqrt(5)*r))
  //   def case(se, f, x, runs=range(6)):
  //       P = [X[i] for i in runs]; m = len(P)
  //       K = matrix(m, m); F = matrix([f(p) for p in P]); y = matrix([mpf(Y[i]) for i in runs])
  //       for i in range(m):
  //           for j in range(m): K[i,j] = k(P[i], P[j], se) + (mpf(S[runs[i]])+G if i == j else 0)
  //       A = F.T*K**-1*F; b = A**-1*(F.T*K**-1*y); e = y-F*b; c = matrix([k(p, x, se) for p in P])
  //       u = matrix(f(x)) - F.T*K**-1*c
  //       like = -((e.T*K**-1*e)[0]+log(det(K))+log(det(A))-log(det(F.T*F))+(m-F.cols)*log(2*pi))/2
  //       return like, (matrix(f(x)).T*b)[0]+(c.T*K**-1*e)[0], V-(c.T*K**-1*c)[0]+(u.T*A**-1*u)[0]
  //   for se in 0, 1:
  //       for f in lambda p: [1], lambda p: [1, p[0], p[1]]:
  //           print([nstr(v, 15) for v in case(se, f, (.3,.4))+case(se, f, (1.2,-.1))[1:]
  //                                       +case(se, f, X[4], [0,1,2,3,5])[1:]])
  const std::array<std::array<double, 7>, 4> expected = {
      {{-5.31668689856475, 1.24014814996436, 0.170292388722156, -1.06332582771782, 1.44462297118064,
        0.639691527948081, 0.283262374669609},
       {-2.30102139578251, 1.03233787110877, 0.198679155741967, -2.4062591147853, 3.26826560291869,
        0.676619657134354, 0.302949002564075},
       {-6.24599510594136, 1.26891521923222, 0.040738089610431, -2.29580271589944,
        0.753391303312753, 0.612900021188377, 0.106840735469945},
       {-3.27744113517425, 1.09179151131798, 0.0618885204497858, -3.48395036750071,
        1.82087844465573, 0.593928331623155, 0.117490746455466}}};
  KrigedRuns d{.x = MatrixXd(6, 2), .trend = {}, .y = VectorXd(6), .noise = VectorXd(6)};
  d.x << .1, .2, .4, .9, .8, .3, .6, .6, .2, .7, .9, .9;
  d.y << 1.3, .2, -.7, .5, 1.1, -.4;
  d.noise << .01, .02, 0, .01, .03, 0;
  for (std::size_t which = 0; which < 4; ++which) {
    const std::array<double, 7>& e = expected[which];
    const bool linear = which % 2 == 1;
    d.trend.setOnes(6, linear ? 3 : 1);
    if (linear) d.trend.rightCols(2) = d.x;
    const Kriging k(which < 2 ? CovarianceKernel::Matern52 : CovarianceKernel::SquaredExponential,
                    d, {.lengths = {0.5, 0.8}, .variance = 2.0, .nugget = 0.001});
    const auto at = [&](double a, double b) {
      VectorXd x(2), f = VectorXd::Ones(linear ? 3 : 1);
      x << a, b;
      if (linear) f.tail(2) = x;
      return at_a_point(k, x, f);
    };
    EXPECT_NEAR(k.solved().log_likelihood(), e[0], 1e-11);
    EXPECT_NEAR(at(.3, .4).mean, e[1], 1e-11);
    EXPECT_NEAR(at(.3, .4).variance, e[2], 1e-11);
    EXPECT_NEAR(at(1.2, -.1).mean, e[3], 1e-11);
    EXPECT_NEAR(at(1.2, -.1).variance, e[4], 1e-11);
    // The fifth run left out: a run's variance has its nugget and noise in addition.
    EXPECT_NEAR(k.leave_one_out().mean[4], e[5], 1e-11);
    EXPECT_NEAR(k.leave_one_out().variance[4], e[6] + 0.031, 1e-11);
  }
}

TEST(Kriging, PassesThroughRunsWithoutErrors) {
  const KrigedRuns d = smooth_runs(40);
  const Kriging k(CovarianceKernel::Matern52, d, {.lengths = {0.6, 0.9}, .variance = 2.0});
  VectorXd mean, variance;
  k.predict(d.x, d.trend, mean, &variance);
  EXPECT_LT((mean - d.y).cwiseAbs().maxCoeff(), 1e-11);
  EXPECT_LT(variance.maxCoeff(), 1e-11);
  EXPECT_GE(variance.minCoeff(), 0.0);
  // And not through those with one.
  const Kriging loose(CovarianceKernel::Matern52, d,
                      {.lengths = {0.6, 0.9}, .variance = 2.0, .nugget = 0.1});
  loose.predict(d.x, d.trend, mean, &variance);
  EXPECT_GT((mean - d.y).cwiseAbs().maxCoeff(), 1e-3);
  EXPECT_GT(variance.minCoeff(), 1e-3);
}

TEST(Kriging, LeavingOneOutIsWhatTheOthersSay) {
  KrigedRuns d = smooth_runs(25);
  for (Index i = 0; i < 25; ++i) d.noise[i] = 0.01 * static_cast<double>(i % 4);
  const Hyperparameters hyper = {.lengths = {0.4, 0.7}, .variance = 1.5, .nugget = 0.002};
  const Kriging k(CovarianceKernel::Matern52, d, hyper);
  const LeaveOneOut l = k.leave_one_out();
  double missed = 0.0;
  for (Index i = 0; i < 25; ++i) {
    const Kriging others(CovarianceKernel::Matern52, without_run(d, i), hyper);
    const AtAPoint p = at_a_point(others, d.x.row(i), d.trend.row(i));
    const auto run = static_cast<std::size_t>(i);
    const double variance = p.variance + hyper.nugget + d.noise[i];
    EXPECT_NEAR(l.mean[run], p.mean, 1e-10);
    EXPECT_NEAR(l.variance[run], variance, 1e-10);
    EXPECT_NEAR(l.standardised[run], (d.y[i] - p.mean) / std::sqrt(variance), 1e-8);
    missed += (d.y[i] - p.mean) * (d.y[i] - p.mean);
  }
  EXPECT_NEAR(l.predictivity, 1 - missed / (d.y.array() - d.y.mean()).square().sum(), 1e-10);
  EXPECT_EQ(l.coverage.total(), 25U);
}

TEST(Kriging, ARunThatAloneTellsARegressorIsSaidToBe) {
  // All others have 0.5 as their second input: nothing foretells what the last one gives.
  KrigedRuns d = smooth_runs(12);
  d.x.col(1).head(11).setConstant(0.5);
  d.x(11, 1) = 0.9;
  d.trend.rightCols(2) = d.x;
  const Kriging k(CovarianceKernel::Matern52, d, {.lengths = {0.4, 0.7}});
  const LeaveOneOut l = k.leave_one_out();
  EXPECT_TRUE(std::isnan(l.mean[11]));
  EXPECT_TRUE(std::isinf(l.variance[11]));
  EXPECT_EQ(l.coverage.total(), 11U);
  EXPECT_TRUE(std::isfinite(l.ratio()));
  EXPECT_TRUE(std::isfinite(l.predictivity));
}

TEST(Kriging, OneMoreRunIsARefit) {
  const KrigedRuns d = smooth_runs(30);
  const Hyperparameters hyper = {.lengths = {0.4, 0.7}, .variance = 1.5, .nugget = 1e-4};
  const Kriging whole(CovarianceKernel::Matern52, d, hyper);
  KrigedRuns first = d;
  for (Index i = 30; i-- > 20;) first = without_run(first, i);
  Kriging grown(CovarianceKernel::Matern52, first, hyper);
  for (Index i = 20; i < 30; ++i) {
    const AtAPoint before = at_a_point(grown, d.x.row(i), d.trend.row(i));
    const double off = grown.add(d.x.row(i), d.trend.row(i), d.y[i], 0.0);
    EXPECT_NEAR(off, (d.y[i] - before.mean) / std::sqrt(before.variance + hyper.nugget), 1e-10);
  }
  const MatrixXd points = example::as_matrix(example::latin_hypercube(50, 2, 9), 2);
  MatrixXd trend = MatrixXd::Ones(50, 3);
  trend.rightCols(2) = points;
  VectorXd mean, variance, other_mean, other_variance;
  whole.predict(points, trend, mean, &variance);
  grown.predict(points, trend, other_mean, &other_variance);
  EXPECT_LT((mean - other_mean).cwiseAbs().maxCoeff(), 1e-10);
  EXPECT_LT((variance - other_variance).cwiseAbs().maxCoeff(), 1e-10);
  EXPECT_NEAR(grown.solved().log_likelihood(), whole.solved().log_likelihood(), 1e-9);
}

TEST(Kriging, SaysWhatCannotBe) {
  const auto why = [](const KrigedRuns& d, const Hyperparameters& h) {
    return contract::refusal([&] { (void)Kriging(CovarianceKernel::Matern52, d, h); });
  };
  const std::string no_factor =
      "the runs' covariance has no factor (two runs in one place, or lengths far beyond their "
      "distances) a nugget?";
  KrigedRuns d = smooth_runs(10);
  EXPECT_EQ(why(d, {.lengths = {1}}), "1 lengths for 2 inputs");
  EXPECT_EQ(why(d, {.lengths = {1, 0}}), "length 1 is 0 (above 0)");
  EXPECT_EQ(why(d, {.lengths = {1, 1}, .variance = 0}), "a variance of 0 (above 0)");
  EXPECT_EQ(why(d, {.lengths = {1, 1}, .nugget = -1}), "a nugget of -1 (not below 0)");
  EXPECT_EQ(why(d, {.lengths = {1e6, 1e6}}), no_factor);
  Kriging k(CovarianceKernel::Matern52, d, {.lengths = {1, 1}});
  EXPECT_EQ(contract::refusal([&] { (void)k.add(d.x.row(3), d.trend.row(3), 5.0, 0.0); }),
            no_factor);
  EXPECT_EQ(k.data().y.size(), 10);
  EXPECT_EQ(contract::refusal([&] { (void)k.add(d.x.row(3), d.trend.row(3), 5.0, 0.1); }),
            "accepted");
  d.trend.col(2) = d.trend.col(1);
  EXPECT_EQ(why(d, {.lengths = {1, 1}}), "the runs do not tell the trend's regressors apart");
}

}  // namespace
}  // namespace twin::infer
