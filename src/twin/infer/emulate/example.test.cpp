// If these failed, emulators would be tried on other functions than those that are published.
#include "twin/infer/emulate/example.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace twin::infer::example {
namespace {

TEST(EmulateExample, FunctionsAreThePublishedOnes) {
  // In the middle of the ranges, worked out with 30 digits.
  EXPECT_NEAR(borehole(std::vector<double>(8, 0.5)), 70.872912636818957, 1e-12);
  // The least of Forrester's function is -6.02074 at 0.757249.
  EXPECT_NEAR(forrester_high(0.757249), -6.02074, 1e-5);
  EXPECT_GT(forrester_high(0.7562), forrester_high(0.757249));
  EXPECT_GT(forrester_high(0.7582), forrester_high(0.757249));
  EXPECT_NEAR(forrester_low(0.5), 0.5 * std::sin(2.0) - 5, 1e-15);
}

TEST(EmulateExample, HypercubeHasAPointInEachSlice) {
  const auto x = latin_hypercube(20, 3, 5);
  for (std::size_t j = 0; j < 3; ++j) {
    std::vector<int> seen(20, 0);
    for (std::size_t k = 0; k < 20; ++k) ++seen[static_cast<std::size_t>(20 * x[k * 3 + j])];
    EXPECT_EQ(seen, std::vector<int>(20, 1));
  }
}

TEST(EmulateExample, DrawsHaveTheProcessVariance) {
  // 2,000 draws at two points: squares within 4.9 of their standard errors sqrt(2 / n), products likewise.
  const Eigen::MatrixXd x = as_matrix(std::vector<double>{0.0, 0.4}, 1);
  const Hyperparameters hyper = {.lengths = {0.5}, .variance = 3.0};
  Eigen::MatrixXd together = Eigen::MatrixXd::Zero(2, 2);
  for (std::uint64_t seed = 1; seed <= 2'000; ++seed) {
    const Eigen::VectorXd f = drawn_function(CovarianceKernel::SquaredExponential, x, hyper, seed);
    together += f * f.transpose() / 2'000;
  }
  const double alike = std::exp(-0.5 * 0.64);
  EXPECT_NEAR(together(0, 0), 3.0, 4.9 * 3 * std::sqrt(2.0 / 2'000));
  EXPECT_NEAR(together(1, 1), 3.0, 4.9 * 3 * std::sqrt(2.0 / 2'000));
  EXPECT_NEAR(together(0, 1), 3 * alike, 4.9 * 3 * std::sqrt((1 + alike * alike) / 2'000));
}

}  // namespace
}  // namespace twin::infer::example
