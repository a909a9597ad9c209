// If these failed, a sample would not be of the law that it stands for, or its replications would know of each other.
#include "twin/uq/sample_points.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "twin/contract/refusal.hpp"
#include "twin/math/statistics.hpp"

namespace twin::uq {
namespace {

class SamplePoints : public testing::TestWithParam<PointsBy> {};

TEST_P(SamplePoints, AreUniformInEachInputAndUnlikeInEachReplication) {
  const auto u = sample_points({.inputs = 5, .points = 512, .replications = 8, .by = GetParam()});
  ASSERT_EQ(u.size(), 5U);
  for (const auto& column : u) {
    ASSERT_EQ(column.size(), 4'096U);
    EXPECT_GT(*std::ranges::min_element(column), 0.0);
    EXPECT_LT(*std::ranges::max_element(column), 1.0);
    // Five deviations of a mean by chance; the others are nearer.
    const double mean = std::accumulate(column.begin(), column.end(), 0.0) / 4'096;
    EXPECT_NEAR(mean, 0.5, 5 * std::sqrt(1.0 / 12 / 4'096));
    EXPECT_NE(column[0], column[512]);
  }
  for (std::size_t a = 0; a < 5; ++a)
    for (std::size_t b = 0; b < a; ++b) {  // and no input goes with another
      double sum = 0.0;
      for (std::size_t k = 0; k < 4'096; ++k) sum += (u[a][k] - 0.5) * (u[b][k] - 0.5);
      EXPECT_NEAR(sum / 4'096 * 12, 0.0, 5 / std::sqrt(4'096.0)) << a << b;
    }
}

// Means of the sum of the inputs over replications: by slices and sequences they spread less, as the sum has no
// parts of two inputs together. By chance: variance 5 / 12 / 64.
TEST_P(SamplePoints, SpreadAsTheirKindDoes) {
  const std::size_t n = 64;
  const auto u = sample_points({.inputs = 5, .points = n, .replications = 200, .by = GetParam()});
  math::Moments means;
  for (std::size_t r = 0; r < 200; ++r) {
    double sum = 0.0;
    for (const auto& column : u)
      sum = std::accumulate(column.begin() + static_cast<std::ptrdiff_t>(r * n),
                            column.begin() + static_cast<std::ptrdiff_t>((r + 1) * n), sum);
    means.add(sum / static_cast<double>(n));
  }
  const double by_chance = 5.0 / 12 / static_cast<double>(n);
  // 199 degrees of freedom: within 0.55 and 1.6 but for one in 10^6.
  if (GetParam() == PointsBy::Chance) {
    EXPECT_GT(means.variance(), 0.55 * by_chance);
    EXPECT_LT(means.variance(), 1.6 * by_chance);
  } else {
    EXPECT_LT(means.variance(), 0.01 * by_chance);
  }
}

INSTANTIATE_TEST_SUITE_P(Kinds, SamplePoints,
                         testing::Values(PointsBy::Chance, PointsBy::LatinHypercube,
                                         PointsBy::Sobol),
                         [](const auto& kind) {
                           std::string name(word(kind.param));
                           std::erase(name, '-');
                           return name;
                         });

TEST(SamplePointsOfSlices, HaveOneInEach) {
  const auto u = sample_points(
      {.inputs = 3, .points = 100, .replications = 2, .by = PointsBy::LatinHypercube});
  for (const auto& column : u)
    for (std::size_t r = 0; r < 2; ++r) {
      std::vector<int> slices(100, 0);
      for (std::size_t k = 0; k < 100; ++k)
        ++slices[static_cast<std::size_t>(column[r * 100 + k] * 100)];
      EXPECT_EQ(std::ranges::count(slices, 1), 100);
    }
}

TEST(SamplePointsRefused, WhereThereAreNone) {
  EXPECT_EQ(contract::refusal([] { sample_points({}); }), "points without inputs");
  EXPECT_EQ(contract::refusal([] { sample_points({.inputs = 1, .points = 0}); }),
            "0 points in 16 replications (one at least)");
  EXPECT_EQ(contract::refusal([] { sample_points({.inputs = 1, .points = 1ULL << 33}); }),
            "8589934592 points of a sequence (it has 4294967296)");
}

}  // namespace
}  // namespace twin::uq
