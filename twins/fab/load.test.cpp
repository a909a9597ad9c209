// Capacity by hand: one number of the analysis at a time.
#include "twins/fab/load.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace twins::fab {
namespace {

// One product, one lot of 25 wafers an hour, through the steps given.
Description hourly(std::vector<ToolGroup> groups, std::vector<Step> steps) {
  Description fab;
  fab.tool_groups = std::move(groups);
  fab.routes.push_back({"r", std::move(steps)});
  fab.products.push_back({"P", "F", 0});
  Stream stream;
  stream.product = 0;
  stream.interval = {Duration::Law::Constant, HourMs, 0.0};
  stream.count = 1000;
  fab.streams.push_back(stream);
  return fab;
}

ToolGroup group_of(const char* name, std::uint32_t tools = 1) {
  ToolGroup group;
  group.name = name;
  group.tools = tools;
  return group;
}

// Handling of 1 min each way, in `slots` job slots.
ToolGroup handled(const char* name, std::uint32_t tools, std::uint32_t slots) {
  ToolGroup group = group_of(name, tools);
  group.load_ms = group.unload_ms = MinuteMs;
  group.job_slots = slots;
  return group;
}

Step step_of(double minutes) {
  Step step;
  step.group = 0;
  step.process = {Duration::Law::Constant, minutes * MinuteMs, 0.0};
  return step;
}

TEST(Load, PlainGroupWithDowntime) {
  // Wrong: a bottleneck would look free, or a free group like the bottleneck.
  ToolGroup group = handled("A", 2, 1);
  group.unload_ms = 2 * MinuteMs;
  const Duration day{Duration::Law::Exponential, DayMs, 0.0};
  group.breakdowns.push_back({"B", day, {Duration::Law::Exponential, 9 * DayMs, 0.0}, day});
  Maintenance weekly;
  weekly.interval = 7 * DayMs;
  weekly.duration = {Duration::Law::Uniform, 8.4 * HourMs, HourMs};
  Maintenance counted;
  counted.trigger = Maintenance::Trigger::Wafers, counted.interval = 21'000.0;
  counted.duration = {Duration::Law::Uniform, 16.8 * HourMs, HourMs};
  group.maintenances = {weekly, counted};
  const FabLoad load = fab_load(hourly({group}, {step_of(57.0)}));
  const GroupLoad& a = load.groups[0];
  EXPECT_DOUBLE_EQ(load.lots_per_week[0], 168.0);
  EXPECT_DOUBLE_EQ(a.wafers_per_week, 4200.0);
  EXPECT_NEAR(a.work_h, 168.0, 1e-9);
  EXPECT_NEAR(a.breakdown_share, 0.1, 1e-12);
  // 5 % by the calendar; 2,100 wafers a tool and week of 21,000 = 0.1 a week of 16.8 h: 1 %.
  EXPECT_NEAR(a.maintenance_share, 0.06, 1e-12);
  EXPECT_NEAR(a.availability, 0.84, 1e-12);
  EXPECT_NEAR(a.load, 0.5 / 0.84, 1e-12);
  EXPECT_NEAR(a.utilisation, a.load, 1e-12);
}

TEST(Load, CascadingOverlapsOnlyWhenBusy) {
  // Wrong: two-slot tools would be sized as if they took one lot at a time.
  ToolGroup group = handled("C", 1, 2);
  Step step = step_of(1.6);
  step.per = Step::Per::Piece;
  step.cascade_interval_ms = 1.2 * MinuteMs;
  const FabLoad load = fab_load(hourly({group}, {step}));
  const GroupLoad& c = load.groups[0];
  EXPECT_NEAR(c.work_least_h, 168.0 * 25 * 1.2 / 60, 1e-9);             // 30 min a lot
  EXPECT_NEAR(c.work_most_h, 168.0 * (2 + 1.6 + 24 * 1.2) / 60, 1e-9);  // 32.4 min a lot
  EXPECT_NEAR(c.load, 0.5, 1e-12);
  // u = 0.5 u + 0.54 (1 - u)
  EXPECT_NEAR(c.utilisation, 0.54 / 1.04, 1e-12);
}

TEST(Load, BatchesOfWholeLots) {
  // Wrong: furnaces would be filled with parts of lots.
  ToolGroup group = handled("D", 2, 1);
  group.batch = true;
  Step step = step_of(238.0);
  step.per = Step::Per::Batch, step.batch_min = 75, step.batch_max = 149;
  const GroupLoad d = fab_load(hourly({group}, {step})).groups[0];
  EXPECT_NEAR(d.work_least_h, 168.0 * 4 / 5, 1e-9);
  EXPECT_NEAR(d.work_most_h, 168.0 * 4 / 3, 1e-9);
  EXPECT_NEAR(d.work_h, 168.0 * 4 / 4, 1e-9);
  EXPECT_NEAR(d.load, 0.4, 1e-12);
  EXPECT_NEAR(d.utilisation, 0.5, 1e-12);
}

TEST(Load, SetupsFromStepAndTable) {
  // Wrong: setup time would be forgotten or charged to lots that need none.
  ToolGroup group = group_of("S", 3);
  Step a = step_of(20.0), b = step_of(20.0), plain = step_of(20.0);
  a.setup = 0, b.setup = 1;
  Description fab = hourly({group}, {a, b, plain});
  fab.setups = {{"X", 0}, {"Y", 0}};
  fab.setup_changes = {{None, 0, 6 * MinuteMs}, {0, 1, 12 * MinuteMs}};
  EXPECT_NEAR(fab_load(fab).groups[0].setup_h, 168.0 * 0.5 * (6 + 12) / 60, 1e-9);
  fab.tool_groups[0].rank = {Criterion::HighestPriority, Criterion::LeastSetup, Criterion::Fifo};
  EXPECT_NEAR(fab_load(fab).groups[0].setup_h, 168.0 * 0.25 * (6 + 12) / 60, 1e-9);
  fab.tool_groups[0].keeps_minimum_run = true;
  fab.setups[0].minimum_run = fab.setups[1].minimum_run = 8;
  EXPECT_NEAR(fab_load(fab).groups[0].setup_h, 168.0 * (0.125 / 2) * (6 + 12) / 60, 1e-9);
  fab.routes[0].steps[0].setup_ms =
      10 * MinuteMs;  // the queue's order does not see a step's own time
  EXPECT_NEAR(fab_load(fab).groups[0].setup_h, 168.0 * (0.5 * 10 + 0.0625 * 12) / 60, 1e-9);
}

TEST(Load, RankingPutsTheOverloadedFirst) {
  // Wrong: the user would be shown the wrong bottleneck. No tool time at all must not hide behind a
  // division.
  ToolGroup dead = group_of("dead");
  dead.maintenances.resize(1);
  dead.maintenances[0].interval = DayMs;
  dead.maintenances[0].duration.mean_ms = DayMs;
  std::vector<Step> steps = {step_of(90.0), step_of(90.0), step_of(1.0)};
  steps[1].group = 1, steps[2].group = 3;
  const FabLoad load =
      fab_load(hourly({group_of("small"), group_of("wide", 4), group_of("idle"), dead}, steps));
  EXPECT_EQ(load.ranking, (std::vector<std::uint32_t>{3, 0, 1, 2}));
  EXPECT_NEAR(load.groups[0].load, 1.5, 1e-12);
  EXPECT_DOUBLE_EQ(load.groups[2].load, 0.0);
  EXPECT_TRUE(std::isinf(load.groups[3].load));
}

TEST(Load, ListedReleasesCountOverTheirSpan) {
  // Wrong: a lot list would demand nothing, and lots already in the fab would be counted as
  // releases.
  Description fab = hourly({group_of("A")}, {step_of(30.0)});
  fab.streams.clear();
  for (int k = 0; k < 85; ++k) {
    ListedLot lot;
    lot.product = 0, lot.start_ms = k * 2.0 * HourMs;
    fab.lots.push_back(lot);
  }
  ListedLot wip;
  wip.product = 0, wip.step = 0;
  fab.lots.push_back(wip);
  EXPECT_NEAR(fab_load(fab).groups[0].load, 0.25, 1e-12);
}

}  // namespace
}  // namespace twins::fab
