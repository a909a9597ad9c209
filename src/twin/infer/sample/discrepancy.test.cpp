// If these failed, a parameter would be told for sure to be what only makes up for what the model leaves out.
#include "twin/infer/sample/discrepancy.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <Eigen/Dense>
#include <cmath>
#include <limits>
#include <numbers>

#include "twin/contract/refusal.hpp"
#include "twin/core/draw.hpp"
#include "twin/infer/sample/nuts.hpp"
#include "twin/infer/sample/posterior.hpp"
#include "twin/math/distributions.hpp"
#include "twin/math/statistics.hpp"

namespace twin::infer {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

// A simple machine (J. Brynjarsdottir and A. O'Hagan, Inverse Problems 30, 2014): work is theta x, but friction takes
// some, so that theta x / (1 + x / 20) is seen, with theta = 0.65 and errors of 0.01; here at 11 places up to 4.
constexpr double Efficiency = 0.65;
double machine(double x) { return Efficiency * x / (1 + x / 20); }
DiscrepancyProblem simple_machine(CovarianceKernel kernel, std::uint64_t seed) {
  DiscrepancyProblem p{.parameters = 1, .kernel = kernel};
  for (std::uint32_t k = 0; k < 11; ++k) {
    const double x = 0.2 + 0.38 * k;
    p.places.push_back(x);
    p.noise.push_back(0.01);
    p.y.push_back(machine(x) + 0.01 * math::normal(core::Draw{seed}.uniform(0, k, 0)));
  }
  p.model = [x = p.places](std::span<const double> theta, std::span<double> g) {
    for (std::size_t k = 0; k < g.size(); ++k) g[k] = theta[k / x.size()] * x[k % x.size()];
  };
  p.model_and_slopes = [x = p.places, model = p.model](std::span<const double> theta,
                                                       std::span<double> g,
                                                       std::span<double> slope) {
    model(theta, g);
    for (std::size_t k = 0; k < g.size(); ++k) slope[k] = x[k % x.size()];
  };
  return p;
}

// The covariance of delta written out, without a word of the module's.
double kernel_by_hand(CovarianceKernel kernel, const DiscrepancyLaw& law, double apart) {
  const double t = std::abs(apart) / law.length;
  const double correlation =
      kernel == CovarianceKernel::SquaredExponential
          ? std::exp(-0.5 * t * t)
          : (1 + std::sqrt(5.0) * t + 5 * t * t / 3) * std::exp(-std::sqrt(5.0) * t);
  return law.amplitude * law.amplitude * correlation;
}
MatrixXd covariance_by_hand(const DiscrepancyProblem& p, const DiscrepancyLaw& law) {
  const auto n = static_cast<Index>(p.y.size());
  MatrixXd c(n, n);
  for (Index i = 0; i < n; ++i)
    for (Index j = 0; j < n; ++j) {
      const auto a = static_cast<std::size_t>(i), b = static_cast<std::size_t>(j);
      c(i, j) = kernel_by_hand(p.kernel, law, p.places[a] - p.places[b]) +
                (i == j ? p.noise[a] * p.noise[a] : 0.0);
    }
  return c;
}
VectorXd vector_of(const std::vector<double>& x) {
  return Eigen::Map<const VectorXd>(x.data(), static_cast<Index>(x.size()));
}
double value_of(const Target& t, const std::vector<double>& x) {
  double value = 0.0;
  t.log_density(x, std::span(&value, 1));
  return value;
}

constexpr DiscrepancyLaw SomeLaw{.amplitude = 0.1, .length = 1.3};
constexpr CovarianceKernel EachKernel[] = {CovarianceKernel::SquaredExponential,
                                           CovarianceKernel::Matern52};

TEST(Discrepancy, LikelihoodIsADenseNormalLaw) {
  for (const CovarianceKernel kernel : EachKernel) {
    const DiscrepancyProblem p = simple_machine(kernel, 1);
    const Eigen::FullPivLU<MatrixXd> lu(covariance_by_hand(p, SomeLaw));
    const Target any = discrepancy_likelihood(p), known = discrepancy_likelihood(p, SomeLaw);
    for (const double theta : {0.3, 0.6, 0.65}) {
      const VectorXd off = vector_of(p.y) - theta * vector_of(p.places);
      const double exact = -0.5 * (off.dot(lu.solve(off)) + std::log(lu.determinant()) +
                                   11 * std::log(2 * std::numbers::pi));
      EXPECT_NEAR(value_of(any, {theta, SomeLaw.amplitude, SomeLaw.length}), exact,
                  1e-10 * (1 + std::abs(exact)));
      EXPECT_NEAR(value_of(known, {theta}), exact, 1e-10 * (1 + std::abs(exact)));
    }
    // Without a discrepancy errors are independent.
    double sum = 0.0;
    for (std::size_t k = 0; k < 11; ++k)
      sum -= 0.5 * std::pow((p.y[k] - 0.6 * p.places[k]) / 0.01, 2) +
             std::log(0.01 * std::sqrt(2 * std::numbers::pi));
    EXPECT_NEAR(value_of(discrepancy_likelihood(p, {.amplitude = 0.0}), {0.6}), sum, 1e-9);
  }
}

TEST(Discrepancy, PosteriorOfALinearModelIsTheClosedForm) {
  // Normal prior N(0.5, 0.3): precision x' C^-1 x + 1 / 0.09. Its logarithm must be that parabola, and its slope 0 at
  // the mean.
  for (const CovarianceKernel kernel : EachKernel) {
    const DiscrepancyProblem p = simple_machine(kernel, 1);
    const VectorXd x = vector_of(p.places), y = vector_of(p.y);
    const Eigen::FullPivLU<MatrixXd> lu(covariance_by_hand(p, SomeLaw));
    const double precision = x.dot(lu.solve(x)) + 1 / 0.09;
    const double mean = (x.dot(lu.solve(y)) + 0.5 / 0.09) / precision;
    const Target t = posterior({Prior::normal(0.5, 0.3)}, discrepancy_likelihood(p, SomeLaw));
    const double top = value_of(t, {mean}), deviation = 1 / std::sqrt(precision);
    for (const double z : {-3.0, -1.0, 0.5, 2.0})
      EXPECT_NEAR(value_of(t, {mean + z * deviation}) - top, -0.5 * z * z, 1e-10);
    double value = 0.0, slope = 1.0;
    t.log_density_and_slopes(std::span(&mean, 1), std::span(&value, 1), std::span(&slope, 1));
    EXPECT_NEAR(slope * deviation, 0.0, 1e-10);
  }
}

TEST(Discrepancy, IsWhatTheJointLawSays) {
  // By the blocks of the joint precision of delta at three places and the observations: another way than a factor.
  const DiscrepancyProblem p = simple_machine(CovarianceKernel::Matern52, 1);
  const std::vector<double> at = {0.0, 1.75, 5.0}, theta = {0.62};
  const Index n = 11, m = 3;
  MatrixXd joint(n + m, n + m);
  joint.bottomRightCorner(n, n) = covariance_by_hand(p, SomeLaw);
  for (Index i = 0; i < m; ++i) {
    const double here = at[static_cast<std::size_t>(i)];
    for (Index j = 0; j < m; ++j)
      joint(i, j) = kernel_by_hand(p.kernel, SomeLaw, here - at[static_cast<std::size_t>(j)]);
    for (Index j = 0; j < n; ++j)
      joint(i, m + j) = joint(m + j, i) =
          kernel_by_hand(p.kernel, SomeLaw, here - p.places[static_cast<std::size_t>(j)]);
  }
  const MatrixXd precision = joint.fullPivLu().inverse();
  const MatrixXd covariance = precision.topLeftCorner(m, m).fullPivLu().inverse();
  const VectorXd mean = -covariance * precision.topRightCorner(m, n) *
                        (vector_of(p.y) - theta[0] * vector_of(p.places));
  const DiscrepancyAt told = discrepancy_at(p, SomeLaw, theta, at);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_NEAR(told.mean[i], mean[static_cast<Index>(i)], 1e-10);
    EXPECT_NEAR(told.variance[i], covariance(static_cast<Index>(i), static_cast<Index>(i)), 1e-10);
  }
  EXPECT_LT(told.variance[1], 1e-4);  // between observations it is known
  EXPECT_GT(told.variance[2], 1e-3);  // beyond them less and less
}

TEST(Discrepancy, SlopesAreThoseOfTheDensity) {
  for (const CovarianceKernel kernel : EachKernel) {
    const DiscrepancyProblem p = simple_machine(kernel, 3);
    EXPECT_LT(slope_error(discrepancy_likelihood(p), std::vector<double>{0.62, 0.05, 0.9}), 1e-6);
    EXPECT_LT(slope_error(discrepancy_likelihood(p, SomeLaw), std::vector<double>{0.62}), 1e-6);
  }
}

math::Moments efficiency_of(const DiscrepancyProblem& p, const std::vector<Prior>& priors) {
  const std::vector<double> start = to_line(priors, std::vector<double>{0.6, 0.3, 2.5});
  const Chains c = nuts(posterior(priors, discrepancy_likelihood(p)),
                        {.starts = {start, start}, .warmup = 400, .draws = 400, .acceptance = 0.9});
  math::Moments m;
  for (const auto& chain : c.of([&](auto v) { return priors[0].from_line(v[0]).x; }))
    for (const double theta : chain) m.add(theta);
  return m;
}

TEST(Discrepancy, KeepsASimpleMachineFromBeingSureOfWhatIsWrong) {
  // Without it observations are sure of a wrong efficiency, by 50 deviations and more. With one that is likeliest
  // to be nothing they are less sure by ten times and more, but mostly more than two deviations off: a small
  // discrepancy and another efficiency are as good an account of them, as the article finds. With what is believed
  // of friction, to take about half a unit and to change over the whole range, the true one is within 2.5
  // deviations.
  const std::vector<Prior> timid = {Prior::uniform(0, 2), Prior::half_normal(0.3),
                                    Prior::lognormal(1, 0.5)},
                           believed = {Prior::uniform(0, 2), Prior::lognormal(std::log(0.5), 0.3),
                                       Prior::lognormal(std::log(3.0), 0.3)};
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    const DiscrepancyProblem p = simple_machine(CovarianceKernel::SquaredExponential, seed);
    const VectorXd x = vector_of(p.places);
    const double mean = x.dot(vector_of(p.y)) / x.squaredNorm(), deviation = 0.01 / x.norm();
    EXPECT_LT(mean + 50 * deviation, Efficiency);
    const math::Moments unsure = efficiency_of(p, timid), right = efficiency_of(p, believed);
    EXPECT_GT(unsure.deviation(), 10 * deviation);
    EXPECT_LT(std::abs(unsure.mean() - Efficiency), 6 * unsure.deviation());
    EXPECT_LT(std::abs(right.mean() - Efficiency), 2.5 * right.deviation());
    EXPECT_LT(right.deviation(), 0.15);  // far less than the prior's 0.58
    RecordProperty(
        fmt::format("observations{}", seed),
        fmt::format("without {} +- {}, timid {} +- {}, believed {} +- {}", mean, deviation,
                    unsure.mean(), unsure.deviation(), right.mean(), right.deviation()));
  }
}

TEST(Discrepancy, RunsThatFailGiveNoNumberAndPoisonNothing) {
  DiscrepancyProblem p = simple_machine(CovarianceKernel::Matern52, 1);
  p.model = [whole = p.model](std::span<const double> theta, std::span<double> g) {
    whole(theta, g);
    for (std::size_t k = 0; k < theta.size(); ++k)
      if (theta[k] > 1) g[11 * k + 4] = std::numeric_limits<double>::quiet_NaN();
  };
  const std::vector<double> x = {0.5, 0.1, 1, 1.5, 0.1, 1, 0.5, 0.1, 1, 0.5, -0.1, 1};
  std::vector<double> value(4);
  discrepancy_likelihood(p).log_density(x, value);
  EXPECT_TRUE(std::isfinite(value[0]));
  EXPECT_TRUE(std::isnan(value[1]));
  EXPECT_EQ(value[2], value[0]);
  EXPECT_EQ(value[3], -std::numeric_limits<double>::infinity());
}

TEST(Discrepancy, SaysWhatCannotBe) {
  const DiscrepancyProblem right = simple_machine(CovarianceKernel::Matern52, 1);
  const auto why = [](const DiscrepancyProblem& p) {
    return contract::refusal([&] { (void)discrepancy_likelihood(p); });
  };
  DiscrepancyProblem p = right;
  p.model = {};
  EXPECT_EQ(why(p), "discrepancy: 1 parameters, places of 1 coordinates, no model");
  p = right;
  p.coordinates = 2;
  EXPECT_EQ(why(p), "discrepancy: 11 numbers for places of 2 coordinates");
  p = right;
  p.y.pop_back();
  EXPECT_EQ(why(p), "10 observations and 11 places (must be as many); do they belong together?");
  p = right;
  p.noise[3] = 0.0;
  EXPECT_EQ(why(p), "the deviation of an error = 0 (must be positive)");
  const std::vector<double> theta = {0.5}, two = {0.5, 1}, at = {1};
  EXPECT_EQ(contract::refusal([&] { (void)discrepancy_at(right, {.amplitude = -1}, theta, at); }),
            "discrepancy: an amplitude of -1 (finite, at least 0)");
  EXPECT_EQ(contract::refusal([&] { (void)discrepancy_at(right, {}, two, at); }),
            "2 numbers of theta and 1 parameters (must be as many); do they belong together?");
  EXPECT_EQ(contract::refusal([&] {
              (void)discrepancy_likelihood(simple_machine(CovarianceKernel::SquaredExponential, 1),
                                           {.amplitude = 1e9, .length = 100});
            }),
            "discrepancy: an amplitude of 1000000000 (rounding makes its covariance indefinite "
            "beside errors so small)");
}

}  // namespace
}  // namespace twin::infer
