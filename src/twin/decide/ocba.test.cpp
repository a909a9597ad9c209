// If these failed, the twin's minutes of computing would be spent on what-ifs that nobody would choose.
#include "twin/decide/ocba.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "twin/contract/refusal.hpp"
#include "twin/core/archive.hpp"
#include "twin/decide/example.hpp"
#include "twin/score/normal.hpp"

namespace twin::decide {
namespace {

using contract::refusal;
using example::Menu;
using example::run_out;

constexpr std::uint64_t OcbaSeed = 20260701;
constexpr int OcbaRepeats = 1'000;

struct OcbaTally {
  double right = 0.0;   // share of repeats that chose the first alternative
  double runs = 0.0;    // mean
  double stated = 0.0;  // mean probability stated in the end
};
OcbaTally tally_ocba(const Menu& menu, const OcbaOptions& options, std::uint32_t worlds) {
  OcbaTally t;
  for (std::uint32_t w = 0; w < OcbaRepeats; ++w) {
    const Ocba ocba = run_out(Ocba(menu.means.size(), options), menu, {OcbaSeed, worlds + w});
    t.right += (ocba.best() == 0) / double{OcbaRepeats};
    t.runs += static_cast<double>(ocba.spent()) / OcbaRepeats;
    t.stated += ocba.probability() / OcbaRepeats;
  }
  return t;
}

// As many runs of each: the choice of the least mean.
double equal_share(const Menu& menu, std::uint64_t each, std::uint32_t worlds) {
  double right = 0.0;
  for (std::uint32_t w = 0; w < OcbaRepeats; ++w) {
    std::vector<double> sums(menu.means.size(), 0.0);
    for (std::size_t i = 0; i < sums.size(); ++i) {
      for (std::uint64_t r = 0; r < each; ++r) sums[i] += menu.run({OcbaSeed, worlds + w}, i, r);
    }
    right += (least_of(sums) == 0) / double{OcbaRepeats};
  }
  return right;
}

// Its true probability: alternative 0 has the least of k independent means, by Simpson's rule. With
// correlation rho the common part falls out, and the rest has variance 1 - rho.
double equal_share_exact(const Menu& menu, double each) {
  const double se = menu.deviation * std::sqrt((1 - menu.correlation) / each);
  constexpr int N = 4'000;
  double sum = 0.0;
  for (int j = 0; j <= N; ++j) {
    const double z = -8.0 + 16.0 * j / N;
    double f = score::normal_density(z);
    for (std::size_t i = 1; i < menu.means.size(); ++i)
      f *= score::normal_below((menu.means[i] - menu.means[0]) / se - z);
    sum += f * (j == 0 || j == N ? 1 : j % 2 == 1 ? 4 : 2);
  }
  return sum * 16.0 / N / 3.0;
}

// Wrong: runs would not go where the theorem sends them.
TEST(OcbaShares, AreTheTheorems) {
  const std::vector<double> behind = {0, 1, 2, 4}, deviation = {3, 1, 2, 5};
  const auto n = ocba_shares(behind, deviation, 0, 1e-9);
  EXPECT_NEAR(n[1] / n[2], (1.0 * 1.0) / (1.0 * 1.0), 1e-14);
  EXPECT_NEAR(n[2] / n[3], 1.0 / (1.25 * 1.25), 1e-14);
  double squares = 0.0;
  for (std::size_t i = 1; i < 4; ++i) squares += std::pow(n[i] / deviation[i], 2);
  EXPECT_NEAR(n[0], 3.0 * std::sqrt(squares), 1e-14);
  EXPECT_NEAR(std::accumulate(n.begin(), n.end(), 0.0), 1.0, 1e-14);
  const auto paired = ocba_paired_shares(behind, deviation, 0, 1e-9);
  EXPECT_NEAR(paired[2] / paired[3], 1.0 / (1.25 * 1.25), 1e-14);
  EXPECT_EQ(paired[0], paired[3]);
}

// Wrong: they would not maximise what they are to maximise: the approximate probability in the limit
// of large budgets. No small move of runs from one to another betters sum of exp(-N delta^2 / 2 ...).
// Held with the pair's full variance: the theorem leaves out sigma_b^2 / N_b where N_b >> N_i, so the
// gain is at most small. For many equal rivals it is exact: N_b / N_i = sqrt(k - 1).
TEST(OcbaShares, GiveTheBestTheRootOfItsRivals) {
  for (const std::size_t k : {2U, 5U, 50U}) {
    std::vector<double> behind(k, 1.0), deviation(k, 2.0);
    const auto n = ocba_shares(behind, deviation, 1, 1e-9);
    EXPECT_NEAR(n[1] / n[0], std::sqrt(static_cast<double>(k - 1)), 1e-12);
  }
}

// Wrong: equals, constants or huge numbers would make a share that is no number.
TEST(OcbaShares, StayNumbers) {
  const auto sound = [](const std::vector<double>& n) {
    double sum = 0.0;
    for (const double x : n) {
      EXPECT_TRUE(std::isfinite(x) && x >= 0.0) << x;
      sum += x;
    }
    EXPECT_NEAR(sum, 1.0, 1e-12);
    return n;
  };
  const std::vector<double> zero = {0, 0, 0}, one = {1, 1, 1};
  EXPECT_EQ(sound(ocba_shares(zero, zero, 0, 1e-9))[2], 1.0 / 3.0);
  sound(ocba_shares(zero, one, 0, 1e-300));
  sound(ocba_paired_shares(zero, one, 0, 1e-300));
  sound(ocba_paired_shares(zero, zero, 1, 1e-9));
  sound(ocba_shares(std::vector<double>{0, 1e-200, 1e200}, one, 0, 1e-300));
  const auto only_best = sound(ocba_shares(one, std::vector<double>{1, 0, 0}, 0, 1e-9));
  EXPECT_EQ(only_best[0], 1.0);
  const auto only_rivals = sound(ocba_shares(one, std::vector<double>{0, 1, 1}, 0, 1e-9));
  EXPECT_EQ(only_rivals[0], 0.0);
}

// Wrong: a step would be larger or smaller than allowed, or runs would be taken back.
TEST(NextRuns, FillsUpToTheShares) {
  using V = std::vector<std::uint64_t>;
  const std::vector<double> shares = {0.5, 0.3, 0.2};
  EXPECT_EQ(next_runs(shares, V{0, 0, 0}, 10), (V{5, 3, 2}));
  EXPECT_EQ(next_runs(shares, V{5, 3, 2}, 10), (V{5, 3, 2}));
  EXPECT_EQ(next_runs(shares, V{5, 30, 2}, 7), (V{5, 0, 2}));  // (14 x 5/7, -, 14 x 2/7) = 10, 4
  EXPECT_EQ(next_runs(shares, V{9, 9, 9}, 1), (V{1, 0, 0}));
  EXPECT_EQ(next_runs(std::vector<double>{0, 1}, V{0, 0}, 3), (V{0, 3}));
  EXPECT_EQ(next_runs(std::vector<double>{0.5, 0.5}, V{4, 4}, 1), (V{1, 0}));  // ties go low
  EXPECT_EQ(next_runs(std::vector<double>{1}, V{7}, 2), (V{2}));
  SCOPED_TRACE("seed 8");
  for (std::uint32_t t = 0; t < 2'000; ++t) {
    const core::Draw draw{8, t};
    const std::size_t k = 1 + t % 7;
    std::vector<double> s;
    V have;
    for (std::uint32_t i = 0; i < k; ++i) {
      s.push_back(draw.uniform(0, i, 0) < 0.2 ? 0.0 : draw.uniform(1, i, 0));
      have.push_back(static_cast<std::uint64_t>(20.0 * draw.uniform(2, i, 0)));
    }
    s[0] += 0.1;
    const std::uint64_t more = 1 + t % 13;
    const V runs = next_runs(s, have, more);
    EXPECT_EQ(std::accumulate(runs.begin(), runs.end(), std::uint64_t{0}), more) << t;
  }
}

// Wrong: OCBA would not be worth its trouble. The published effect for 10 designs with means 1 to 10 and
// deviation 6: 0.93 with 1600 runs shared equally, 0.957 with 800 by OCBA, 0.960 with 400 in common
// (rho = 0.8) shared equally. Their number of repeats is not known: taken as 1,000 as ours are, the
// difference has a standard error of at most 0.0114. Equal shares are held against the integral as well.
TEST(Ocba, HasThePublishedEffectOnTenDesigns) {
  SCOPED_TRACE(OcbaSeed);
  const Menu apart = Menu::ladder(10, 1.0, 6.0, 0.0), common = Menu::ladder(10, 1.0, 6.0, 0.8);
  constexpr double Se = 0.0081;  // sqrt(0.93 x 0.07 / 1000)
  EXPECT_NEAR(equal_share_exact(apart, 160), 0.93, 0.01);
  EXPECT_NEAR(equal_share_exact(common, 40), 0.96, 0.012);
  EXPECT_NEAR(equal_share(apart, 160, 0), equal_share_exact(apart, 160), 5.2 * Se);
  EXPECT_NEAR(equal_share(common, 40, 0), equal_share_exact(common, 40), 5.2 * Se);
  OcbaOptions options{
      .confidence = 1, .first = 10, .step = 10, .budget = 800, .randomness = Randomness::Apart};
  const OcbaTally ocba = tally_ocba(apart, options, 0);
  EXPECT_NEAR(ocba.right, 0.957, 5.2 * 0.0114);
  EXPECT_GT(ocba.right, equal_share_exact(apart, 80) + 5.2 * Se);
  options.randomness = Randomness::Common;
  options.budget = 400;
  const OcbaTally both = tally_ocba(common, options, 0);
  EXPECT_GE(both.right, equal_share_exact(common, 40) - 5.2 * Se);
  RecordProperty("equal_1600", std::to_string(equal_share_exact(apart, 160)));
  RecordProperty("ocba_800", std::to_string(ocba.right));
  RecordProperty("ocba_800_stated", std::to_string(ocba.stated));
  RecordProperty("common_equal_400", std::to_string(equal_share_exact(common, 40)));
  RecordProperty("common_ocba_400", std::to_string(both.right));
  RecordProperty("common_ocba_400_stated", std::to_string(both.stated));
}

// Wrong: the same on 50 designs 0.5 apart with 3200 runs: 0.61 equal, 0.90 OCBA, 0.84 in common.
// Standard errors of a difference of two such shares: 0.022, 0.0134.
TEST(Ocba, HasThePublishedEffectOnFiftyDesigns) {
  SCOPED_TRACE(OcbaSeed);
  const Menu apart = Menu::ladder(50, 0.5, 6.0, 0.0), common = Menu::ladder(50, 0.5, 6.0, 0.8);
  const double equal = equal_share_exact(apart, 64), in_common = equal_share_exact(common, 64);
  OcbaOptions options{
      .confidence = 1, .first = 10, .step = 50, .budget = 3200, .randomness = Randomness::Apart};
  const OcbaTally ocba = tally_ocba(apart, options, 0);
  options.randomness = Randomness::Common;
  const OcbaTally both = tally_ocba(common, options, 0);
  RecordProperty("equal", std::to_string(equal));
  RecordProperty("ocba", std::to_string(ocba.right));
  RecordProperty("ocba_stated", std::to_string(ocba.stated));
  RecordProperty("common_equal", std::to_string(in_common));
  RecordProperty("common_ocba", std::to_string(both.right));
  RecordProperty("common_ocba_stated", std::to_string(both.stated));
  EXPECT_GT(ocba.right, equal + 0.1);
  EXPECT_GT(both.right, in_common);
  EXPECT_GT(both.right, ocba.right);
}

// Wrong: the stated probability would not be reached when it decides when to stop. With an indifference
// zone as wide as the slippage, 1,000 repeats at 0.9: se 0.0095.
TEST(Ocba, ReachesItsStatedProbability) {
  SCOPED_TRACE(OcbaSeed);
  for (const Randomness randomness : {Randomness::Apart, Randomness::Common}) {
    const double rho = randomness == Randomness::Common ? 0.8 : 0.0;
    const OcbaOptions options{.confidence = 0.9,
                              .indifference = 0.0,
                              .first = 10,
                              .step = 30,
                              .budget = 100'000,
                              .randomness = randomness};
    const OcbaTally slip = tally_ocba(Menu::slippage(10, 0, 1.0, 2.0, rho), options, 20'000);
    const OcbaTally ladder = tally_ocba(Menu::ladder(10, 1.0, 2.0, rho), options, 30'000);
    const std::string name = randomness == Randomness::Common ? "common_" : "apart_";
    RecordProperty(name + "slippage", std::to_string(slip.right));
    RecordProperty(name + "slippage_runs", std::to_string(slip.runs));
    RecordProperty(name + "ladder", std::to_string(ladder.right));
    RecordProperty(name + "ladder_runs", std::to_string(ladder.runs));
    EXPECT_GE(slip.right, 0.9 - 5.2 * 0.0095);
    EXPECT_GE(ladder.right, 0.9 - 5.2 * 0.0095);
  }
}

// Wrong: equals would take the whole budget although nobody minds which one is chosen.
TEST(Ocba, StopsAmongEqualsIfThereIsAZone) {
  SCOPED_TRACE(OcbaSeed);
  const Ocba ocba =
      run_out(Ocba(5, {.confidence = 0.9, .indifference = 1.0, .first = 5, .budget = 10'000}),
              Menu::slippage(5, 0, 0.0, 1.0, 0.5), {OcbaSeed, 3});
  EXPECT_EQ(ocba.stand(), Stand::Decided);
  EXPECT_LT(ocba.spent(), 500U);
  const Ocba constant =
      run_out(Ocba(3, {.first = 2, .budget = 100}), Menu{{5, 4, 4}, 0.0, 0.0}, {1, 1});
  EXPECT_EQ(constant.stand(), Stand::Decided);
  EXPECT_EQ(constant.spent(), 6U);
  EXPECT_EQ(constant.best(), 1U);
  const Ocba one(1, {});
  EXPECT_EQ(one.stand(), Stand::Decided);
  EXPECT_EQ(one.probability(), 1.0);
}

// Wrong: a budget would be overrun, or what was known by then would be called decided.
TEST(Ocba, KeepsItsBudget) {
  SCOPED_TRACE(OcbaSeed);
  const Menu menu = Menu::slippage(4, 2, 0.0, 1.0, 0.0);
  const Ocba ocba = run_out(Ocba(4, {.confidence = 0.999, .first = 5, .step = 7, .budget = 103}),
                            menu, {OcbaSeed, 1});
  EXPECT_EQ(ocba.stand(), Stand::BudgetSpent);
  EXPECT_EQ(ocba.spent(), 103U);
  std::size_t results = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    for (std::size_t r = 0; r < ocba.results(i).size(); ++r)
      EXPECT_EQ(ocba.results(i)[r], menu.run({OcbaSeed, 1}, i, r));
    results += ocba.results(i).size();
  }
  EXPECT_EQ(results, 103U);
}

// Wrong: a selection under way could not be kept and gone on with.
TEST(Ocba, IsAValue) {
  const Menu menu = Menu::ladder(4, 0.5, 2.0, 0.3);
  Ocba ocba(4, {.budget = 400});
  ocba.take(menu.run({3, 3}, ocba.wanted()));
  const Ocba loaded = core::load<Ocba>(core::save(ocba));
  EXPECT_EQ(loaded, ocba);
  EXPECT_EQ(run_out(loaded, menu, {3, 3}), run_out(ocba, menu, {3, 3}));
}

// Wrong: nonsense would be taken in, or a lost run would decide.
TEST(Ocba, RefusesNonsense) {
  EXPECT_EQ(refusal([] { Ocba(0, {}); }),
            "no alternatives (needs at least one); was everything filtered out?");
  EXPECT_EQ(refusal([] { Ocba(3, {.confidence = 95}); }),
            "confidence = 95 (must lie above 0, at most 1); is it in percent?");
  EXPECT_EQ(refusal([] { Ocba(3, {.indifference = -1}); }),
            "indifference = -1 (must not be negative)");
  EXPECT_EQ(refusal([] { Ocba(3, {.first = 1}); }),
            "first = 1, step = 10 (at least 2 first replications, then at least 1 run at a time)");
  EXPECT_EQ(refusal([] { Ocba(3, {.budget = 29}); }),
            "budget = 29 runs (3 alternatives need 10 first replications each)");
  Ocba ocba(2, {.first = 2, .budget = 10});
  const Ocba before = ocba;
  EXPECT_EQ(refusal([&] {
              ocba.take(std::vector<double>{1, 2, 3, INFINITY});
            }),
            "results[3] = inf (must be finite); was a missing value left in?");
  EXPECT_EQ(ocba, before);
}

}  // namespace
}  // namespace twin::decide
