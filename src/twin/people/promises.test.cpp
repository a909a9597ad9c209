// If these failed, the twin would be believed more, or less, than its promises deserve.
#include "twin/people/promises.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "twin/core/draw.hpp"

namespace twin::people {
namespace {

double normal(std::uint64_t seed, std::uint32_t what, std::uint32_t k) {  // Box and Muller (1958)
  const core::Draw draw{.seed = seed};
  return std::sqrt(-2.0 * std::log(draw.uniform(what, 0, k))) *
         std::cos(2.0 * M_PI * draw.uniform(what, 1, k));
}

TEST(Promises, WilsonsBoundsAreThePublishedOnes) {
  // R. G. Newcombe, Statistics in Medicine 17, 1998, 857-872, table I, method 3; four digits are printed.
  struct Row {
    std::uint64_t count, of;
    double low, high;
  };
  for (const Row& row : {Row{81, 263, 0.2553, 0.3662}, Row{15, 148, 0.0624, 0.1605},
                         Row{0, 20, 0.0, 0.1611}, Row{1, 29, 0.0061, 0.1718}}) {
    const ShareBounds b = wilson(row.count, row.of);
    EXPECT_NEAR(b.low, row.low, 0.5e-4) << row.count;
    EXPECT_NEAR(b.high, row.high, 0.5e-4) << row.count;
  }
  EXPECT_EQ(wilson(7, 7).high, 1.0);
}

TEST(Promises, BiasAndSlopeOfThreeCasesByHand) {
  Gains gains;
  EXPECT_FALSE(gains.bias());
  EXPECT_FALSE(gains.slope());
  gains.add(1.0, 2.0);
  EXPECT_FALSE(gains.bias()->error) << "one case has no error of its own";
  gains.add(2.0, 2.0);
  gains.add(3.0, 5.0);
  EXPECT_DOUBLE_EQ(gains.bias()->value, 1.0);
  EXPECT_DOUBLE_EQ(*gains.bias()->error, std::sqrt(1.0 / 3.0));
  EXPECT_DOUBLE_EQ(gains.slope()->value, 21.0 / 14.0);
  EXPECT_DOUBLE_EQ(*gains.slope()->error, std::sqrt((33.0 - 21.0 * 21.0 / 14.0) / 2.0 / 14.0));
  Gains nothing;
  nothing.add(0.0, 1.0);
  EXPECT_FALSE(nothing.slope()) << "nothing was promised";
}

TEST(Promises, NoiseOfWhatComesLeavesTheSlope) {
  // Promised p, realised factor * p + N(0, 1): the least-squares slope is normal about the factor with standard error
  // 1 / sqrt(sum p^2). 4.9 of these: one false alarm in a million.
  constexpr std::uint64_t Seed = 11;
  constexpr std::uint32_t N = 20'000;
  for (const double factor : {1.0, 0.5, 0.0, -1.0}) {
    Gains gains;
    double squares = 0.0;
    for (std::uint32_t k = 0; k < N; ++k) {
      const double p = 0.7 + 0.5 * normal(Seed, 1, k);
      squares += p * p;
      gains.add(p, factor * p + normal(Seed, 2, k));
    }
    const double error = 1.0 / std::sqrt(squares);
    EXPECT_NEAR(gains.slope()->value, factor, 4.9 * error) << "seed " << Seed;
    // The estimated error: its relative deviation is 1 / sqrt(2 (N - 1)).
    EXPECT_NEAR(*gains.slope()->error / error, 1.0, 4.9 / std::sqrt(2.0 * (N - 1)));
    EXPECT_LT(4.9 * error, 0.05) << "sharp enough to see a promise that is 5 % too high";
  }
}

TEST(Promises, HeldCountsWhatShouldHold) {
  Held held;
  held.add({.share = 0.9}, true);
  held.add({.share = 0.5}, false);
  EXPECT_EQ(held, (Held{.count = 2, .inside = 1, .nominal = 1.4}));
}

}  // namespace
}  // namespace twin::people
