// If this failed, a twin would be called fit, or not, by something else than its scores and the limits.
#include "twin/score/vvuq/judge.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "twin/contract/refusal.hpp"
#include "twin/core/archive.hpp"
#include "twin/core/draw.hpp"
#include "twin/math/distributions.hpp"
#include "twin/score/crps.hpp"

namespace twin::score::vvuq {
namespace {

constexpr std::uint64_t JudgeSeed = 20261128;

// Reality 100 + N(0, 1); members 100 + bias + N(0, spread); references: what a wide law gives, and a value off by 2.
QuantityInput plant(std::uint32_t run, std::size_t occasions, double bias, double spread) {
  const core::Draw draw{JudgeSeed, run};
  QuantityInput in;
  in.name = "WIP";
  in.unit = "lots";
  in.horizon = 1.0;
  in.references = {"climatology", "persistence"};
  for (std::uint32_t t = 0; t < occasions; ++t) {
    Occasion o;
    o.at = t;
    o.came = 100.0 + math::normal(draw.uniform(1, 0, t));
    for (std::uint32_t i = 0; i < 20; ++i)
      o.members.push_back(100.0 + bias + spread * math::normal(draw.uniform(2, i, t)));
    std::vector<double> wide;
    for (std::uint32_t i = 0; i < 20; ++i)
      wide.push_back(100.0 + 3.0 * math::normal(draw.uniform(3, i, t)));
    o.references = {wide, t % 2 == 0 ? std::vector<double>{} : std::vector<double>{102.0}};
    o.u = draw.uniform(4, 0, t);
    in.occasions.push_back(o);
  }
  return in;
}

double share_of(Verdict wanted, std::size_t occasions, double bias, double spread,
                const Acceptance& a) {
  double n = 0.0;
  for (std::uint32_t run = 0; run < 100; ++run)
    n += judge(plant(run, occasions, bias, spread), a).verdict == wanted;
  return n / 100.0;
}

// Wrong: a right twin would be refused, a wrong one accepted, or a few days' data would settle it. Limits of 2 %
// of bias;
// a bias of 5, a spread of a third. Of 100 runs; a right one misses a limit of p 0.001 or of 95 % now and then.
TEST(Judge, VerdictsFollowFromTheScores) {
  Acceptance a;
  a.bias_max = 0.02;
  EXPECT_GE(share_of(Verdict::Fit, 60, 0.0, 1.0, a), 0.9);
  EXPECT_EQ(share_of(Verdict::NotFit, 60, 5.0, 1.0, a), 1.0);    // biased
  EXPECT_GE(share_of(Verdict::NotFit, 60, 0.0, 0.33, a), 0.95);  // too sure
  EXPECT_GE(share_of(Verdict::NotFit, 60, 0.0, 4.0, a), 0.95);   // worse than climatology
  EXPECT_EQ(share_of(Verdict::NotEnoughEvidence, 5, 0.0, 1.0, a), 1.0);
  EXPECT_EQ(share_of(Verdict::NotEnoughEvidence, 5, 5.0, 1.0, a), 1.0);
}

// Every figure of the report against what is known of the plant: standard errors of 2,000 occasions, five of them.
TEST(Judge, FiguresAreThoseOfThePlant) {
  const QuantityReport q = judge(plant(0, 2000, 0.0, 1.0), {});
  const double root = std::sqrt(2000.0);
  EXPECT_EQ(q.occasions, 2000U);
  EXPECT_GT(q.effective, 1700.0);  // one lag of chance correlation
  EXPECT_NEAR(q.mean_came, 100.0, 5.0 / root);
  EXPECT_NEAR(q.bias, 0.0, 5 * std::sqrt(1.05) / root);
  EXPECT_NEAR(q.bias_error, std::sqrt(1.05) / root, 0.1 / root);
  EXPECT_NEAR(q.rmse, std::sqrt(1.05), 5 * 0.75 / root);
  EXPECT_NEAR(q.crps, std::numbers::inv_sqrtpi, 5 * q.crps_error);
  EXPECT_NEAR(q.crps_expected, std::numbers::inv_sqrtpi, 5 * 0.15 / root);
  EXPECT_NEAR(*q.log_score, 0.5 * std::log(2.0 * std::numbers::pi) + 0.5,
              0.15);  // of 20 members: a little worse
  EXPECT_EQ(q.level, 1.0 - 2.0 / 21.0);
  EXPECT_NEAR(q.coverage, q.level, 5 * 0.3 / root);
  EXPECT_LT(q.coverage_low, q.level);
  EXPECT_GT(q.coverage_high, q.level);
  EXPECT_GT(q.flatness_p, 1e-6);
  EXPECT_EQ(q.pit.size(), 10U);
  EXPECT_NEAR(*q.spread_skill, 1.0, 5 * *q.spread_skill_error);
  EXPECT_LT(q.area, 0.05);
  ASSERT_EQ(q.references.size(), 2U);
  EXPECT_EQ(q.references[0].occasions, 2000U);
  EXPECT_EQ(q.references[1].occasions, 1000U);
  // CRPS of N(0, 9) for N(0, 1): sqrt(2 / pi) sqrt(10) - 3 / sqrt(pi).
  EXPECT_NEAR(q.references[0].crps,
              std::sqrt(2.0 * std::numbers::inv_pi * 10.0) - 3.0 * std::numbers::inv_sqrtpi, 0.06);
  EXPECT_NEAR(q.references[0].skill, 1.0 - q.crps / q.references[0].crps, 1e-12);
  EXPECT_NEAR(*q.uncertainty.aleatory, 1.0, 0.05);
  EXPECT_FALSE(q.uncertainty.epistemic);
  EXPECT_NEAR(*q.uncertainty.numerical, 0.05, 0.005);
  EXPECT_NEAR(*q.uncertainty.model_form, 0.0, 0.2);
  EXPECT_EQ(q.fans.size(), 2000U);
  EXPECT_EQ(q.verdict, Verdict::Fit);
}

// Wrong: what the twin does not know of its parameters would be taken for chance, and a bias for either.
TEST(Judge, SplitsTheUncertainty) {
  QuantityInput in = plant(1, 500, 2.0, 2.0);
  in.references = {"nominal"};
  const core::Draw draw{JudgeSeed, 3};
  for (std::uint32_t t = 0; t < 500; ++t) {
    std::vector<double> chance;
    for (std::uint32_t i = 0; i < 20; ++i) chance.push_back(math::normal(draw.uniform(5, i, t)));
    in.occasions[t].references = {chance};
  }
  in.chance_alone = 0;
  const UncertaintySplit u = judge(in, {}).uncertainty;
  EXPECT_NEAR(*u.aleatory, 1.0, 0.1);
  EXPECT_NEAR(*u.epistemic, 3.0, 0.3);
  EXPECT_NEAR(*u.model_form, 4.0 + 1.0 - 4.0, 0.9);  // bias^2 + reality's variance - the spread's
}

// Wrong: forecasts of overlapping weeks would count as so many independent ones. A moving sum of 4 has 1 + 2
// (0.75 + 0.5 + 0.25) = 4 times fewer.
TEST(Judge, CountsOverlappingOccasionsOnce) {
  const core::Draw draw{JudgeSeed, 2};
  std::vector<double> sums;
  for (std::uint32_t t = 0; t < 4000; ++t) {
    double sum = 0.0;
    for (std::uint32_t k = 0; k < 4; ++k) sum += math::normal(draw.uniform(1, 0, t + k));
    sums.push_back(sum);
  }
  EXPECT_NEAR(effective_number(sums, 3), 1000.0, 120.0);
  EXPECT_EQ(effective_number(std::vector<double>{1.0, 2.0}, 3), 2.0);
  EXPECT_EQ(effective_number(std::vector<double>(10, 1.0), 3), 10.0);
}

TEST(Judge, OutcomesAndVerdictsByHand) {
  Criterion c{"x", 1.0, 0.5, 1.5, 0.0, 2.0};
  EXPECT_EQ(outcome_of(c), Outcome::Met);
  c.least = 1.0;
  EXPECT_EQ(outcome_of(c), Outcome::Undecided);
  c.least = 0.9;
  EXPECT_EQ(outcome_of(c), Outcome::Undecided);
  c.proof = Proof::NotRefuted;
  EXPECT_EQ(outcome_of(c), Outcome::Met);
  c.least = 1.1;
  EXPECT_EQ(outcome_of(c), Outcome::Undecided);
  c.least = 1.6;
  EXPECT_EQ(outcome_of(c), Outcome::Missed);
  c.least = {};
  c.most = 0.4;
  EXPECT_EQ(outcome_of(c), Outcome::Missed);
  const Criterion met{"", 0, 0, 0, {}, {}, Proof::Shown, Outcome::Met},
      missed{"", 0, 0, 0, {}, {}, Proof::Shown, Outcome::Missed},
      open{"", 0, 0, 0, {}, {}, Proof::Shown, Outcome::Undecided};
  EXPECT_EQ(verdict_of({met, met}, 10, 8), Verdict::Fit);
  EXPECT_EQ(verdict_of({met, open}, 10, 8), Verdict::NotEnoughEvidence);
  EXPECT_EQ(verdict_of({open, missed}, 10, 8), Verdict::NotFit);
  EXPECT_EQ(verdict_of({missed}, 7, 8), Verdict::NotEnoughEvidence);
  EXPECT_EQ(verdict_of({}, 10, 8), Verdict::NotEnoughEvidence);
  EXPECT_EQ(central_interval(20).rank, 1U);
  EXPECT_EQ(central_interval(2).rank, 1U);
  EXPECT_EQ(central_interval(99).rank, 5U);
  EXPECT_DOUBLE_EQ(central_interval(99).level, 0.9);
}

TEST(Judge, RefusesWhatIsNoForecast) {
  QuantityInput in = plant(0, 3, 0.0, 1.0);
  in.occasions[1].members = {1.0};
  EXPECT_EQ(contract::refusal([&] { (void)judge(in, {}); }),
            "WIP: an ensemble of 1 (two members at least have a spread)");
  in = plant(0, 3, 0.0, 1.0);
  in.occasions[2].came = NAN;
  EXPECT_NE(contract::refusal([&] { (void)judge(in, {}); }), "accepted");
  in.occasions.clear();
  EXPECT_EQ(judge(in, {}).verdict, Verdict::NotEnoughEvidence);
}

// Ensembles that all agree have no spread and no log score, and still a verdict.
TEST(Judge, TakesForecastsWithoutSpread) {
  QuantityInput in = plant(0, 30, 0.0, 0.0);
  const QuantityReport q = judge(in, {});
  EXPECT_FALSE(q.log_score);
  EXPECT_EQ(q.verdict, Verdict::NotFit);
}

}  // namespace
}  // namespace twin::score::vvuq
