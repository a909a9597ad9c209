// If these failed, a forecast could be called calibrated that is not, or the other way round.
#include "twin/score/flatness.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <vector>

#include "twin/core/draw.hpp"

namespace twin::score {
namespace {

using Counts = std::vector<std::uint64_t>;
constexpr std::uint64_t FlatnessSeed = 20290106;

// By hand: expected 10; (25 + 0 + 25) / 10 = 5 with 2 degrees of freedom: exp(-2.5). All of it is
// slope.
TEST(Flatness, IsPearsons) {
  const auto f = flatness(Counts{5, 10, 15});
  ASSERT_TRUE(f);
  EXPECT_DOUBLE_EQ(f->expected, 10.0);
  EXPECT_DOUBLE_EQ(f->all.statistic, 5.0);
  EXPECT_NEAR(f->all.p_value, std::exp(-2.5), 1e-15);
  EXPECT_NEAR(f->slope.statistic, 5.0, 1e-14);
  EXPECT_NEAR(f->bowl.statistic, 0.0, 1e-14);
  EXPECT_GT(f->tilt, 0.0);
  EXPECT_TRUE(f->enough());
}

// Too little spread must be told from bias.
TEST(Flatness, TellsABowlFromASlope) {
  const auto f = flatness(Counts{30, 10, 5, 10, 30});
  EXPECT_NEAR(f->slope.statistic, 0.0, 1e-14);
  EXPECT_LT(f->bowl.p_value, 1e-6);
  EXPECT_GT(f->curve, 0.0);
  EXPECT_LT(flatness(Counts{5, 10, 30, 10, 5})->curve, 0.0);
  EXPECT_EQ(flatness(Counts{7, 3})->bowl.p_value, 1.0);
}

// Nothing counted says nothing; little counted says so.
TEST(Flatness, OfNothingIsNothing) {
  EXPECT_FALSE(flatness(Counts{0, 0, 0}));
  EXPECT_FALSE(flatness(Counts{1, 0, 0})->enough());
}

// p-values of flat counts must be uniform: of 4000, those below 0.05, 0.5 and 0.95 are as many as
// that within 5 standard errors (0.0034, 0.0079) and 0.005 for what discrete counts of 100 per
// class differ from chi-square.
TEST(Flatness, PValuesAreUniform) {
  constexpr int Trials = 4000;
  const core::Draw draw{.seed = FlatnessSeed, .member = 0};
  constexpr std::array Levels = {0.05, 0.5, 0.95};
  std::array<std::array<int, 3>, 3> below{};  // [test][level]
  for (std::uint32_t t = 0; t < Trials; ++t) {
    Counts counts(8);
    for (std::uint32_t i = 0; i < 800; ++i)
      ++counts[static_cast<std::size_t>(8 * draw.uniform(0, t, i))];
    const auto f = flatness(counts);
    const std::array p = {f->all.p_value, f->slope.p_value, f->bowl.p_value};
    for (std::size_t test = 0; test < 3; ++test) {
      for (std::size_t l = 0; l < 3; ++l) below[test][l] += p[test] < Levels[l] ? 1 : 0;
    }
  }
  for (std::size_t test = 0; test < 3; ++test) {
    for (std::size_t l = 0; l < 3; ++l) {
      const double error = std::sqrt(Levels[l] * (1 - Levels[l]) / Trials);
      EXPECT_NEAR(below[test][l] / double{Trials}, Levels[l], 5 * error + 0.005)
          << test << ", seed " << FlatnessSeed;
    }
  }
}

}  // namespace
}  // namespace twin::score
