// If these failed, a tool group would be told apart from its area by chance, or one that fails more often would not be.
#include "twins/fab/calibrate/pooling.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "twin/core/draw.hpp"

namespace twins::fab::calibrate {
namespace {

using twin::bayes::ExponentialMean;

// Ten groups with so many durations each of these means.
std::vector<ExponentialMean> groups(std::uint32_t seed, std::uint32_t each, double third) {
  const twin::core::Draw draw{11, seed};
  std::vector<ExponentialMean> all(10);
  for (std::uint32_t g = 0; g < 10; ++g)
    for (std::uint32_t i = 0; i < each; ++i)
      all[g].ended((g == 3 ? third : 1.0) * -std::log(draw.uniform(1, g, i)));
  return all;
}

// Wrong: groups that are alike would be told apart. A Bayes factor of 1,881, which Reported asks for, comes by chance
// with probability 1 / 1,881 at most (Markov): of 200 areas 0.11 expected at most; 4 or more, 6e-6 or less.
TEST(Pooling, AlikeStaysAlike) {
  SCOPED_TRACE("seeds 0 to 199");
  int alarms = 0;
  for (std::uint32_t seed = 0; seed < 200; ++seed)
    alarms += pool(groups(seed, 30, 1.0)).differ > Reported;
  EXPECT_LT(alarms, 4);
}

// Wrong: a group with a third of the others' mean time, 100 durations each, would pass unseen. Its mean is known to
// 10 %; the others are drawn to theirs.
TEST(Pooling, TheOddGroupIsFound) {
  SCOPED_TRACE("seed 1");
  const Pooling p = pool(groups(1, 100, 1.0 / 3.0));
  EXPECT_GT(p.differ, 0.999);
  ASSERT_EQ(p.groups.size(), 10U);
  EXPECT_NEAR(p.groups[3][11], 1.0 / 3.0, 5.0 * 0.1 / 3.0);
  EXPECT_LT(p.groups[3].back(), p.groups[4].front());
  for (const Quantiles& q : p.groups) EXPECT_TRUE(std::ranges::is_sorted(q));
}

// Wrong: a group of which nothing was seen would get a number that its neighbours do not have: it has their mean.
TEST(Pooling, TheUnseenIsLikeItsNeighbours) {
  auto seen = groups(1, 100, 1.0 / 3.0);
  seen[5] = {};
  const Pooling p = pool(seen);
  EXPECT_GT(p.groups[5][11], 0.6);
  EXPECT_LT(p.groups[5][11], 1.2);
  EXPECT_GT(p.groups[5].back() / p.groups[5].front(), 2.0);
}

// Wrong: nothing would be something.
TEST(Pooling, NothingDiffersFromNothing) {
  EXPECT_EQ(pool({}).differ, 0.0);
  const std::vector<ExponentialMean> one{{5.0, 4.0}, {}};
  EXPECT_EQ(pool(one).differ, 0.0);
  EXPECT_TRUE(pool(one).groups.empty());
}

}  // namespace
}  // namespace twins::fab::calibrate
