// If these failed, people would be told that data speak of what they do not speak of.
#include "twin/infer/sample/laplace.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <numbers>

#include "twin/contract/refusal.hpp"
#include "twin/infer/sample/example.hpp"

namespace twin::infer {
namespace {

// 40 coordinates, three sums of which are seen: y = B x + error of deviation s. All is normal, so all is exact.
constexpr std::size_t Wide = 40, Seen = 3;
constexpr double Deviation = 0.3;
constexpr std::array<double, Seen> What = {1.0, -0.5, 2.0};
double share_of_sum(std::size_t row, std::size_t i) {
  return std::sin(1.0 + 0.7 * static_cast<double>((row + 1) * (i + 1)));
}
Target sums() {
  return target_with_slopes(Wide, [](std::span<const double> x, std::span<double> slope) {
    double value = 0.0;
    for (double& s : slope) s = 0.0;
    for (std::size_t r = 0; r < Seen; ++r) {
      double off = What[r];
      for (std::size_t i = 0; i < Wide; ++i) off -= share_of_sum(r, i) * x[i];
      value -= 0.5 * (off * off / (Deviation * Deviation) +
                      std::log(2 * std::numbers::pi * Deviation * Deviation));
      for (std::size_t i = 0; i < Wide; ++i)
        slope[i] += share_of_sum(r, i) * off / (Deviation * Deviation);
    }
    return value;
  });
}

TEST(Laplace, OfALinearModelIsExact) {
  const Laplace l = laplace(sums());
  ASSERT_TRUE(l.converged);
  EXPECT_EQ(l.curvature.size(), Seen);  // no more directions are seen than there are sums
  // Evidence: N(y; 0, B B' + s^2), by Gauss's elimination of three.
  double m[3][4];
  for (std::size_t r = 0; r < 3; ++r) {
    for (std::size_t c = 0; c < 3; ++c) {
      m[r][c] = r == c ? Deviation * Deviation : 0.0;
      for (std::size_t i = 0; i < Wide; ++i) m[r][c] += share_of_sum(r, i) * share_of_sum(c, i);
    }
    m[r][3] = What[r];
  }
  double log_det = 0.0;
  for (int k = 0; k < 3; ++k) {
    log_det += std::log(m[k][k]);
    for (int r = k + 1; r < 3; ++r)
      for (int c = 3; c >= k; --c) m[r][c] -= m[r][k] / m[k][k] * m[k][c];
  }
  double solved[3];
  for (int r = 2; r >= 0; --r) {
    solved[r] = m[r][3];
    for (int c = r + 1; c < 3; ++c) solved[r] -= m[r][c] * solved[c];
    solved[r] /= m[r][r];
  }
  double square = 0.0;
  for (std::size_t r = 0; r < 3; ++r) square += What[r] * solved[r];
  EXPECT_NEAR(l.log_evidence, -0.5 * (square + log_det + 3 * std::log(2 * std::numbers::pi)), 1e-6);
  for (std::size_t i = 0; i < Wide; ++i) {
    double mean = 0.0;
    for (std::size_t r = 0; r < 3; ++r) mean += share_of_sum(r, i) * solved[r];
    EXPECT_NEAR(l.mode[i], mean, 1e-5);
  }
  // What is taken from all variances together is the sum over directions.
  double taken = 0.0, expected = 0.0;
  for (const double t : l.contraction()) taken += t;
  for (const double c : l.curvature) expected += c / (1 + c);
  EXPECT_NEAR(taken, expected, 1e-9);
  EXPECT_GT(taken, 2.9);
}

TEST(Laplace, PointsHaveItsCovariance) {
  // Along a direction that is seen the law is as narrow as it says, across it as wide as the prior.
  const Laplace l = laplace(sums());
  std::vector<double> z(l.direction.begin(), l.direction.begin() + Wide);
  const auto x = l.point(z);
  double along = 0.0;
  for (std::size_t i = 0; i < Wide; ++i) along += (x[i] - l.mode[i]) * l.direction[i];
  EXPECT_NEAR(along, 1 / std::sqrt(1 + l.curvature[0]), 1e-9);
}

TEST(Laplace, FindsTheMiddleOfABentPosterior) {
  // Eight schools with its prior taken out: the mode's slopes are zero.
  Target t = example::eight_schools();
  const auto whole = t.log_density_and_slopes;
  t.log_density_and_slopes = [whole](std::span<const double> x, std::span<double> value,
                                     std::span<double> slope) {
    whole(x, value, slope);
    for (std::size_t i = 0; i < x.size(); ++i) {
      value[0] += 0.5 * x[i] * x[i];
      slope[i] += x[i];
    }
  };
  const Laplace l = laplace(t, {.start = std::vector<double>(10, 0.1)});
  ASSERT_TRUE(l.converged);
  std::vector<double> slope(10);
  double value = 0.0;
  example::eight_schools().log_density_and_slopes(l.mode, std::span(&value, 1), slope);
  for (const double s : slope) EXPECT_NEAR(s, 0.0, 1e-4);
  EXPECT_NEAR(l.log_posterior, value, 1e-9);
}

TEST(Laplace, NeedsSlopes) {
  EXPECT_EQ(contract::refusal([] { (void)laplace(target_of(1, [](auto) { return 0.0; })); }),
            "laplace: the likelihood has no slopes");
}

}  // namespace
}  // namespace twin::infer
