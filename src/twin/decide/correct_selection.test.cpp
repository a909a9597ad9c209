// If these failed, a recommendation would state a probability of being best that it does not have.
#include "twin/decide/correct_selection.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "twin/core/draw.hpp"
#include "twin/math/distributions.hpp"
#include "twin/score/normal.hpp"

namespace twin::decide {
namespace {

constexpr double Infinity = std::numeric_limits<double>::infinity();

// Wrong: the probability of one pair would not be Student's. t = 2 with 2 degrees: 1/2 + t / (2
// sqrt(2 + t^2)) = 0.908248.
TEST(PairProbability, IsStudents) {
  EXPECT_NEAR(pair_probability({1, 0.5, 2}), 0.5 + 1.0 / std::sqrt(6.0), 1e-12);
  EXPECT_NEAR(pair_probability({0.25, 0.5, 2}, 0.75), 0.5 + 1.0 / std::sqrt(6.0), 1e-12);
  EXPECT_NEAR(pair_probability({1.6448536269514722, 1, Infinity}), 0.95, 1e-14);
  EXPECT_DOUBLE_EQ(pair_probability({0, 1, 9}), 0.5);
}

// Wrong: what never varies would be a division of nothing by nothing.
TEST(PairProbability, OfWhatNeverVaries) {
  EXPECT_EQ(pair_probability({0, 0, 9}), 1.0);
  EXPECT_EQ(pair_probability({1, 0, 9}), 1.0);
  EXPECT_EQ(pair_probability({-1, 0, 9}), 0.0);
  EXPECT_EQ(pair_probability({-1, 0, 9}, 2), 1.0);
  EXPECT_EQ(pair_probability({1, 5e-324, 9}), 1.0);
}

// Wrong: Welch's degrees of freedom would be others. By hand: {1,2,3} and {2,6}: variances 1 and 8,
// of the means 1/3 and 4, behind 2, degrees (13/3)^2 / (1/18 + 16) = 1.169...
TEST(GapApart, IsWelchs) {
  const std::vector<double> best = {1, 2, 3}, rival = {2, 6};
  const Gap g = gap_apart(best, rival);
  EXPECT_DOUBLE_EQ(g.behind, 2.0);
  EXPECT_DOUBLE_EQ(g.standard_error, std::sqrt(13.0 / 3.0));
  EXPECT_NEAR(g.degrees, (169.0 / 9.0) / (1.0 / 18.0 + 16.0), 1e-12);
}

// Wrong: pairs would be matched wrongly where one has more replications than the other.
TEST(GapPaired, TakesWhatBothHave) {
  const std::vector<double> best = {1, 2, 3, 100}, rival = {3, 3, 7};
  const Gap g = gap_paired(best, rival);
  EXPECT_DOUBLE_EQ(g.behind, 7.0 / 3.0);
  EXPECT_DOUBLE_EQ(g.standard_error, std::sqrt(7.0 / 3.0 / 3.0));  // differences 2, 1, 4
  EXPECT_EQ(g.degrees, 2.0);
}

// Wrong: a bound would be above what it bounds. Three rivals 1, 2 and 3 behind, known errors, one
// shared best: P(best has the least mean) in the posterior, by 200,000 draws (se at most 0.0011).
// Bonferroni's is below by at most the chance that two rivals are better at once: 0.022 + 0.001.
TEST(ProbabilityOfSelection, BoundsAreBelowTheTruth) {
  SCOPED_TRACE("seed 3");
  const std::vector<double> behind = {1.0, 2.0, 3.0};
  std::vector<Gap> gaps;
  for (const double d : behind) gaps.push_back({d, std::sqrt(2.0) * 0.7, Infinity});
  constexpr int N = 200'000;
  int right = 0;
  for (std::uint32_t n = 0; n < N; ++n) {
    const core::Draw draw{3, n};
    const double best = 0.7 * math::normal(draw.uniform(0, 0, 0));
    bool all = true;
    for (std::uint32_t i = 0; i < 3; ++i)
      all = all && behind[i] + 0.7 * math::normal(draw.uniform(0, 1 + i, 0)) >= best;
    right += all;
  }
  const double truth = right / double{N};
  const double slepian = probability_of_selection(gaps, 0, Bound::Slepian);
  const double bonferroni = probability_of_selection(gaps);
  EXPECT_LT(slepian, truth + 5.2 * 0.0011);
  EXPECT_LT(bonferroni, slepian);
  EXPECT_GT(bonferroni, truth - 0.023 - 5.2 * 0.0011);
  double product = 1.0;
  for (const double d : behind) product *= score::normal_below(d / (std::sqrt(2.0) * 0.7));
  EXPECT_NEAR(slepian, product, 1e-14);
  EXPECT_EQ(probability_of_selection({}), 1.0);
  const std::vector<Gap> hopeless(30, Gap{0, 1, Infinity});
  EXPECT_EQ(probability_of_selection(hopeless), 0.0);  // not negative
}

}  // namespace
}  // namespace twin::decide
