// If these failed, an input without influence would be told to have one, or the other way round.
#include "twin/uq/hsic.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "twin/contract/refusal.hpp"
#include "twin/core/draw.hpp"

namespace twin::uq {
namespace {

double part(double v) { return v - std::floor(v); }

TEST(Hsic, IsThatOfOpenTurns) {
  // HSICEstimatorGlobalSensitivity with HSICVStat and squared exponentials as wide as the standard deviations, of
  // version 1.20, on the same twenty points; its kernels have 1e-12 more on their diagonals.
  std::vector<double> a, b, y;
  for (int k = 1; k <= 20; ++k) {
    a.push_back(part(k * 0.6180339887498949));
    b.push_back(part(k * 0.7548776662466927));
    y.push_back(std::sin(3 * a.back()) + 0.1 * b.back());
  }
  const Dependence first = dependence(a, y), second = dependence(b, y);
  EXPECT_NEAR(first.hsic, 0.03383440988481202, 1e-12);
  EXPECT_NEAR(first.share, 0.34945010226888057, 1e-11);
  EXPECT_NEAR(second.hsic, 0.013638605473496903, 1e-12);
  EXPECT_NEAR(second.share, 0.13749187162260323, 1e-11);
}

TEST(Hsic, ProbabilitiesAreUniformWithoutDependence) {
  // 200 pairs of independent samples: 10 % of p-values are at most 0.1, +- 4.5 deviations of 4.2.
  int small = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    std::vector<double> x, y;
    for (std::uint32_t k = 0; k < 30; ++k) {
      x.push_back(core::Draw{seed}.uniform(0, k, 0));
      y.push_back(core::Draw{seed}.uniform(1, k, 0));
    }
    small += dependence(x, y, {.permutations = 99, .seed = seed}).probability <= 0.1;
  }
  EXPECT_NEAR(small, 20, 19);
}

TEST(Hsic, SeesWhatCorrelationDoesNot) {
  // A parabola over a symmetric range has no correlation with its input.
  std::vector<double> x, y, noise;
  for (std::uint32_t k = 0; k < 100; ++k) {
    x.push_back(2 * core::Draw{3}.uniform(0, k, 0) - 1);
    y.push_back(x.back() * x.back() + 0.05 * core::Draw{3}.uniform(1, k, 0));
    noise.push_back(core::Draw{3}.uniform(2, k, 0));
  }
  const Dependence seen = dependence(x, y), none = dependence(noise, y, {.threads = 3});
  EXPECT_EQ(seen.probability, 1.0 / 200);
  EXPECT_GT(none.probability, 0.02);
  EXPECT_GT(seen.share, 5 * none.share);
  EXPECT_EQ(none.probability, dependence(noise, y).probability);
}

TEST(Hsic, SaysWhatIsNoSample) {
  const std::vector<double> four = {1, 2, 3, 4};
  const auto why = [](std::vector<double> x, std::vector<double> y) {
    return contract::refusal([&] { (void)dependence(x, y); });
  };
  EXPECT_EQ(why(four, {1, 2}), "4 values of an input, 2 of a result");
  EXPECT_EQ(why({1, 2}, {1, 2}), "a sample of 2 points (4 to 20000)");
  EXPECT_EQ(why(four, {1, 2, 3, NAN}), "a value of nan in a sample");
  EXPECT_EQ(why(four, {1, 1, 1, 1}), "what does not vary depends on nothing");
}

}  // namespace
}  // namespace twin::uq
