// Route times by hand: sampling, rework loops, transport between places, cascading.
#include "twins/fab/route_time.hpp"

#include <gtest/gtest.h>

namespace twins::fab {
namespace {

Step step_of_route_time(std::uint32_t group, double minutes, Step::Per per = Step::Per::Lot) {
  Step step;
  step.group = group;
  step.process = {Duration::Law::Constant, minutes * MinuteMs, 0.0};
  step.per = per;
  return step;
}

// Group 0 loads and unloads in 1 min each on the floor; group 1 cascades; group 2 is a hold
// elsewhere.
Description three_groups() {
  Description fab;
  fab.tool_groups.resize(3);
  for (ToolGroup& group : fab.tool_groups) group.location = "Fab";
  fab.tool_groups[0].load_ms = fab.tool_groups[0].unload_ms = MinuteMs;
  fab.tool_groups[1].job_slots = 2;
  fab.tool_groups[2].location = "Delay";
  fab.transports.push_back(
      {"Fab", "Fab", {Duration::Law::Uniform, 7.5 * MinuteMs, 2.5 * MinuteMs}});
  return fab;
}

TEST(RouteTime, ProcessAloneByHand) {
  // Wrong: a tool would be sized for wafers it does not process, or a cascade counted as one wafer
  // after the other.
  const Description fab = three_groups();
  EXPECT_DOUBLE_EQ(process_alone_ms(fab.tool_groups[0], step_of_route_time(0, 10), 25),
                   10 * MinuteMs);
  EXPECT_DOUBLE_EQ(
      process_alone_ms(fab.tool_groups[0], step_of_route_time(0, 2, Step::Per::Piece), 25),
      50 * MinuteMs);
  EXPECT_DOUBLE_EQ(
      process_alone_ms(fab.tool_groups[0], step_of_route_time(0, 300, Step::Per::Batch), 25),
      300 * MinuteMs);
  Step cascade = step_of_route_time(1, 4, Step::Per::Piece);
  cascade.cascade_interval_ms = 3 * MinuteMs;
  EXPECT_DOUBLE_EQ(process_alone_ms(fab.tool_groups[1], cascade, 25), (4 + 24 * 3) * MinuteMs);
}

TEST(RouteTime, TransportOnlyBetweenPerformedStepsOfTheFloor) {
  // Wrong: the flow factor's denominator would hold trips that no lot makes.
  Description fab = three_groups();
  Route route{"r",
              {step_of_route_time(0, 10), step_of_route_time(0, 20), step_of_route_time(2, 120),
               step_of_route_time(0, 30)}};
  route.steps[1].sampling = 0.25;
  const RouteTime t = route_time(fab, route);
  EXPECT_DOUBLE_EQ(t.process_ms, (10 + 0.25 * 20 + 120 + 30) * MinuteMs);
  EXPECT_DOUBLE_EQ(t.work_ms, t.process_ms + 2.25 * 2 * MinuteMs);
  // Into and out of the hold and before the first step: none. Step 2 is reached from the floor with
  // certainty.
  EXPECT_DOUBLE_EQ(t.rpt_ms, t.work_ms + 0.25 * 7.5 * MinuteMs);
  EXPECT_DOUBLE_EQ(t.performed_steps, 3.25);
  EXPECT_DOUBLE_EQ(t.remaining_ms[3], 32 * MinuteMs);
  EXPECT_DOUBLE_EQ(t.remaining_ms[2], 152 * MinuteMs);
}

TEST(RouteTime, SkippedStepKeepsTheLotWhereItWas) {
  // Wrong: a lot that skips a sampled step would be carried from there all the same.
  Description fab = three_groups();
  Route route{"r",
              {step_of_route_time(2, 60), step_of_route_time(0, 10), step_of_route_time(0, 20)}};
  route.steps[1].sampling = 0.4;
  const RouteTime t = route_time(fab, route);
  EXPECT_DOUBLE_EQ(t.rpt_ms, t.work_ms + 0.4 * 7.5 * MinuteMs);  // else it comes from the hold
}

TEST(RouteTime, ReworkLoopsNest) {
  // Wrong: rework capacity would be missing; the geometric series q + q^2 + ... is the whole of it.
  Description fab = three_groups();
  Route route{"r",
              {step_of_route_time(1, 10), step_of_route_time(1, 20), step_of_route_time(1, 30),
               step_of_route_time(1, 40)}};
  route.steps[2].rework = 0.2, route.steps[2].rework_to = 1;  // inner loop over 1..2
  route.steps[3].rework = 0.5, route.steps[3].rework_to = 0;  // outer loop over all
  const RouteTime t = route_time(fab, route);
  const std::vector<double> visits = {2.0, 2.5, 2.5, 2.0};
  ASSERT_EQ(t.visits.size(), visits.size());
  for (std::size_t i = 0; i < visits.size(); ++i) EXPECT_NEAR(t.visits[i], visits[i], 1e-12) << i;
}

TEST(RouteTime, SampledReworkStepReworksLess) {
  // Wrong: steps that are not performed would send lots back.
  Description fab = three_groups();
  Route route{"r", {step_of_route_time(1, 10), step_of_route_time(1, 20)}};
  route.steps[1].sampling = 0.5, route.steps[1].rework = 0.5, route.steps[1].rework_to = 0;
  EXPECT_NEAR(route_time(fab, route).visits[0], 1.0 + 0.25 / 0.75, 1e-12);
  const RouteTime every = route_time(fab, route, {.rework = ReworkCount::AtEveryVisit});
  EXPECT_NEAR(every.visits[0], 2.0, 1e-12);
}

}  // namespace
}  // namespace twins::fab
