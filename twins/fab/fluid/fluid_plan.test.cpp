// If these failed, the fluid would be of another fab: tools that do more or fewer lots, lots that come more or
// less often.
#include "twins/fab/fluid/fluid_plan.hpp"

#include <gtest/gtest.h>

#include "twins/fab/import/read.hpp"
#include "twins/fab/load.hpp"
#include "twins/fab/semantics/tiny_fab.hpp"

namespace twins::fab::fluid {
namespace {

using namespace semantics;

// Two steps at A, the second with rework to the first, and one at B for every other lot.
Description three_steps() {
  TinyFab fab;
  const auto a = fab.add_group("A", 2), b = fab.add_group("B");
  Step first = step_at(a, 30), second = step_at(a, 60), third = step_at(b, 90);
  second.rework = 0.1;
  second.rework_to = 0;
  third.sampling = 0.5;
  fab.description.tool_groups[a].load_ms = 2 * MinuteMs;
  fab.description.tool_groups[a].unload_ms = 4 * MinuteMs;
  fab.description.tool_groups[b].breakdowns.push_back(
      {"down", exponential(600), exponential(600), exponential(60)});
  fab.description.routes.push_back({"r", {first, second, third}});
  fab.description.products.push_back({"P", "F", 0});
  Stream stream;
  stream.product = 0;
  stream.interval = minutes(120);
  stream.count = 1000;
  fab.description.streams.push_back(stream);
  fab.description.lots.push_back({.name = "w", .product = 0, .step = 1});
  return fab.description;
}

TEST(FluidPlan, IsOfTheFabsOwnNumbers) {
  const FluidPlan plan = fluid_plan(*compile(three_steps()));
  ASSERT_EQ(plan.steps.size(), 3U);
  EXPECT_DOUBLE_EQ(plan.routes[0].lots, 0.5);
  EXPECT_EQ(plan.initial, (std::vector<double>{0, 1, 0}));
  EXPECT_DOUBLE_EQ(plan.steps[1].process, 1.0);
  EXPECT_DOUBLE_EQ(plan.steps[0].handling, 0.1);
  EXPECT_EQ(plan.steps[1].back, 0U);
  EXPECT_EQ(plan.steps[0].back, None);
  const FluidGroup &a = plan.groups[0], &b = plan.groups[1];
  // 1 / 0.9 passes of both steps: a mean of 45 minutes beside 6 of handling.
  EXPECT_NEAR(a.lots, 0.5 * 2 / 0.9, 1e-12);
  EXPECT_NEAR(a.work_paced, 0.75, 1e-12);
  EXPECT_NEAR(a.work_fixed, 0.1, 1e-12);
  EXPECT_NEAR(a.mix, (0.25 + 1.0) / 2 / (0.75 * 0.75) - 1, 1e-12);
  EXPECT_NEAR(b.lots, 0.25, 1e-12);
  ASSERT_EQ(b.downs.size(), 1U);
  EXPECT_DOUBLE_EQ(b.downs[0].to_failure, 10.0);
  EXPECT_DOUBLE_EQ(b.downs[0].variability, 1.0);
}

TEST(FluidPlan, AgreesWithTheCapacityAnalysis) {
  const auto layout = compile(import::read("data/minifab"));
  const FluidPlan plan = fluid_plan(*layout);
  const FabLoad load = fab_load(layout->description);
  for (std::size_t g = 0; g < plan.groups.size(); ++g) {
    const FluidGroup& from = plan.groups[g];
    EXPECT_NEAR(from.lots * HoursPerWeek, load.groups[g].lots_per_week, 1e-6);
    EXPECT_NEAR((from.work_fixed + from.work_paced) * load.groups[g].lots_per_week,
                load.groups[g].work_least_h + load.groups[g].setup_h, 1e-6)
        << g;
  }
}

}  // namespace
}  // namespace twins::fab::fluid
