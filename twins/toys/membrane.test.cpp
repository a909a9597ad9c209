// If these failed, chains that invert the membrane would sample another density than the benchmark's.
#include "twins/toys/membrane.hpp"

#include <gtest/gtest.h>

#include <Eigen/Dense>
#include <array>
#include <cmath>
#include <cstddef>
#include <vector>

#include "twin/core/draw.hpp"
#include "twin/infer/sample/laplace.hpp"
#include "twin/math/distributions.hpp"

namespace twins::toys {
namespace {

std::vector<double> seen_of(const std::vector<double>& a) {
  std::vector<double> seen(Membrane::Points);
  Membrane::deflections(a, seen);
  return seen;
}

// The finite elements as the textbook has them: one dense matrix.
std::vector<double> dense(const std::vector<double>& a) {
  constexpr int N = 33;
  Eigen::MatrixXd k = Eigen::MatrixXd::Zero(N * N, N * N);
  Eigen::VectorXd f = Eigen::VectorXd::Zero(N * N);
  const double cell[4][4] = {{4, -1, -2, -1}, {-1, 4, -1, -2}, {-2, -1, 4, -1}, {-1, -2, -1, 4}};
  for (int y = 0; y < 32; ++y) {
    for (int x = 0; x < 32; ++x) {
      const int corner[4] = {x + N * y, x + 1 + N * y, x + 1 + N * (y + 1), x + N * (y + 1)};
      const double stiffness = a[static_cast<std::size_t>(x / 4 + 8 * (y / 4))];
      for (int i = 0; i < 4; ++i) {
        f(corner[i]) += 10.0 / 1024 / 4;
        for (int j = 0; j < 4; ++j) k(corner[i], corner[j]) += stiffness * cell[i][j] / 6;
      }
    }
  }
  for (int n = 0; n < N * N; ++n) {
    if (n % N != 0 && n % N != 32 && n / N != 0 && n / N != 32) continue;
    k.row(n).setZero();
    k.col(n).setZero();
    k(n, n) = 1.0;
    f(n) = 0.0;
  }
  const Eigen::VectorXd u = k.ldlt().solve(f);
  std::vector<double> seen;
  for (int i = 1; i <= 13; ++i) {
    for (int j = 1; j <= 13; ++j) {
      const double x = 32.0 * i / 14, y = 32.0 * j / 14;
      const int cx = static_cast<int>(x), cy = static_cast<int>(y), n = cx + N * cy;
      const double dx = x - cx, dy = y - cy;
      seen.push_back((1 - dy) * ((1 - dx) * u(n) + dx * u(n + 1)) +
                     dy * ((1 - dx) * u(n + N) + dx * u(n + N + 1)));
    }
  }
  return seen;
}

std::vector<double> drawn(std::uint64_t seed) {
  std::vector<double> log_a;
  for (std::uint32_t k = 0; k < 64; ++k)
    log_a.push_back(2.0 * twin::math::normal(twin::core::Draw{seed}.uniform(1, k, 0)));
  return log_a;
}

TEST(Membrane, BendsAsADenseSolverSays) {
  std::vector<double> a = drawn(3);
  for (double& v : a) v = std::exp(v);
  const auto ours = seen_of(a), theirs = dense(a);
  for (std::size_t k = 0; k < ours.size(); ++k)
    EXPECT_NEAR(ours[k], theirs[k], 1e-12 * (1.0 + std::abs(theirs[k]))) << k;
}

TEST(Membrane, IsTheBenchmarks) {
  // The first figures of its test vector of ones, and its densities (deal.II code gallery, MCMC-Laplace, testing).
  const std::vector<double> ones(64, 1.0), tens(64, 10.0);
  std::vector<double> rising(64);
  for (std::size_t k = 0; k < 64; ++k) rising[k] = static_cast<double>(k + 1);
  const auto z = seen_of(ones);
  const std::array<double, 7> known = {0.0769377755616516, 0.127585392806166, 0.162916157006181,
                                       0.187393652069996,  0.203519969009310, 0.212823817863891,
                                       0.215963398515343};
  // Theirs come from an iteration that ends some 1e-12 away.
  for (std::size_t k = 0; k < known.size(); ++k) EXPECT_NEAR(z[k], known[k], 1e-11);
  EXPECT_NEAR(Membrane::log_likelihood(z), -228.510844004, 1e-8);
  EXPECT_NEAR(Membrane::log_likelihood(seen_of(tens)), -5708.64422369, 1e-8);
  EXPECT_NEAR(Membrane::log_likelihood(seen_of(rising)), -6412.82113914, 1e-8);
  std::vector<double> logs(64);
  for (std::size_t k = 0; k < 64; ++k) logs[k] = std::log(rising[k]);
  EXPECT_NEAR(Membrane::log_prior(logs), -88.6599171951, 1e-9);
  EXPECT_NEAR(seen_of(tens)[5], z[5] / 10, 1e-15);
}

TEST(Membrane, SlopesAreThoseOfTheDensity) {
  // Central differences with steps of 1e-4: their own error is about 1e-8 of the third derivative.
  const auto at = drawn(9);
  std::vector<double> value(1), slope(64), unused(64);
  Membrane::log_posteriors(at, value, slope);
  for (std::size_t k = 0; k < 64; k += 5) {
    constexpr double Step = 1e-4;
    auto up = at, down = at;
    up[k] += Step;
    down[k] -= Step;
    std::vector<double> above(1), below(1);
    Membrane::log_posteriors(up, above, unused);
    Membrane::log_posteriors(down, below, unused);
    const double difference = (above[0] - below[0]) / (2 * Step);
    EXPECT_NEAR(slope[k], difference, 1e-5 * (1.0 + std::abs(difference))) << k;
  }
}

TEST(Membrane, IsFoundFromWhatIsSeen) {
  // In x = log a / 2 the prior is standard normal. The figures were made with stiffness 1, but 0.1 in four blocks
  // and 10 in four others (arXiv 2102.07263, eq. 12): the most probable point has them, least well where the
  // membrane is stiff.
  twin::infer::Target likelihood{.dimensions = Membrane::Coefficients};
  likelihood.log_density_and_slopes = [](std::span<const double> x, std::span<double> value,
                                         std::span<double> slope) {
    std::vector<double> log_a(x.begin(), x.end());
    for (double& v : log_a) v *= 2;
    Membrane::log_posteriors(log_a, value, slope);
    for (std::size_t k = 0; k < x.size(); ++k) {
      value[k / Membrane::Coefficients] += 0.5 * x[k] * x[k];
      slope[k] = 2 * slope[k] + x[k];
    }
  };
  likelihood.log_density = [likelihood](std::span<const double> x, std::span<double> value) {
    std::vector<double> unused(x.size());
    likelihood.log_density_and_slopes(x, value, unused);
  };
  EXPECT_LT(twin::infer::slope_error(likelihood, std::vector<double>(64, 0.1)), 1e-7);
  const twin::infer::Laplace found = twin::infer::laplace(likelihood);
  ASSERT_TRUE(found.converged);
  for (const std::size_t block : {9U, 10U, 17U, 18U})
    EXPECT_NEAR(2 * found.mode[block], std::log(0.1), 0.1) << block;
  for (const std::size_t block : {45U, 46U, 53U})
    EXPECT_NEAR(2 * found.mode[block], std::log(10.0), 0.4) << block;
  for (const std::size_t block : {0U, 5U, 23U, 40U, 56U})
    EXPECT_NEAR(2 * found.mode[block], 0.0, 0.1) << block;
  const auto taken = found.contraction();
  EXPECT_GT(taken[9], 0.95);
  EXPECT_LT(taken[27], 0.4);  // a block that hardly anything is seen of
}

}  // namespace
}  // namespace twins::toys
