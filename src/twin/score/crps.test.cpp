// If these failed, the number that every forecast is judged by would be wrong.
#include "twin/score/crps.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>
#include <vector>

#include "twin/contract/refusal.hpp"
#include "twin/core/draw.hpp"
#include "twin/math/distributions.hpp"
#include "twin/math/statistics.hpp"
#include "twin/score/normal.hpp"

namespace twin::score {
namespace {

using contract::refusal;

constexpr std::uint64_t CrpsSeed = 20290103;

std::vector<double> normals(std::uint32_t who, std::uint32_t n) {
  const core::Draw draw{.seed = CrpsSeed, .member = 0};
  std::vector<double> x;
  for (std::uint32_t i = 0; i < n; ++i) x.push_back(math::normal(draw.uniform(0, who, i)));
  return x;
}

// The definition of the kernel form: mean |x - y| - sum |x - x'| / (2 pairs). O(N^2).
double slow_crps(std::span<const double> x, double y, double pairs) {
  double near = 0.0, apart = 0.0;
  for (const double a : x) {
    near += std::abs(a - y);
    for (const double b : x) apart += std::abs(a - b);
  }
  return near / static_cast<double>(x.size()) - apart / (2.0 * pairs);
}

// The digits of the closed form. The first is (sqrt 2 - 1) / sqrt pi.
TEST(Crps, OfTheNormalHasThePublishedDigits) {
  EXPECT_NEAR(normal_crps(0, 1, 0), 0.2336949773, 5e-11);
  EXPECT_NEAR(normal_crps(0, 1, 1), 0.6024413576, 5e-11);
  EXPECT_NEAR(normal_crps(0, 1, 0), (std::numbers::sqrt2 - 1.0) * std::numbers::inv_sqrtpi, 1e-15);
  EXPECT_DOUBLE_EQ(normal_crps(3, 2, 5), 2.0 * normal_crps(0, 1, 1));
  EXPECT_DOUBLE_EQ(normal_crps(3, 2, 1), normal_crps(3, 2, 5));
}

// The closed form is the integral it stands for: midpoint rule, step 1/1000; the integrand's second
// derivative is below 1, the kink at y lies on an edge: error below 16 h^2 / 24 and the tails.
TEST(Crps, OfTheNormalIsTheIntegral) {
  for (const double y : {0.0, 1.0, -2.5}) {
    double sum = 0.0;
    for (int i = -8000; i < 8000; ++i) {
      const double x = (i + 0.5) * 1e-3;
      const double f = normal_below(x) - (x >= y ? 1.0 : 0.0);
      sum += f * f * 1e-3;
    }
    EXPECT_NEAR(sum, normal_crps(0, 1, y), 1e-6) << y;
  }
}

// The fast sums are the slow definitions, with ties, with y below, among and above the members.
TEST(Crps, IsItsDefinition) {
  for (const std::uint32_t n : {1U, 2U, 3U, 10U, 101U}) {
    std::vector<double> x = normals(n, n);
    if (n > 2) x[1] = x[0];
    const double size = n;
    for (const double y : {-9.0, -0.4, x[0], 0.7, 9.0}) {
      EXPECT_NEAR(crps(x, y), slow_crps(x, y, size * size), 1e-13) << n << " " << y;
      if (n == 1) continue;
      EXPECT_NEAR(fair_crps(x, y), slow_crps(x, y, size * (size - 1)), 1e-13) << n << " " << y;
    }
  }
  EXPECT_EQ(crps(std::array{3.0}, 5.0), 2.0);  // a single value: the absolute error
  EXPECT_EQ(crps(std::array{0.0, 1.0}, 0.0), 0.25);
  EXPECT_EQ(fair_crps(std::array{0.0, 1.0}, 0.0), 0.0);
}

// Times since 1970 in seconds: members 1e9 away from zero must not lose their digits to it.
TEST(Crps, KeepsItsDigitsFarFromZero) {
  const std::array near = {0.0, 1.0, 3.0, 4.5};
  std::array far = near;
  for (double& x : far) x += 1e15;  // exact: multiples of 1/2 below 2^52
  EXPECT_EQ(crps(far, 1e15 + 2.0), crps(near, 2.0));
  EXPECT_EQ(fair_crps(far, 1e15 + 2.0), fair_crps(near, 2.0));
}

// A particle of weight 3 is three particles of weight 1.
TEST(Crps, OfWeightsIsThatOfRepeatedMembers) {
  const std::array values = {4.0, 1.0, 2.0, 8.0};
  const std::array weights = {1.5, 0.5, 1.0, 0.0};
  const std::array repeated = {1.0, 2.0, 2.0, 4.0, 4.0, 4.0};
  for (const double y : {0.0, 1.5, 3.0, 9.0}) {
    EXPECT_NEAR(weighted_crps(values, weights, y), crps(repeated, y), 1e-15) << y;
  }
}

// An ensemble of 3 must not be punished for its size: the fair score's mean is the normal's own.
// The plain score is E|X - X'| / (2 N) = 1 / (sqrt(pi) N) = 0.188 too high. 20,000 ensembles; the
// standard error is taken from the scores themselves and is about 0.002: |z| < 5, the bias has
// z near 90.
TEST(Crps, FairDoesNotDependOnTheNumberOfMembers) {
  const double bias = std::numbers::inv_sqrtpi / 3.0;
  math::Moments plain, fair;
  for (std::uint32_t t = 0; t < 20'000; ++t) {
    const auto x = normals(1000 + t, 3);
    plain.add(crps(x, 0.0));
    fair.add(fair_crps(x, 0.0));
  }
  const double error = fair.deviation() / std::sqrt(20'000.0);
  EXPECT_LT(std::abs(fair.mean() - normal_crps(0, 1, 0)), 5 * error) << "seed " << CrpsSeed;
  const double plain_error = plain.deviation() / std::sqrt(20'000.0);
  EXPECT_LT(std::abs(plain.mean() - bias - normal_crps(0, 1, 0)), 5 * plain_error);
  EXPECT_GT(bias, 50 * error);
}

// An improper score would pay for saying something other than what one believes. For y ~ N(0, 1)
// the mean over y of normal_crps(m, s, y) is least at m = 0, s = 1, where it is 1 / sqrt(pi).
// Quadrature at 2000 quantiles, whose error is near 1e-4 of the tails.
TEST(Crps, IsLeastForTheTruth) {
  const auto expected = [](double mean, double deviation) {
    double sum = 0.0;
    for (int i = 0; i < 2000; ++i)
      sum += normal_crps(mean, deviation, math::normal((i + 0.5) / 2000)) / 2000;
    return sum;
  };
  const double best = expected(0, 1);
  EXPECT_NEAR(best, std::numbers::inv_sqrtpi, 2e-4);
  for (const double mean : {-0.1, 0.1}) EXPECT_GT(expected(mean, 1), best);
  for (const double deviation : {0.85, 1.15}) EXPECT_GT(expected(0, deviation), best);
}

// A lost member left out in silence would make the score of another ensemble.
TEST(Crps, RefusesWhatItCannotScore) {
  constexpr double Nan = std::numeric_limits<double>::quiet_NaN();
  const std::array holed = {1.0, Nan};
  const std::array whole = {1.0, 2.0};
  EXPECT_EQ(refusal([&] { crps(holed, 0); }),
            "ensemble[1] = nan (must be finite); was a missing value left in?");
  EXPECT_EQ(refusal([&] { fair_crps(holed, 0); }),
            "ensemble[1] = nan (must be finite); was a missing value left in?");
  EXPECT_EQ(refusal([&] { crps(whole, Nan); }),
            "observation = nan (must be finite); was a missing value left in?");
  EXPECT_EQ(refusal([&] { crps(std::span<const double>(), 0); }),
            "no ensemble (needs at least one value); was everything filtered out?");
  EXPECT_EQ(refusal([&] { fair_crps(std::span(whole).first(1), 0); }),
            "fair CRPS of one member (needs two or more); is the plain CRPS meant?");
  EXPECT_EQ(refusal([&] { normal_crps(0, 0, 0); }), "deviation = 0 (must be positive)");
}

}  // namespace
}  // namespace twin::score
