// If these failed, an ensemble that is too sure of itself could pass for a calibrated one.
#include "twin/score/spread_skill.hpp"

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

constexpr std::uint64_t SpreadSkillSeed = 20290109;

// y ~ N(0, 1), members ~ N(0, spread^2), all times `wild` at every fourth occasion.
SpreadSkill run_spread_skill(std::uint32_t trial, std::uint32_t occasions, std::uint32_t members,
                             double spread, double wild = 1.0) {
  const core::Draw draw{.seed = SpreadSkillSeed, .member = trial};
  SpreadSkill s;
  std::vector<double> x(members);
  for (std::uint32_t t = 0; t < occasions; ++t) {
    const double scale = t % 4 == 0 ? wild : 1.0;
    for (std::uint32_t i = 0; i < members; ++i)
      x[i] = scale * spread * math::normal(draw.uniform(0, i + 1, t));
    s.add(x, scale * math::normal(draw.uniform(0, 0, t)));
  }
  return s;
}

// By hand: {1, 3}: mean 2, variance 2, factor 3/2; {0, 0, 3}: mean 1, variance 3, factor 4/3.
// Errors 2 - 1 and 1 - 4: skill sqrt((1 + 9) / 2), spread sqrt((3 + 4) / 2), bias -1.
TEST(SpreadSkill, IsItsDefinition) {
  SpreadSkill s;
  s.add(std::array{1.0, 3.0}, 1.0);
  EXPECT_FALSE(s.answer());
  s.add(std::array{0.0, 0.0, 3.0}, 4.0);
  const auto a = s.answer();
  EXPECT_DOUBLE_EQ(a->spread, std::sqrt(3.5));
  EXPECT_DOUBLE_EQ(a->skill, std::sqrt(5.0));
  EXPECT_DOUBLE_EQ(a->bias, -1.0);
  EXPECT_DOUBLE_EQ(a->ratio, std::sqrt(0.7));
}

// A calibrated ensemble of 2, 5 or 40 members has the ratio 1, within 5 of its own standard errors
// (about 0.006 at 20,000 occasions, and more for 2). Without the factor, 5 members would have
// sqrt(5/6) = 0.913: 15 standard errors off.
TEST(SpreadSkill, OfACalibratedEnsembleIsOne) {
  for (const std::uint32_t members : {2U, 5U, 40U}) {
    const auto a = run_spread_skill(members, 20'000, members, 1.0).answer();
    EXPECT_LT(a->standard_error, 0.01);
    EXPECT_LT(std::abs(a->ratio - 1.0), 5 * a->standard_error)
        << members << ", seed " << SpreadSkillSeed;
  }
}

// A spread 10 % too small is found. Ratio: 0.9 sqrt(1.2) / sqrt(1 + 0.81 / 5) for 5 members.
TEST(SpreadSkill, FindsAnEnsembleThatIsTooSure) {
  const auto a = run_spread_skill(100, 20'000, 5, 0.9).answer();
  const double expected = 0.9 * std::sqrt(1.2) / std::sqrt(1 + 0.81 / 5);
  EXPECT_LT(std::abs(a->ratio - expected), 5 * a->standard_error) << "seed " << SpreadSkillSeed;
  EXPECT_LT(a->ratio, 1 - 5 * a->standard_error) << "seed " << SpreadSkillSeed;
}

// The standard error must be what the ratio scatters by: over 1500 runs of 200 occasions the two
// agree within 5 standard errors of a deviation (1 / sqrt 3000 = 1.8 %) and 5 % for what is left
// out beyond first order. So too where every fourth occasion is three times as uncertain, when
// spread and error rise together; without their covariance it would be sqrt(8.5 / 5.8) = 1.2 times
// too large.
TEST(SpreadSkill, KnowsItsStandardError) {
  for (const double wild : {1.0, 3.0}) {
    math::Moments ratios, errors;
    for (std::uint32_t t = 0; t < 1500; ++t) {
      const auto a = run_spread_skill(1000 + t, 200, 5, 1.0, wild).answer();
      ratios.add(a->ratio);
      errors.add(a->standard_error);
    }
    EXPECT_NEAR(errors.mean() / ratios.deviation(), 1.0, 5 * 0.018 + 0.05)
        << wild << ", seed " << SpreadSkillSeed;
  }
}

// Part of a State, put together from parts.
TEST(SpreadSkill, IsAValue) {
  SpreadSkill s = run_spread_skill(1, 50, 5, 1.0);
  EXPECT_EQ(core::load<SpreadSkill>(core::save(s)), s);
  const SpreadSkill rest = run_spread_skill(2, 30, 3, 1.0);
  s.merge(rest);
  EXPECT_EQ(s.total(), 80U);
}

// One member has no spread; a lost one spoils both numbers; never erring is not a division by zero.
TEST(SpreadSkill, RefusesWhatHasNoSpread) {
  SpreadSkill s;
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(refusal([&] { s.add(std::array{1.0}, 1.0); }),
            "spread of 1 members (needs two or more); is the whole ensemble given?");
  EXPECT_EQ(refusal([&] {
              s.add(std::array{1.0, nan}, 1.0);
            }),
            "ensemble[1] = nan (must be finite); was a missing value left in?");
  EXPECT_EQ(refusal([&] {
              s.add(std::array{1.0, 2.0}, nan);
            }),
            "observation = nan (must be finite); was a missing value left in?");
  EXPECT_EQ(refusal([&] { s.add({}, 1.0); }),
            "no ensemble (needs at least one value); was everything filtered out?");
  EXPECT_EQ(refusal([&] { s.add(0.0, -1.0, 5, 0.0); }), "variance = -1 (must not be negative)");
  EXPECT_EQ(s.total(), 0U);
  for (int i = 0; i < 2; ++i) s.add(std::array{1.0, 3.0}, 2.0);
  EXPECT_EQ(s.answer()->ratio, std::numeric_limits<double>::infinity());
}

}  // namespace
}  // namespace twin::score
