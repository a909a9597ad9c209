// If these failed, a decision would be made on runs that are too coarse, too few, too late or needlessly dear.
#include "twin/uq/fidelity_choice.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <optional>
#include <vector>

#include "twin/contract/refusal.hpp"

namespace twin::uq {
namespace {

const std::vector<DeclaredFidelity> Meshes = {
    {.name = "coarse mesh", .cost = 0.1, .bias = 0.4, .deviation = 1.0},
    {.name = "middle mesh", .cost = 1.0, .bias = 0.1, .bias_error = 0.05, .deviation = 1.0},
    {.name = "fine mesh", .cost = 20.0, .bias = 0.01, .deviation = 1.0},
    {.name = "reduced order", .cost = 40.0, .bias = 0.15}};

// What is best, by trying every fidelity with every number of runs, in whole numbers: all costs and errors are
// integers, and squared errors are compared after they are multiplied by the runs.
struct TriedOut {
  std::size_t fidelity = 0;
  std::int64_t runs = 0, cost = 0, squares = 0;  // squares: runs x squared error
};
std::optional<TriedOut> tried_out(const std::vector<DeclaredFidelity>& all, const AccuracyDemand& d,
                                  bool& reached) {
  std::optional<TriedOut> cheapest, best;
  const auto of = [](double x) { return static_cast<std::int64_t>(x); };
  for (std::size_t i = 0; i < all.size(); ++i)
    for (std::int64_t n = 1; n * of(all[i].cost) <= of(std::min(d.budget, d.deadline)); ++n) {
      const std::int64_t bias =
          of(all[i].bias * all[i].bias + all[i].bias_error * all[i].bias_error);
      const TriedOut t = {i, n, n * of(all[i].cost),
                          n * bias + of(all[i].deviation * all[i].deviation)};
      const auto less_error = [](const TriedOut& x, const TriedOut& y) {
        return x.squares * y.runs < y.squares * x.runs;
      };
      if (t.squares <= n * of(d.accuracy * d.accuracy) &&
          (!cheapest || t.cost < cheapest->cost ||
           (t.cost == cheapest->cost && less_error(t, *cheapest))))
        cheapest = t;
      if (!best || less_error(t, *best) || (!less_error(*best, t) && t.cost < best->cost)) best = t;
    }
  reached = cheapest.has_value();
  return reached ? cheapest : best;
}

TEST(FidelityChoice, IsWhatTryingAllFinds) {
  std::vector<DeclaredFidelity> kinds;
  for (const double cost : {1.0, 2.0, 3.0})
    for (const double bias : {0.0, 1.0, 2.0})
      for (const double deviation : {0.0, 1.0, 2.0, 4.0})
        kinds.push_back({.cost = cost,
                         .bias = bias,
                         .bias_error = cost == 2.0 ? 1.0 : 0.0,
                         .deviation = deviation});
  std::size_t number = 0, not_reached = 0, none = 0;
  for (std::size_t a = 0; a < kinds.size(); ++a)
    for (std::size_t b = 0; b < kinds.size(); ++b)
      for (const double accuracy : {0.0, 1.0, 2.0})
        for (const double budget : {0.0, 1.0, 2.0, 5.0, 9.0}) {
          // A third one, and a deadline, now and then.
          std::vector<DeclaredFidelity> all = {kinds[a], kinds[b]};
          if (++number % 3 == 0) all.push_back(kinds[number % kinds.size()]);
          AccuracyDemand demand = {.accuracy = accuracy, .budget = budget};
          if (number % 4 == 0) demand.deadline = 4;
          bool reached = false;
          const auto expected = tried_out(all, demand, reached);
          const FidelityChoice c = choose_fidelity(all, demand);
          ASSERT_EQ(c.fidelity.has_value(), expected.has_value()) << number;
          ASSERT_EQ(c.why_not.size(), all.size());
          none += expected ? 0U : 1U;
          if (!expected) continue;
          ASSERT_EQ(c.reached, reached) << number;
          ASSERT_EQ(*c.fidelity, expected->fidelity) << number;
          ASSERT_EQ(c.runs, static_cast<std::uint64_t>(expected->runs)) << number;
          ASSERT_EQ(c.cost, static_cast<double>(expected->cost)) << number;
          ASSERT_DOUBLE_EQ(c.error, std::sqrt(static_cast<double>(expected->squares) /
                                              static_cast<double>(expected->runs)));
          for (std::size_t i = 0; i < all.size(); ++i)
            ASSERT_EQ(c.why_not[i].empty(), i == *c.fidelity) << number;
          not_reached += reached ? 0U : 1U;
        }
  EXPECT_GT(not_reached, 1'000U);
  EXPECT_GT(none, 1'000U);
  EXPECT_GT(number - none - not_reached, 5'000U);
}

TEST(FidelityChoice, SaysWhatIsExpectedAndWhyNotTheOthers) {
  // 0.2^2 leaves 0.04 - 0.0125 to chance: 1 / 0.0275 = 36.4 runs of the middle mesh, 1 / 0.0399 = 25.06 of the fine.
  const FidelityChoice c = choose_fidelity(Meshes, {.accuracy = 0.2, .budget = 200});
  ASSERT_EQ(c.fidelity, 1U);
  EXPECT_EQ(c.runs, 37U);
  EXPECT_TRUE(c.reached);
  EXPECT_DOUBLE_EQ(c.bias, std::sqrt(0.0125));
  EXPECT_DOUBLE_EQ(c.standard_error, 1 / std::sqrt(37.0));
  EXPECT_DOUBLE_EQ(c.error, std::sqrt(0.0125 + 1.0 / 37));
  EXPECT_EQ(c.cost, 37.0);
  EXPECT_EQ(
      c.why_not,
      (std::vector<std::string>{
          "Its bias alone is 0.4, the accuracy 0.2.", "",
          "The accuracy takes 26 runs and 520 of work, the budget is 200.",
          "It takes 40 of work for an error of 0.15; with middle mesh it is 37 for 0.198814."}));
}

TEST(FidelityChoice, KeepsADeadlineAndDoesWhatItCan) {
  const FidelityChoice c =
      choose_fidelity(Meshes, {.accuracy = 0.2, .budget = 200, .deadline = 10});
  ASSERT_EQ(c.fidelity, 1U);
  EXPECT_FALSE(c.reached);
  EXPECT_EQ(c.runs, 10U);
  EXPECT_DOUBLE_EQ(c.error, std::sqrt(0.1125));
  EXPECT_EQ(c.why_not, (std::vector<std::string>{
                           "Its error is 0.412311 for 10 of work; with middle mesh it is "
                           "0.33541 for 10.",
                           "", "A run takes 20 of work, the deadline allows 10.",
                           "A run takes 40 of work, the deadline allows 10."}));
  const FidelityChoice none = choose_fidelity(Meshes, {.accuracy = 0.2, .budget = 0.05});
  EXPECT_FALSE(none.fidelity.has_value());
  EXPECT_FALSE(none.reached);
  EXPECT_EQ(none.runs, 0U);
  EXPECT_EQ(none.error, std::numeric_limits<double>::infinity());
  EXPECT_EQ(none.why_not[0], "A run takes 0.1 of work, the budget is 0.05.");
}

TEST(FidelityChoice, ReckonsAsOnPaper) {
  // Doubles say 2.9999999999999996 runs for 0.3 of work, and 9.000000000000002 for (0.9 / 0.3)^2.
  EXPECT_LT(0.3 / 0.1, 3.0);
  EXPECT_GT((0.9 * 0.9) / (0.3 * 0.3), 9.0);
  const std::vector<DeclaredFidelity> one = {{.cost = 0.1, .deviation = 0.9}};
  EXPECT_EQ(choose_fidelity(one, {.accuracy = 0.3, .budget = 0.3}).runs, 3U);
  const FidelityChoice nine = choose_fidelity(one, {.accuracy = 0.3, .budget = 1.0});
  EXPECT_EQ(nine.runs, 9U);
  EXPECT_TRUE(nine.reached);
  EXPECT_EQ(nine.cost, 0.9);
  EXPECT_FALSE(choose_fidelity(one, {.accuracy = 0.29999, .budget = 0.9}).reached);
  // Numbers of any size.
  const std::vector<DeclaredFidelity> tiny = {
      {.cost = 1e-300, .bias = 1e-200, .deviation = 1.5e-300}, {.cost = 2.5e17}};
  const FidelityChoice far = choose_fidelity(tiny, {.accuracy = 1e-200, .budget = 1e-290});
  EXPECT_EQ(far.fidelity, 0U);
  EXPECT_FALSE(far.reached);
  EXPECT_EQ(far.runs, 10'000'000'000U);
  EXPECT_EQ(far.error, 1e-200);
}

TEST(FidelityChoice, TiesGoToTheBetterThenToTheLowerNumber) {
  const std::vector<DeclaredFidelity> same = {{.cost = 2, .bias = 0.5},
                                              {.cost = 2, .bias = 0.25},
                                              {.cost = 2, .bias = 0.25},
                                              {.cost = 1, .bias = 0.75}};
  EXPECT_EQ(choose_fidelity(same, {.accuracy = 0.6, .budget = 9}).fidelity, 1U);
  EXPECT_EQ(choose_fidelity(same, {.accuracy = 0.8, .budget = 9}).fidelity, 3U);
  EXPECT_EQ(choose_fidelity(same, {.accuracy = 0.1, .budget = 9}).fidelity, 1U);
  EXPECT_EQ(choose_fidelity(same, {.accuracy = 0.6, .budget = 9}).why_not[2],
            "It takes 2 of work for an error of 0.25; with fidelity 1 it is 2 for 0.25.");
}

TEST(FidelityChoice, SaysWhatCannotBe) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const auto why = [](const std::vector<DeclaredFidelity>& f, const AccuracyDemand& d) {
    return contract::refusal([&] { (void)choose_fidelity(f, d); });
  };
  EXPECT_EQ(why({}, {}), "no fidelities to choose from");
  EXPECT_EQ(why(Meshes, {.accuracy = -1}), "an accuracy of -1 (0 or above)");
  EXPECT_EQ(why(Meshes, {.budget = nan}), "a budget of nan (0 or above)");
  EXPECT_EQ(why(Meshes, {.deadline = nan}), "a deadline of nan of work (0 or above)");
  EXPECT_EQ(why({{.cost = 0}}, {.budget = 1}),
            "fidelity 0 costs 0 (above 0, and 2^-53 of the budget)");
  EXPECT_EQ(why({{.cost = 1e-20}}, {.budget = 1}),
            "fidelity 0 costs 1e-20 (above 0, and 2^-53 of the budget)");
  EXPECT_EQ(why({{.bias = -1}}, {}), "fidelity 0 has bias -1 +- 0, deviation 0 (0 or above)");
}

}  // namespace
}  // namespace twin::uq
