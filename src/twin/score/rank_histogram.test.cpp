// If these failed, a calibrated ensemble would look wrong, or a wrong one calibrated.
#include "twin/score/rank_histogram.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include "twin/contract/refusal.hpp"
#include "twin/core/archive.hpp"
#include "twin/core/draw.hpp"
#include "twin/math/distributions.hpp"

namespace twin::score {
namespace {

using contract::refusal;

constexpr std::uint64_t RankHistogramSeed = 20290107;

enum RankHistogramWhat : std::uint32_t { Value, RankTie };

// Ranks of y ~ N(bias, 1) among 9 members ~ N(0, spread^2), rounded to multiples of `grain` if that
// is not 0.
RankHistogram histogram(int occasions, double bias, double spread, double grain) {
  const core::Draw draw{.seed = RankHistogramSeed, .member = 0};
  const auto rounded = [&](double x) { return grain > 0.0 ? std::round(x / grain) * grain : x; };
  RankHistogram h(9);
  for (std::uint32_t t = 0; t < static_cast<std::uint32_t>(occasions); ++t) {
    std::array<double, 9> x;
    for (std::uint32_t i = 0; i < 9; ++i)
      x[i] = rounded(spread * math::normal(draw.uniform(Value, i, t)));
    const double y = rounded(bias + math::normal(draw.uniform(Value, 9, t)));
    h.add(x, y, draw.uniform(RankTie, 0, t));
  }
  return h;
}

// Below all, between, above all; among ties anywhere, evenly.
TEST(Rank, CountsTheMembersBelow) {
  const std::array x = {3.0, 1.0, 2.0, 2.0};
  EXPECT_EQ(rank_of(x, 0.5, 0.9), 0U);
  EXPECT_EQ(rank_of(x, 2.5, 0.9), 3U);
  EXPECT_EQ(rank_of(x, 3.5, 0.1), 4U);
  EXPECT_EQ(rank_of(x, 2.0, 0.01), 1U);
  EXPECT_EQ(rank_of(x, 2.0, 0.5), 2U);
  EXPECT_EQ(rank_of(x, 2.0, 0.99), 3U);
}

// A calibrated ensemble is flat: p above 1e-6 for all three tests. With values rounded to 1, when
// most occasions are ties, too; had ties gone to the lowest place, the slope would give it away.
TEST(RankHistogram, OfACalibratedEnsembleIsFlat) {
  for (const double grain : {0.0, 1.0}) {
    const RankHistogram h = histogram(20'000, 0.0, 1.0, grain);
    EXPECT_EQ(h.total(), 20'000U);
    const auto f = h.flatness();
    EXPECT_GT(f->all.p_value, 1e-6) << grain << ", seed " << RankHistogramSeed;
    EXPECT_GT(f->slope.p_value, 1e-6) << grain << ", seed " << RankHistogramSeed;
    EXPECT_GT(f->bowl.p_value, 1e-6) << grain << ", seed " << RankHistogramSeed;
  }
}

// Planted faults must be found, and for what they are: a bias of 0.2, a spread 20 % too small.
TEST(RankHistogram, NamesTheFault) {
  const auto biased = histogram(20'000, 0.2, 1.0, 0.0).flatness();
  EXPECT_LT(biased->slope.p_value, 1e-9);
  EXPECT_GT(biased->tilt, 0.0);
  const auto narrow = histogram(20'000, 0.0, 0.8, 0.0).flatness();
  EXPECT_LT(narrow->bowl.p_value, 1e-9);
  EXPECT_GT(narrow->curve, 0.0);
  EXPECT_GT(narrow->slope.p_value, 1e-6);
}

// Part of a State: saved, loaded, put together from parts.
TEST(RankHistogram, IsAValue) {
  RankHistogram h = histogram(100, 0.0, 1.0, 0.0);
  EXPECT_EQ(core::load<RankHistogram>(core::save(h)), h);
  h.merge(h);
  EXPECT_EQ(h.total(), 200U);
}

// Ensembles of different sizes have different places: they cannot share a histogram.
TEST(RankHistogram, RefusesAnotherEnsemble) {
  RankHistogram h(3);
  EXPECT_FALSE(h.flatness());
  EXPECT_FALSE(RankHistogram().flatness());
  EXPECT_EQ(refusal([&] {
              h.add(std::array{1.0, 2.0}, 1.5, 0.5);
            }),
            "ensemble of 2 members in a rank histogram of 3 (must be as many); was a member lost?");
  EXPECT_EQ(refusal([&] { RankHistogram().add(std::span<const double>(), 1.5, 0.5); }),
            "ensemble of 0 members in a rank histogram of 0 (must be as many); was a member lost?");
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(refusal([&] {
              h.add(std::array{1.0, 2.0, nan}, 1.5, 0.5);
            }),
            "ensemble[2] = nan (must be finite); was a missing value left in?");
  EXPECT_EQ(h.total(), 0U);
}

}  // namespace
}  // namespace twin::score
