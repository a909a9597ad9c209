// If these failed, a forecast's faults would be blamed on the wrong part of it.
#include "twin/score/brier.hpp"

#include <gtest/gtest.h>

#include <array>
#include <limits>
#include <vector>

#include "twin/contract/refusal.hpp"
#include "twin/core/draw.hpp"

namespace twin::score {
namespace {

using contract::refusal;

constexpr std::uint64_t BrierSeed = 20290104;

// By hand: (0.2^2 + 0.8^2 + 0.5^2 + 0.5^2) / 4.
TEST(Brier, IsTheMeanSquare) {
  const std::array f = {YesNo{0.2, false}, YesNo{0.2, true}, YesNo{0.5, true}, YesNo{0.5, false}};
  EXPECT_DOUBLE_EQ(brier_score(f), (0.04 + 0.64 + 0.25 + 0.25) / 4);
}

// By hand, two values of 5 forecasts each: 0.2 happens in 1 of 5, 0.8 in 3 of 5; base 0.4.
// Reliability (0 + 0.2^2) / 2, resolution (0.2^2 + 0.2^2) / 2, uncertainty 0.4 * 0.6.
TEST(Brier, HasMurphysParts) {
  std::vector<YesNo> f;
  for (int i = 0; i < 5; ++i) f.push_back({0.2, i < 1});
  for (int i = 0; i < 5; ++i) f.push_back({0.8, i < 3});
  const BrierParts p = brier_parts(f, 10);
  EXPECT_NEAR(p.reliability, 0.02, 1e-15);
  EXPECT_NEAR(p.resolution, 0.04, 1e-15);
  EXPECT_NEAR(p.uncertainty, 0.24, 1e-15);
  EXPECT_NEAR(p.within_variance, 0.0, 1e-15);
  EXPECT_NEAR(p.within_covariance, 0.0, 1e-15);
  EXPECT_NEAR(p.score, 0.22, 1e-15);
}

// The parts must be the score, not nearly so, for forecasts that fill their bins.
TEST(Brier, PartsSumToTheScore) {
  const core::Draw draw{.seed = BrierSeed, .member = 0};
  std::vector<YesNo> f;
  for (std::uint32_t i = 0; i < 1000; ++i) {
    const double p = draw.uniform(0, i, 0);
    f.push_back({p, draw.uniform(1, i, 0) < p * p});
  }
  for (const std::size_t bins : {1U, 2U, 10U, 77U}) {
    const BrierParts p = brier_parts(f, bins);
    EXPECT_NEAR(
        p.reliability - p.resolution + p.uncertainty + p.within_variance - p.within_covariance,
        p.score, 1e-13)  // 5000 roundings of 2^-53 at most
        << bins;
    EXPECT_GT(p.within_variance, 0.0);
  }
}

// 1 belongs to the last bin, a border to the bin above it.
TEST(ProbabilityBins, HoldTheirBorders) {
  const std::array f = {YesNo{0.0, false}, YesNo{0.5, true}, YesNo{1.0, true}, YesNo{0.75, false}};
  const auto bins = probability_bins(f, 2);
  EXPECT_EQ(bins[0].count, 1U);
  EXPECT_EQ(bins[1].count, 3U);
  EXPECT_DOUBLE_EQ(bins[1].probability, 0.75);
  EXPECT_DOUBLE_EQ(bins[1].frequency, 2.0 / 3.0);
}

// Percent for shares, or nothing at all.
TEST(Brier, RefusesWhatIsNoProbability) {
  EXPECT_EQ(refusal([] { brier_score({}); }),
            "no forecasts (needs at least one); was everything filtered out?");
  EXPECT_EQ(refusal([] {
              brier_parts(std::array{YesNo{70, true}}, 10);
            }),
            "probability = 70 (must lie in 0 to 1); is it in percent?");
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(refusal([&] {
              brier_score(std::array{YesNo{nan, true}});
            }),
            "probability = nan (must lie in 0 to 1); is it in percent?");
}

}  // namespace
}  // namespace twin::score
