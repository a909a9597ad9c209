// If this failed, a right twin would be called wrong, or a wrong one right, by all scores together.
#include "twin/score/score.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <numbers>

#include "twin/core/archive.hpp"
#include "twin/core/draw.hpp"
#include "twin/math/distributions.hpp"
#include "twin/math/statistics.hpp"

namespace twin::score {
namespace {

constexpr std::uint64_t ScoreSeed = 20290115;
constexpr std::size_t Members = 20;
constexpr double Memory = 0.8;  // of the plant: x(t) = 0.8 x(t - 1) + N(0, 1), seen without error

enum ScoreWhat : std::uint32_t { Plant, Member, Tie };

// All that a twin of the plant keeps of its own record.
struct Validation {
  RankHistogram ranks = RankHistogram(Members);
  PitHistogram pits = PitHistogram(10);
  SpreadSkill spread;
  InnovationCheck innovations;
  Coverage coverage;
  math::Moments crps;
  Cusum shift = Cusum({.threshold = 22.0});
  double last = 0.0;  // of the plant
  bool operator==(const Validation&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("ranks", self.ranks);
    archive("pits", self.pits);
    archive("spread", self.spread);
    archive("innovations", self.innovations);
    archive("coverage", self.coverage);
    archive("crps", self.crps);
    archive("shift", self.shift);
    archive("last", self.last);
  }
};

// Times `from` to `to`; push: what the plant gets at every step, and the twin does not know of.
// believed: the twin's deviation of the noise.
void run(Validation& v, std::uint32_t from, std::uint32_t to, double push, double believed) {
  const core::Draw draw{.seed = ScoreSeed, .member = 0};
  for (std::uint32_t t = from; t < to; ++t) {
    const double mean = Memory * v.last;
    std::array<double, Members> ensemble;
    for (std::uint32_t i = 0; i < Members; ++i)
      ensemble[i] = math::normal(draw.uniform(Member, i, t), mean, believed);
    const double y = mean + push + math::normal(draw.uniform(Plant, 0, t));
    v.ranks.add(ensemble, y, draw.uniform(Tie, 0, t));
    v.pits.add(normal_pit(mean, believed, y));
    v.spread.add(ensemble, y);
    v.innovations.add((y - mean) * (y - mean) / (believed * believed), 1);
    const double half = 1.6448536269514722 * believed;  // 5 % of a normal on either side
    v.coverage.add(mean - half, mean + half, y);
    v.crps.add(fair_crps(ensemble, y));
    v.shift.add((y - mean) / believed);
    v.last = y;
  }
}

// A right twin passes every check: p above 1e-6, bounds of confidence 1 - 1e-6, 5 standard errors.
// Its fair CRPS is the 1 / sqrt(pi) of a normal about itself. The monitor rings
// falsely once in 1e10 values.
TEST(Score, ARightTwinPassesAll) {
  Validation v;
  run(v, 0, 10'000, 0.0, 1.0);
  EXPECT_GT(v.ranks.flatness()->all.p_value, 1e-6);
  EXPECT_GT(v.pits.flatness()->all.p_value, 1e-6);
  const auto spread = v.spread.answer();
  EXPECT_LT(std::abs(spread->ratio - 1.0), 5 * spread->standard_error);
  EXPECT_GT(v.innovations.answer()->test.p_value, 1e-6);
  const Bounds bounds = v.coverage.bounds(1 - 1e-6);
  EXPECT_LT(bounds.low, 0.9);
  EXPECT_GT(bounds.high, 0.9);
  EXPECT_LT(std::abs(v.crps.mean() - std::numbers::inv_sqrtpi),
            5 * v.crps.deviation() / std::sqrt(10'000.0));
  EXPECT_FALSE(v.shift.alarm()) << "seed " << ScoreSeed;
  EXPECT_GT(run_length({.threshold = 22.0}, 0.0), 1e10);
}

// One that is 10 % too sure fails every check of spread, though not the monitor of the mean.
TEST(Score, ATwinThatIsTooSureFailsThem) {
  Validation v;
  run(v, 0, 10'000, 0.0, 0.9);
  EXPECT_LT(v.ranks.flatness()->bowl.p_value, 1e-6);
  EXPECT_LT(v.pits.flatness()->bowl.p_value, 1e-6);
  EXPECT_LT(v.spread.answer()->ratio, 1 - 5 * v.spread.answer()->standard_error);
  EXPECT_LT(v.innovations.answer()->test.p_value, 1e-6);
  EXPECT_LT(v.coverage.bounds(1 - 1e-6).high, 0.9);
}

// The plant is pushed by one deviation from time 1000 on: the monitor says so after 46 values on
// average (the sum grows by 1/2 a value) with deviation sqrt(22 / 0.5^3) = 13, and dates it to
// within k values but for exp(-k / 8) of all cases. A twin saved and loaded half way finds the same.
TEST(Score, AChangedPlantIsFoundAndDated) {
  Validation v;
  run(v, 0, 500, 0.0, 1.0);
  Validation again = core::load<Validation>(core::save(v));
  EXPECT_EQ(again, v);
  for (Validation* one : {&v, &again}) {
    run(*one, 500, 1000, 0.0, 1.0);
    run(*one, 1000, 1150, 1.0, 1.0);
    ASSERT_TRUE(one->shift.alarm()) << "seed " << ScoreSeed;
    EXPECT_EQ(one->shift.alarm()->change, Change::Up);
    EXPECT_LE(one->shift.alarm()->raised_at, 1112U) << "seed " << ScoreSeed;
    EXPECT_NEAR(static_cast<double>(one->shift.alarm()->began_at), 1001.0, 110.0);
  }
  EXPECT_EQ(again, v);
}

}  // namespace
}  // namespace twin::score
