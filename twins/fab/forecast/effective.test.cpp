// If this failed, thousands of lots of one lucky week would pass for thousands of proofs.
#include "twins/fab/forecast/effective.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "twin/core/draw.hpp"

namespace twins::fab::forecast {
namespace {

std::vector<std::vector<Cluster>> draws(std::uint32_t windows, std::uint32_t each, bool together) {
  const twin::core::Draw draw{4, 0};
  std::vector<Cluster> run;
  for (std::uint32_t w = 0; w < windows; ++w) {
    Cluster c{static_cast<double>(each), 0.0};
    for (std::uint32_t k = 0; k < each; ++k) c.sum += draw.uniform(w, together ? 0 : k, 0) < 0.9;
    run.push_back(c);
  }
  return {run};
}

// The variance of a variance of W windows has the deviation sqrt(2 / W): 0.07 of it for 400, five of them 0.35.
TEST(Effective, CountsIndependentScoresAsTheyAre) {
  const Share s = share_of(draws(400, 10, false), 0);
  EXPECT_EQ(s.n, 4000.0);
  EXPECT_GT(s.effective, 4000.0 / 1.35);
  EXPECT_NEAR(s.share, 0.9, 5.0 * std::sqrt(0.09 / 4000.0));
  EXPECT_LT(s.bounds.low, s.share);
  EXPECT_GT(s.bounds.high, s.share);
}

TEST(Effective, CountsAWindowOfOneLuckOnce) {
  const Share s = share_of(draws(400, 10, true), 0);
  EXPECT_NEAR(s.effective, 400.0, 0.35 * 400.0);
}

// Wrong: windows that overlap would count twice. Each luck lasts two windows: half as many tell.
TEST(Effective, CountsWindowsThatShareTheirLuck) {
  std::vector<std::vector<Cluster>> runs = draws(400, 1, false);
  std::vector<Cluster> twice;
  for (const Cluster& c : runs[0]) twice.push_back(c), twice.push_back(c);
  const double alone = share_of(runs, 0).effective;
  EXPECT_NEAR(share_of({twice}, 0).effective, 2.0 * alone, 4.0);
  EXPECT_LT(share_of({twice}, 20).effective, 1.5 * alone);
}

TEST(Effective, OfNothingKnowsNothing) {
  EXPECT_EQ(share_of({}, 1).effective, 0.0);
  EXPECT_TRUE(std::isinf(mean_of({{{5.0, 3.0}}}, 1).error));
  EXPECT_EQ(share_of({{{5.0, 5.0}, {7.0, 7.0}}}, 0).effective, 2.0);  // nothing differs: by windows
  const MeanOf m = mean_of({{{1.0, 2.0}, {1.0, 4.0}}}, 0);
  EXPECT_DOUBLE_EQ(m.mean, 3.0);
  EXPECT_DOUBLE_EQ(m.error, 1.0);  // deviation sqrt(2) over sqrt(2)
}

}  // namespace
}  // namespace twins::fab::forecast
