// If these failed, the distance between model and measurement would be another one.
#include "twin/score/area_metric.hpp"

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
#include "twin/score/normal.hpp"

namespace twin::score {
namespace {

using contract::refusal;

constexpr std::uint64_t Seed = 20290111;

std::vector<double> uniforms(std::uint32_t who, std::uint32_t n) {
  const core::Draw draw{.seed = Seed, .member = 0};
  std::vector<double> x;
  for (std::uint32_t i = 0; i < n; ++i) x.push_back(draw.uniform(0, who, i));
  return x;
}

// Midpoint rule over |F - G| in [low, high], G the empirical distribution of y.
template <class F>
double slow(F f, std::vector<double> y, double low, double high, int steps) {
  std::ranges::sort(y);
  const double h = (high - low) / steps;
  double sum = 0.0;
  for (int i = 0; i < steps; ++i) {
    const double x = low + (i + 0.5) * h;
    const auto below = std::ranges::upper_bound(y, x) - y.begin();
    sum += std::abs(f(x) - static_cast<double>(below) / static_cast<double>(y.size())) * h;
  }
  return sum;
}

// By hand: {0, 2} against {1}: 1/2 from 0 to 1 and 1/2 from 1 to 2. A shift is its own distance;
// one measurement outside all predictions is the distance of the means.
TEST(AreaMetric, IsTheAreaBetweenSteps) {
  EXPECT_DOUBLE_EQ(area_metric(std::array{0.0, 2.0}, std::array{1.0}), 1.0);
  EXPECT_EQ(area_metric(std::array{1.0, 5.0, 2.0}, std::array{2.0, 1.0, 5.0}), 0.0);
  EXPECT_DOUBLE_EQ(area_metric(std::array{1.0, 2.0, 6.0}, std::array{9.0}), 6.0);
  EXPECT_DOUBLE_EQ(area_metric(std::array{0.0, 0.0, 1.0}, std::array{0.0, 1.0}), 1.0 / 6.0);
}

// Equal numbers of values: the mean distance between order statistics, computed the other way.
TEST(AreaMetric, IsTheMeanDistanceOfOrderStatistics) {
  std::vector<double> a = uniforms(1, 500), b = uniforms(2, 500);
  for (double& x : b) x = 0.2 + 0.5 * x;
  const double metric = area_metric(a, b);
  EXPECT_NEAR(metric, area_metric(b, a), 1e-14);
  std::ranges::sort(a);
  std::ranges::sort(b);
  double mean = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) mean += std::abs(a[i] - b[i]) / 500;
  EXPECT_NEAR(metric, mean, 1e-13);
}

// A particle of weight 3 is three values.
TEST(AreaMetric, OfWeightsIsThatOfRepeatedValues) {
  const std::array measured = {0.5, 3.0, 7.0};
  EXPECT_NEAR(weighted_area_metric(std::array{4.0, 1.0, 9.0}, std::array{3.0, 1.0, 0.0}, measured),
              area_metric(std::array{1.0, 4.0, 4.0, 4.0}, measured), 1e-14);
}

// One measurement at the mean: E|Z| = sqrt(2 / pi). Elsewhere: E|X - y|, here by its closed form.
// And the integral itself, within a step of the rule at each measurement.
TEST(AreaMetric, OfTheNormalIsTheIntegral) {
  EXPECT_NEAR(normal_area_metric(5, 2, std::array{5.0}),
              2 * std::numbers::sqrt2 * std::numbers::inv_sqrtpi, 1e-14);
  const double expected = 1.5 * (2 * normal_below(1.5) - 1) + 2 * normal_density(1.5);
  EXPECT_NEAR(normal_area_metric(0, 1, std::array{1.5}), expected, 1e-14);
  std::vector<double> y = uniforms(3, 12);
  for (double& v : y) v = 4 * v - 1;
  constexpr int Steps = 200'000;
  EXPECT_NEAR(normal_area_metric(0.3, 1.2, y),
              slow([](double x) { return normal_below((x - 0.3) / 1.2); }, y, -12, 12, Steps),
              24.0 / Steps);
  EXPECT_NEAR(normal_area_metric(0, 1, std::array{1e6, 1e6 + 2}), 1e6 + 1, 1e-9);
}

// By hand: 1/2 has the area 1/8 on either side; 1/4 and 3/4 have 4 of 1/32. Then the integral.
TEST(AreaMetric, PoolsByThePit) {
  EXPECT_DOUBLE_EQ(pooled_area_metric(std::array{0.5}), 0.25);
  EXPECT_DOUBLE_EQ(pooled_area_metric(std::array{0.75, 0.25}), 0.125);
  EXPECT_DOUBLE_EQ(pooled_area_metric(std::array{0.0}), 0.5);
  EXPECT_DOUBLE_EQ(pooled_area_metric(std::array{1.0, 1.0}), 0.5);
  const std::vector<double> u = uniforms(4, 15);
  EXPECT_NEAR(pooled_area_metric(u), slow([](double x) { return x; }, u, 0, 1, 100'000), 1e-5);
}

// More measurements of what was predicted come nearer: for uniform PITs the mean area is
// sqrt(pi / 32) / sqrt n = 0.313 / sqrt n (the integral of a Brownian bridge's absolute value;
// L. A. Shepp, Annals of Probability 10, 1982), deviation below 0.14 / sqrt n: 200 runs, |z| < 5.
TEST(AreaMetric, ShrinksForTheTruth) {
  double mean = 0.0;
  for (std::uint32_t t = 0; t < 200; ++t) mean += pooled_area_metric(uniforms(100 + t, 2500)) / 200;
  EXPECT_NEAR(mean * 50, std::sqrt(std::numbers::pi / 32), 5 * 0.14 / std::sqrt(200.0))
      << "seed " << Seed;
}

// Nothing measured is not agreement.
TEST(AreaMetric, RefusesNothingAndNoNumbers) {
  const std::array x = {1.0, std::numeric_limits<double>::quiet_NaN()};
  const auto one = std::span(x).first(1);
  EXPECT_EQ(refusal([&] { area_metric(one, {}); }),
            "no measurement (needs at least one value); was everything filtered out?");
  EXPECT_EQ(refusal([&] { area_metric(x, one); }),
            "prediction[1] = nan (must be finite); was a missing value left in?");
  EXPECT_EQ(refusal([&] { normal_area_metric(0, 1, x); }),
            "measurement[1] = nan (must be finite); was a missing value left in?");
  EXPECT_EQ(refusal([&] { normal_area_metric(0, 0, one); }), "deviation = 0 (must be positive)");
  EXPECT_EQ(refusal([&] { weighted_area_metric(one, std::array{0.0}, one); }),
            "all weights are zero (some value must have weight); has the filter failed?");
  EXPECT_EQ(refusal([] { pooled_area_metric(std::array{1.5}); }),
            "PIT = 1.5 (must lie in 0 to 1); is it in percent?");
}

}  // namespace
}  // namespace twin::score
