// If these failed, the twin would recommend what wins on average and ruins a customer once a month.
#include "twin/decide/risk_ranking.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "twin/contract/refusal.hpp"

namespace twin::decide {
namespace {

using contract::refusal;

constexpr std::size_t Members = 100;

// Benefit `mean`, a little up and down; losses 0 but for `bad` members with 50; so many violations.
Outcomes outcomes(double mean, std::size_t bad, std::size_t violations) {
  Outcomes o;
  for (std::size_t m = 0; m < Members; ++m) {
    o.benefit.push_back(mean + (m % 2 == 0 ? 1.0 : -1.0));
    o.loss.push_back(m < bad ? 50.0 : 0.0);
    o.violated.push_back(m < violations ? 1 : 0);
  }
  return o;
}

std::vector<std::size_t> order(const std::vector<Ranked>& ranked) {
  std::vector<std::size_t> out;
  for (const Ranked& r : ranked) out.push_back(r.alternative);
  return out;
}

// Wrong: the mean alone would decide, or a limit that nobody set would.
TEST(Rank, IsByMeanSubjectToLimits) {
  // The best on average has 4 bad members of 100: CVaR at 0.95 is 40. The second violates in 20 %.
  const std::vector<Outcomes> menu = {outcomes(1, 0, 0), outcomes(5, 4, 0), outcomes(4, 0, 20),
                                      outcomes(2, 1, 1), outcomes(3, 0, 4)};
  EXPECT_EQ(order(rank(menu, {})), (std::vector<std::size_t>{1, 2, 4, 3, 0}));
  const auto ranked = rank(menu, {.tail = 20.0, .chance = 0.05});
  // 0 violations of 100 show 5 %; 1 shows it too (bound 0.0466); 4 (bound 0.0892) do not.
  EXPECT_EQ(order(ranked), (std::vector<std::size_t>{3, 0, 4, 1, 2}));
  EXPECT_EQ(ranked[0].binding, Limit::None);
  EXPECT_EQ(ranked[2].binding, Limit::ChanceUnknown);
  EXPECT_EQ(ranked[3].binding, Limit::Tail);
  EXPECT_EQ(ranked[4].binding, Limit::Chance);
  EXPECT_NEAR(ranked[3].loss->conditional_value_at_risk, 40.0, 1e-12);
}

// Wrong: a recommendation would not say what it costs when it goes wrong.
TEST(Rank, SaysTheDownside) {
  const auto r = rank(std::vector{outcomes(0.5, 0, 0)}, {}).front();
  EXPECT_DOUBLE_EQ(r.benefit.mean, 0.5);
  EXPECT_DOUBLE_EQ(r.worse, 0.5);
  EXPECT_DOUBLE_EQ(r.downside.conditional_value_at_risk, 0.5);
  EXPECT_GT(r.benefit.half_width, 0.0);
}

// Wrong: money already spent, the same for all, would change what is recommended.
TEST(Rank, ACommonShiftChangesNoOrder) {
  std::vector<Outcomes> menu = {outcomes(1, 0, 0), outcomes(5, 4, 0), outcomes(4, 0, 20)};
  const RiskLimits limits{.tail = 20.0, .chance = 0.05};
  const auto before = order(rank(menu, limits));
  for (Outcomes& o : menu) {
    for (double& b : o.benefit) b -= 1024.0;
  }
  EXPECT_EQ(order(rank(menu, limits)), before);
}

// Wrong: equals would be ordered by chance, or an empty menu fail.
TEST(Rank, TiesGoToTheLowerNumber) {
  const std::vector<Outcomes> menu(3, outcomes(1, 0, 0));
  EXPECT_EQ(order(rank(menu, {})), (std::vector<std::size_t>{0, 1, 2}));
  EXPECT_TRUE(rank({}, {}).empty());
}

// Wrong: a lost member or an unanswered question would count as good.
TEST(Rank, RefusesWhatIsMissing) {
  std::vector<Outcomes> menu = {outcomes(1, 0, 0), outcomes(2, 0, 0)};
  menu[1].benefit[3] = std::nan("");
  EXPECT_EQ(refusal([&] { rank(menu, {}); }),
            "benefit of alternative 1[3] = nan (must be finite); was a missing value left in?");
  menu[1] = outcomes(2, 0, 0);
  menu[1].violated.clear();
  EXPECT_EQ(order(rank(menu, {})), (std::vector<std::size_t>{1, 0}));
  EXPECT_EQ(
      refusal([&] { rank(menu, {.chance = 0.05}); }),
      "0 answers on violation of alternative 1 and 100 benefits (must be as many); do they belong "
      "together?");
  menu[1].loss.clear();
  EXPECT_EQ(refusal([&] { rank(menu, {.tail = 3.0}); }),
            "no loss of alternative 1 (needs at least one value); was everything filtered out?");
  menu[1].benefit.pop_back();
  EXPECT_EQ(refusal([&] { rank(menu, {}); }),
            "99 benefits of alternative 1 and 100 of the first (must be as many); do they belong "
            "together?");
}

}  // namespace
}  // namespace twin::decide
