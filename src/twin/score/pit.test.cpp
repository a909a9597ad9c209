// If these failed, forecasts of different kinds could not be judged together.
#include "twin/score/pit.hpp"

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

constexpr std::uint64_t PitSeed = 20290108;
constexpr double PitNan = std::numeric_limits<double>::quiet_NaN();

enum What : std::uint32_t { Truth, Step };

// By hand.
TEST(Pit, IsTheShareBelow) {
  EXPECT_DOUBLE_EQ(normal_pit(3, 2, 3), 0.5);
  EXPECT_NEAR(normal_pit(3, 2, 5), 0.841344746068543, 1e-15);
  EXPECT_DOUBLE_EQ(ensemble_pit(std::array{1.0, 2.0, 2.0, 5.0}, 3.0, 0.5), 3.5 / 5);
  EXPECT_DOUBLE_EQ(ensemble_pit(std::array{1.0, 2.0, 2.0, 5.0}, 2.0, 0.5), 2.5 / 5);
  EXPECT_DOUBLE_EQ(weighted_pit(std::array{2.0, 1.0}, std::array{3.0, 1.0}, 2.0, 0.5), 0.625);
  EXPECT_DOUBLE_EQ(weighted_pit(std::array{2.0, 1.0}, std::array{3.0, 1.0}, 1.5, 0.5), 0.25);
  EXPECT_DOUBLE_EQ(weighted_pit(std::array{2.0, 1.0}, std::array{3.0, 1.0}, 0.0, 0.5), 0.0);
}

// Calibrated forecasts of three kinds in one histogram are flat (p above 1e-6): normals of changing
// mean, ensembles of 1 to 7 members, and a loaded die whose every value is a step.
TEST(PitHistogram, OfCalibratedForecastsOfAnyKindIsFlat) {
  const core::Draw draw{.seed = PitSeed, .member = 0};
  const std::array faces = {1.0, 2.0, 3.0};
  const std::array weights = {5.0, 2.0, 1.0};
  PitHistogram h(20);
  for (std::uint32_t t = 0; t < 30'000; ++t) {
    const double u = draw.uniform(Step, 0, t);
    const double v = draw.uniform(Truth, 0, t);
    if (t % 3 == 0) {
      h.add(normal_pit(t, 1 + t % 5, math::normal(v, t, 1 + t % 5)));
    } else if (t % 3 == 1) {
      std::vector<double> x;
      for (std::uint32_t i = 1; i <= 1 + t % 7; ++i) x.push_back(draw.uniform(Truth, i, t));
      h.add(ensemble_pit(x, v, u));
    } else {
      h.add(weighted_pit(faces, weights, v < 0.625 ? 1 : v < 0.875 ? 2 : 3, u));
    }
  }
  const auto f = h.flatness();
  EXPECT_GT(f->all.p_value, 1e-6) << "seed " << PitSeed;
  EXPECT_GT(f->slope.p_value, 1e-6) << "seed " << PitSeed;
  EXPECT_GT(f->bowl.p_value, 1e-6) << "seed " << PitSeed;
}

// A spread 20 % too small must show as a bowl.
TEST(PitHistogram, NamesTheFault) {
  const core::Draw draw{.seed = PitSeed, .member = 1};
  PitHistogram h(20);
  for (std::uint32_t t = 0; t < 10'000; ++t)
    h.add(normal_pit(0, 0.8, math::normal(draw.uniform(Truth, 0, t))));
  EXPECT_LT(h.flatness()->bowl.p_value, 1e-9);
  EXPECT_GT(h.flatness()->curve, 0.0);
}

// Part of a State; 1 is in the last bin.
TEST(PitHistogram, IsAValue) {
  PitHistogram h(4);
  EXPECT_FALSE(h.flatness());
  EXPECT_FALSE(PitHistogram().flatness());
  h.add(1.0);
  h.add(0.25);
  EXPECT_EQ(std::vector(h.counts().begin(), h.counts().end()),
            (std::vector<std::uint64_t>{0, 1, 0, 1}));
  EXPECT_EQ(core::load<PitHistogram>(core::save(h)), h);
  h.merge(h);
  EXPECT_EQ(h.total(), 4U);
}

// A missing value has no place in any forecast.
TEST(Pit, RefusesWhatHasNoPlace) {
  EXPECT_EQ(refusal([] { normal_pit(0, 1, PitNan); }),
            "observation = nan (must be finite); was a missing value left in?");
  EXPECT_EQ(refusal([] { ensemble_pit({}, 0, 0.5); }),
            "no ensemble (needs at least one value); was everything filtered out?");
  EXPECT_EQ(refusal([] { weighted_pit(std::array{1.0}, std::array{0.0}, 0, 0.5); }),
            "all weights are zero (some value must have weight); has the filter failed?");
  EXPECT_EQ(refusal([] { PitHistogram(4).add(PitNan); }),
            "PIT = nan (must lie in 0 to 1); is it in percent?");
}

}  // namespace
}  // namespace twin::score
