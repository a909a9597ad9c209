// If these failed, a forecast could score well without giving weight to what came.
#include "twin/score/log_score.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>
#include <numbers>

#include "twin/contract/refusal.hpp"
#include "twin/score/normal.hpp"

namespace twin::score {
namespace {

using contract::refusal;

// The score is minus the logarithm of the density, at unit and other deviations.
TEST(LogScore, OfTheNormalIsItsDensity) {
  for (const double z : {0.0, 0.5, -3.0}) {
    EXPECT_NEAR(normal_log_score(0, 1, z), -std::log(normal_density(z)), 1e-14);
    EXPECT_NEAR(normal_log_score(5, 3, 5 + 3 * z), -std::log(normal_density(z) / 3), 1e-14);
  }
  EXPECT_NEAR(normal_log_score(0, 1, 40), 800.91893853320467, 1e-12);  // no underflow on the way
}

// 2, 4, 6 has mean 4 and unbiased deviation 2.
TEST(LogScore, OfAnEnsembleTakesItsMoments) {
  EXPECT_DOUBLE_EQ(normal_log_score(std::array{2.0, 4.0, 6.0}, 7.0), normal_log_score(4, 2, 7));
}

// A fair coin's outcome costs one bit; what was excluded costs everything.
TEST(LogScore, OfOutcomes) {
  EXPECT_DOUBLE_EQ(log_score(std::array{0.5, 0.5}, 1), std::numbers::ln2);
  EXPECT_EQ(log_score(std::array{1.0, 0.0}, 0), 0.0);
  EXPECT_EQ(log_score(std::array{1.0, 0.0}, 1), std::numeric_limits<double>::infinity());
}

// The mean score is least for the true probability: honesty pays. Here by 0.0202 nats, the
// divergence of (0.3, 0.7) from (0.4, 0.6): 0.3 ln(3/4) + 0.7 ln(7/6).
TEST(LogScore, IsLeastForTheTruth) {
  const auto expected = [](double p) {
    const std::array forecast = {p, 1.0 - p};
    return 0.3 * log_score(forecast, 0) + 0.7 * log_score(forecast, 1);
  };
  EXPECT_GT(expected(0.2), expected(0.3));
  const double divergence = 0.3 * std::log(0.75) + 0.7 * std::log(7.0 / 6.0);
  EXPECT_NEAR(expected(0.4) - expected(0.3), divergence, 1e-14);
}

// Numbers that are no forecast would be scored as one.
TEST(LogScore, RefusesWhatIsNoForecast) {
  constexpr double Nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(refusal([] { normal_log_score(0, -1, 0); }), "deviation = -1 (must be positive)");
  EXPECT_EQ(refusal([] { normal_log_score(0, 1, Nan); }),
            "observation = nan (must be finite); was a missing value left in?");
  EXPECT_EQ(refusal([] {
              normal_log_score(std::array{1.0, 1.0}, 0);
            }),
            "deviation of the ensemble = 0 (must be positive)");
  EXPECT_EQ(refusal([] { normal_log_score(std::span<const double>(), 0); }),
            "no ensemble (needs at least one value); was everything filtered out?");
  EXPECT_EQ(refusal([] {
              log_score(std::array{0.5, 0.4}, 0);
            }),
            "probabilities sum to 0.9 (must sum to 1); is an outcome missing?");
  EXPECT_EQ(refusal([] {
              log_score(std::array{1.5, -0.5}, 0);
            }),
            "probability = 1.5 (must lie in 0 to 1); is it in percent?");
}

}  // namespace
}  // namespace twin::score
