// If these failed, estimators would be held against a wrong answer.
#include "twin/contract/toy_walk.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "twin/contract/check_model.hpp"

namespace twin::contract {
namespace {

TWIN_CHECK_MODEL(ToyWalkModel, [] {
  return ModelCase<ToyWalk>{
      .model = {}, .theta = {}, .draw = {.seed = 1, .member = 0}, .horizon = 50};
});

// The exact filter must be the conditional distribution, integrated on a grid here.
TEST(ToyWalk, TheKalmanFilterIsBayesRule) {
  const ToyWalk walk;
  const std::array<double, 3> y = {0.3, -1.2, 2.0};
  constexpr int Cells = 1201;
  constexpr double Width = 0.02;
  const auto at = [](int i) { return (i - Cells / 2) * Width; };
  const auto normal = [](double d, double v) {
    return std::exp(-0.5 * d * d / v) / std::sqrt(2.0 * std::numbers::pi * v);
  };
  std::array<double, Cells> p = {};
  for (int i = 0; i < Cells; ++i) {
    p[static_cast<std::size_t>(i)] = normal(at(i) - walk.start.mean, walk.start.variance) * Width;
  }
  Normal exact = walk.start;
  for (const double seen : y) {
    std::array<double, Cells> next = {};
    double evidence = 0.0, mean = 0.0, square = 0.0;
    for (int j = 0; j < Cells; ++j) {
      double sum = 0.0;
      for (int i = 0; i < Cells; ++i) {
        sum += p[static_cast<std::size_t>(i)] * normal(at(j) - walk.a * at(i), walk.q);
      }
      next[static_cast<std::size_t>(j)] = sum * Width * normal(seen - at(j), walk.r);
      evidence += next[static_cast<std::size_t>(j)];
    }
    for (int j = 0; j < Cells; ++j) {
      double& here = next[static_cast<std::size_t>(j)];
      here /= evidence;
      mean += here * at(j);
      square += here * at(j) * at(j);
    }
    const Normal before = walk.forecast(exact);
    exact = walk.updated(before, seen);
    EXPECT_NEAR(exact.mean, mean, 1e-9);
    EXPECT_NEAR(exact.variance, square - mean * mean, 1e-9);
    EXPECT_NEAR(walk.log_evidence(before, seen), std::log(evidence), 1e-9);
    p = next;
  }
}

// Members would not be what the exact filter believes.
TEST(ToyWalk, DrawsWhatItSays) {
  const ToyWalk walk;
  constexpr std::uint32_t Count = 20000;
  double sum = 0.0, square = 0.0, noise = 0.0;
  for (std::uint32_t i = 0; i < Count; ++i) {
    const core::Draw draw{.seed = 3, .member = i};
    auto x = walk.initial({}, draw);
    walk.advance(x, {}, 1, draw);
    sum += x.x[0];
    square += x.x[0] * x.x[0];
    const double d = walk.observe(x, draw) - x.x[0];
    noise += d * d;
  }
  const Normal law = walk.forecast(walk.start);
  // 5 standard errors of a mean, and of a mean of squares of normals.
  EXPECT_NEAR(sum / Count, law.mean, 5.0 * std::sqrt(law.variance / Count));
  const double mean_square = law.variance + law.mean * law.mean;
  EXPECT_NEAR(square / Count, mean_square, 5.0 * std::sqrt(2.0 / Count) * mean_square);
  EXPECT_NEAR(noise / Count, walk.r, 5.0 * std::sqrt(2.0 / Count) * walk.r);
}

// With one observation of a known start, a times the start is normal: the posterior is known.
TEST(ToyWalk, LearnsWhatCanBeLearnt) {
  ToyWalk walk;
  walk.start = {.mean = 2.0, .variance = 1e-12};
  const Normal prior{0.3, 0.04};
  const double s = 4.0 * prior.variance + walk.q + walk.r;  // of y = 2 a + noise
  const double gain = 2.0 * prior.variance / s;
  const auto [posterior, evidence] = learned(walk, prior, std::array{1.5});
  EXPECT_NEAR(posterior.mean, 0.3 + gain * (1.5 - 0.6), 1e-8);
  EXPECT_NEAR(posterior.variance, prior.variance - gain * 2.0 * prior.variance, 1e-8);
  EXPECT_NEAR(evidence, -0.5 * (0.81 / s + std::log(2.0 * std::numbers::pi * s)), 1e-8);
}

// Tests of unbiasedness would compare with something else than they say.
TEST(ToyWalk, RatiosAreMomentsOverRuns) {
  const Ratios r = evidence_ratios(
      1.0, 4, [](std::uint64_t seed) { return 1.0 + std::log(seed < 2 ? 0.5 : 1.5); });
  EXPECT_NEAR(r.mean, 1.0, 1e-14);
  EXPECT_NEAR(r.deviation, 0.5, 1e-14);
  EXPECT_NEAR(r.standard_error(), 0.25, 1e-14);
}

}  // namespace
}  // namespace twin::contract
