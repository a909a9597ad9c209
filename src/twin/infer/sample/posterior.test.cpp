// If these failed, samplers would be given another posterior than that of the priors and the likelihood.
#include "twin/infer/sample/posterior.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string>

#include "twin/contract/refusal.hpp"
#include "twin/infer/sample/example.hpp"
#include "twin/infer/sample/metropolis.hpp"
#include "twin/infer/sample/nuts.hpp"
#include "twin/infer/sample/tempering.hpp"
#include "twin/math/statistics.hpp"

namespace twin::infer {
namespace {

std::vector<Prior> school_priors() {
  std::vector<Prior> priors(8, Prior::normal(0, 1));  // what a school differs by, in units of tau
  priors.push_back(Prior::normal(0, 5));              // mu
  priors.push_back(Prior::half_cauchy(5));            // tau
  return priors;
}

Target school_likelihood() {
  return target_with_slopes(10, [](std::span<const double> x, std::span<double> slope) {
    constexpr std::array<double, 8> Y = {28, 8, -3, 7, -1, 1, 18, 12},
                                    Sigma = {15, 10, 16, 11, 9, 11, 10, 18};
    double value = 0.0;
    slope[8] = slope[9] = 0.0;
    for (std::size_t j = 0; j < 8; ++j) {
      const double off = (Y[j] - x[8] - x[9] * x[j]) / Sigma[j];
      value -= 0.5 * off * off;
      slope[j] = off * x[9] / Sigma[j];
      slope[8] += off / Sigma[j];
      slope[9] += off * x[j] / Sigma[j];
    }
    return value;
  });
}

TEST(Posterior, OfEightSchoolsIsTheOneWrittenByHand) {
  // Logarithms differ by the priors' constants alone, slopes not at all.
  const Target t = posterior(school_priors(), school_likelihood()),
               by_hand = example::eight_schools();
  const std::vector<double> v = {0.1, -0.2, 0.3, 1.4, -0.5, 0.6, 0.7, -0.8, 3.9, 0.9,
                                 1.1, 0.2,  -3,  0.4, 2.5,  -1,  0.0, 0.8,  -2,  -4};
  std::vector<double> value(2), slope(20), value_by_hand(2), slope_by_hand(20), alone(2);
  t.log_density_and_slopes(v, value, slope);
  t.log_density(v, alone);
  by_hand.log_density_and_slopes(v, value_by_hand, slope_by_hand);
  EXPECT_EQ(alone, value);
  EXPECT_NEAR(value[0] - value_by_hand[0], value[1] - value_by_hand[1], 1e-12);
  for (std::size_t i = 0; i < 20; ++i) EXPECT_NEAR(slope[i], slope_by_hand[i], 1e-12) << i;
}

TEST(Posterior, OfEightSchoolsHasItsReferenceMeans) {
  // posteriordb: within 4 standard errors, of the chains and of the reference.
  const std::vector<Prior> priors = school_priors();
  const Chains c =
      nuts(posterior(priors, school_likelihood()),
           {.starts = std::vector<std::vector<double>>(4, std::vector<double>(10, 0.1)),
            .draws = 2'500,
            .acceptance = 0.9,
            .seed = 8});
  const Diagnostics mu = diagnose(c.of(8)), tau = diagnose(c.of([&](std::span<const double> v) {
                                              return priors[9].from_line(v[9]).x;
                                            }));
  EXPECT_NEAR(mu.mean, 4.4105, 4 * std::hypot(mu.mean_error, 0.033));
  EXPECT_NEAR(tau.mean, 3.6021, 4 * std::hypot(tau.mean_error, 0.032));
  RecordProperty("mu", std::to_string(mu.mean));
  RecordProperty("tau", std::to_string(tau.mean));
}

TEST(Posterior, SlopesAreRightInBothCoordinates) {
  const std::vector<double> at(10, 0.3);
  EXPECT_LT(slope_error(posterior(school_priors(), school_likelihood()), at), 1e-7);
  EXPECT_LT(slope_error(on_normals(school_priors(), school_likelihood()), at), 1e-7);
  EXPECT_FALSE(on_normals({Prior::normal(0, 1)}, target_of(1, [](auto) { return 0.0; }))
                   .log_density_and_slopes);
}

// 7 events in 3 hours, their rate of exponential(2): evidence Gamma(8) / (2 x 3.5^8), posterior Gamma(8, 1 / 3.5).
Target events() {
  return target_of(1, [](std::span<const double> x) { return 7 * std::log(x[0]) - 3 * x[0]; });
}
constexpr double EventsMean = 8 / 3.5, EventsVariance = 8 / (3.5 * 3.5);

TEST(Posterior, OnNormalsGivesEvidenceAndMean) {
  const std::vector<Prior> priors = {Prior::exponential(2)};
  const Target t = on_normals(priors, events());
  math::Moments ratio;
  for (std::uint64_t seed = 1; seed <= 30; ++seed)
    ratio.add(std::exp(temper(t, {.particles = 200, .seed = seed}).log_evidence) * 2 *
              std::pow(3.5, 8) / std::tgamma(8.0));
  EXPECT_NEAR(ratio.mean(), 1.0, 5 * ratio.deviation() / std::sqrt(30.0));
  const auto x = [&](std::span<const double> z) { return from_normals(priors, z)[0]; };
  const Diagnostics d = diagnose(
      preconditioned_crank_nicolson(t, {.starts = {{0.0}, {0.5}}, .draws = 4'000, .seed = 3})
          .of(x));
  EXPECT_NEAR(d.mean, EventsMean, 5 * d.mean_error);
  EXPECT_NEAR(d.deviation, std::sqrt(EventsVariance), 5 * d.deviation_error);
}

TEST(Posterior, OnTheLineHasTheSameMean) {
  const std::vector<Prior> priors = {Prior::exponential(2)};
  const Chains c = metropolis(posterior(priors, events()),
                              {.starts = {{0.0}, {0.5}}, .draws = 4'000, .thin = 3, .seed = 5});
  const Diagnostics d =
      diagnose(c.of([&](std::span<const double> v) { return from_line(priors, v)[0]; }));
  EXPECT_NEAR(d.mean, EventsMean, 5 * d.mean_error);
}

TEST(Posterior, RunsThatFailAreCountedAndPoisonNothing) {
  const Target t = posterior({Prior::half_normal(1)}, target_of(1, [](std::span<const double> x) {
                               return x[0] > 1.0 ? std::numeric_limits<double>::quiet_NaN() : 0.0;
                             }));
  const Chains c = metropolis(t, {.starts = {{-1.0}}, .draws = 1'000, .seed = 4});
  EXPECT_GT(c.failed, 0U);
  for (const double v : c.x[0]) EXPECT_LE(v, 0.0);
}

TEST(Posterior, DrawsAreOfThePriors) {
  // 20,000: means within five standard errors, and the same whatever comes after.
  const std::vector<Prior> priors = {Prior::exponential(2), Prior::uniform(90, 110)};
  const std::vector<double> x = draws_of(priors, 20'000, 7);
  math::Moments first, second;
  for (std::size_t k = 0; k < 20'000; ++k) {
    first.add(x[2 * k]);
    second.add(x[2 * k + 1]);
  }
  EXPECT_NEAR(first.mean(), 2.0, 5 * 2.0 / std::sqrt(2e4));
  EXPECT_NEAR(second.mean(), 100.0, 5 * 20 / std::sqrt(12 * 2e4));
  const std::vector<double> fewer = draws_of(priors, 10, 7);
  EXPECT_TRUE(std::equal(fewer.begin(), fewer.end(), x.begin()));
}

TEST(Posterior, PointsGoThereAndBack) {
  const std::vector<Prior> priors = {Prior::exponential(2), Prior::uniform(90, 110)};
  const std::vector<double> x = {0.3, 104};
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_NEAR(from_line(priors, to_line(priors, x))[i], x[i], 1e-12);
    EXPECT_NEAR(from_normals(priors, to_normals(priors, x))[i], x[i], 1e-12);
  }
  const std::vector<double> beyond = {0.3, 111}, longer = {1, 2, 3};
  EXPECT_EQ(contract::refusal([&] { (void)to_line(priors, beyond); }),
            "number 1 is 111 (its prior is from 90 to 110)");
  EXPECT_EQ(contract::refusal([&] { (void)to_normals(priors, longer); }),
            "a point of 3 numbers for 2 priors");
  EXPECT_EQ(contract::refusal([&] { (void)posterior(priors, events()); }),
            "a likelihood of 1 dimensions for 2 priors");
}

}  // namespace
}  // namespace twin::infer
