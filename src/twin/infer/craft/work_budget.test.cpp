// If these failed, an analysis would miss its deadline, or be cut short without anybody knowing.
#include "twin/infer/craft/work_budget.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "twin/contract/refusal.hpp"

namespace twin::infer {
namespace {

constexpr CostModel Cost{
    .fixed = 1.0, .per_member = 0.1, .per_member_iteration = 0.02, .per_member_observation = 0.001};
constexpr WorkPlan Plan{.wanted = {40, 4, 200}, .least = {10, 1, 20}};

TEST(WorkBudget, IsTheMostThatFits) {
  // A budget would waste the time there is, or exceed it; or give up members before iterations.
  EXPECT_NEAR(cost_of(Cost, Plan.wanted), 1.0 + 40 * (0.1 + 4 * 0.22), 1e-12);
  const WorkDecision full = decide(Cost, Plan, 50.0);
  EXPECT_EQ(full.budget, Plan.wanted);
  EXPECT_FALSE(full.degraded);
  for (double seconds = 1.0; seconds < 45.0; seconds += 0.37) {
    const WorkDecision d = decide(Cost, Plan, seconds);
    EXPECT_EQ(d.late, d.expected_cost > seconds);
    if (d.late) {
      EXPECT_EQ(d.budget, Plan.least);
      continue;
    }
    if (!d.degraded) continue;
    // One more of what was given up last does not fit.
    WorkBudget more = d.budget;
    if (more.members < 40) {
      ++more.members;
      EXPECT_EQ(d.budget.iterations, 1U);
      EXPECT_EQ(d.budget.observations, 20U);
    } else if (more.observations < 200) {
      ++more.observations;
      EXPECT_EQ(d.budget.iterations, 1U);
    } else {
      ++more.iterations;
    }
    EXPECT_GT(cost_of(Cost, more), seconds);
  }
  EXPECT_TRUE(decide(Cost, Plan, -1.0).late);
}

TEST(WorkBudget, TheNoteSaysItAll) {
  // A replay would do other work than the twin did.
  for (const double seconds : {0.0, 3.0, 20.0, 100.0}) {
    const WorkDecision d = decide(Cost, Plan, seconds);
    const core::Note note = note_of(d, 77);
    EXPECT_EQ(note.kind, "work-budget");
    EXPECT_EQ(note.at, 77);
    EXPECT_EQ(budget_of(note), d.budget);
  }
  EXPECT_EQ(note_of(decide(Cost, Plan, 100.0), 0).text,
            "members 40, iterations 4, observations 200, full");
  EXPECT_EQ(note_of(decide(Cost, Plan, 0.0), 0).text,
            "members 10, iterations 1, observations 20, late");
}

TEST(WorkBudget, SaysWhatIsWrong) {
  const auto refused = [](const CostModel& c, const WorkPlan& p, double seconds) {
    return contract::refusal([&] { static_cast<void>(decide(c, p, seconds)); });
  };
  EXPECT_EQ(refused({.fixed = -1.0}, Plan, 1.0),
            "fixed = -1 of a cost model (must be finite and not negative) [s]");
  EXPECT_EQ(refused(Cost, Plan, std::nan("")), "the time until the deadline is no number");
  EXPECT_EQ(refused(Cost, {.wanted = {1, 1, 1}, .least = {2, 1, 1}}, 1.0),
            "a least budget of 2 members, 1 iterations, 1 observations for a wanted one of 1, 1, 1 "
            "(must not be more)");
  for (const char* text : {"", "members 4", "members 4, iterations 1, observations 5",
                           "members 4, iterations 1, observations 5, full of it",
                           "members 99999999999, iterations 1, observations 5, full"}) {
    EXPECT_EQ(contract::refusal(
                  [&] { static_cast<void>(budget_of({.kind = "work-budget", .text = text})); }),
              "\"" + std::string(text) +
                  "\" is no work budget (must read \"members 40, iterations 1, observations 500, "
                  "full\")");
  }
}

}  // namespace
}  // namespace twin::infer
