// Reference 2.15: breakdowns by the calendar clock, one independent process a tool. By default they
// wait for the job's end (LayoutOptions::Breakdowns); suspension is the option.
#include <gmock/gmock.h>

#include "twins/fab/semantics/tiny_fab.hpp"

namespace twins::fab::semantics {
namespace {

using testing::ElementsAre;
using BreakdownHow = LayoutOptions::Breakdowns;

// First failure at `first`, repair 20, next failure 50 after the repair [min].
Breakdown calendar(double first) { return {"BD", minutes(first), minutes(50), minutes(20)}; }

TinyFab one_tool(BreakdownHow how, double first = 100) {
  TinyFab fab;
  fab.add_group("A");
  fab.group(0).breakdowns = {calendar(first)};
  fab.options.breakdown = how;
  fab.add_route({step_at(0, 10)});
  return fab;
}

// Wrong: only busy tools would fail, or the next failure would be counted from the last one. Down
// 100-120, 170-190, 240-260; a lot that comes at 110 waits until 120.
TEST(Breakdown, IdleToolsFailToo) {
  for (const BreakdownHow how : {BreakdownHow::AfterJob, BreakdownHow::Suspend}) {
    TinyFab fab = one_tool(how);
    fab.add_lot(0, {.at = 110});
    Shift shift(fab);
    shift.to(250);
    EXPECT_THAT(shift.lines_of("down up start"),
                ElementsAre("100 down A#1", "120 up A#1", "120 start 0 A#1", "170 down A#1",
                            "190 up A#1", "240 down A#1"));
    EXPECT_EQ(shift.minutes_in(0, ToolTime::Down), 50.0);
  }
}

// Wrong: the published hot-lot cycle times would not come out. The job 95-105 ends, then the tool
// is down 105-125; the next failure 50 after that.
TEST(Breakdown, WaitsForTheJobByDefault) {
  EXPECT_EQ(LayoutOptions{}.breakdown, BreakdownHow::AfterJob);
  TinyFab fab = one_tool(BreakdownHow::AfterJob);
  fab.add_lot(0, {.at = 95});
  fab.add_lot(0, {.at = 101});
  const Shift shift = Shift(fab).to(200);
  EXPECT_THAT(shift.lines_of("start end down up"),
              ElementsAre("95 start 0 A#1", "105 end 0 A#1", "105 down A#1", "125 up A#1",
                          "125 start 1 A#1", "135 end 1 A#1", "175 down A#1", "195 up A#1"));
  EXPECT_EQ(shift.minutes_in(0, ToolTime::Down), 40.0);
  EXPECT_EQ(shift.minutes_in(0, ToolTime::Process), 20.0);
}

// Wrong: a suspended job would be lost, restarted or finish while the tool is down. 5 min before, 20
// min of repair, 5 min after: end 125. All ticks of the job move by 20.
TEST(Breakdown, SuspendsAndResumes) {
  TinyFab fab = one_tool(BreakdownHow::Suspend);
  fab.add_lot(0, {.at = 95});
  Shift shift(fab);
  shift.to(121);
  const Job& job = shift.x().tools[0].jobs[0];
  EXPECT_EQ(job.start, static_cast<Tick>(115 * MinuteMs));
  EXPECT_EQ(job.process_end - job.process_start, static_cast<Tick>(10 * MinuteMs));
  EXPECT_EQ(job.end, static_cast<Tick>(125 * MinuteMs));
  shift.to(170);
  EXPECT_THAT(
      shift.lines_of("start end down up"),
      ElementsAre("95 start 0 A#1", "100 down A#1", "120 up A#1", "125 end 0 A#1", "170 down A#1"));
  EXPECT_EQ(shift.minutes_in(0, ToolTime::Process), 10.0);
  EXPECT_EQ(shift.minutes_in(0, ToolTime::Down), 20.0);
}

// Wrong: a job would end at the old time after a second failure. Two processes: down 100-120 and
// 110-130, so down 100-130, each with its own clock; the job ends at 135.
TEST(Breakdown, TwoProcessesOverlap) {
  TinyFab fab = one_tool(BreakdownHow::Suspend);
  fab.group(0).breakdowns = {calendar(100), calendar(110)};
  fab.add_lot(0, {.at = 95});
  const Shift shift = Shift(fab).to(160);
  EXPECT_THAT(
      shift.lines_of("end down up"),
      ElementsAre("100 down A#1", "110 down A#1", "120 up A#1", "130 up A#1", "135 end 0 A#1"));
  EXPECT_EQ(shift.minutes_in(0, ToolTime::Down), 30.0);
}

// Wrong: maintenance and breakdown would overlap, and the availability of the reference would not
// come out. Maintenance 90-120; the failure of 100 starts at 120.
TEST(Breakdown, AFailureDuringMaintenanceStartsAfterIt) {
  for (const BreakdownHow how : {BreakdownHow::AfterJob, BreakdownHow::Suspend}) {
    TinyFab fab = one_tool(how);
    fab.group(0).maintenances = {
        {"PM", Maintenance::Trigger::Calendar, 1e6 * MinuteMs, 90 * MinuteMs, minutes(30)}};
    const Shift shift = Shift(fab).to(189);
    EXPECT_THAT(shift.lines_of("pm pm-end down up"),
                ElementsAre("90 pm PM A#1", "120 pm-end A#1", "120 down A#1", "140 up A#1"));
    EXPECT_EQ(shift.minutes_in(0, ToolTime::Pm), 30.0);
    EXPECT_EQ(shift.minutes_in(0, ToolTime::Down), 20.0);
  }
}

// Wrong: and the other way round. Down 100-120; maintenance due at 110 starts at 120.
TEST(Breakdown, MaintenanceDuringAFailureStartsAfterIt) {
  TinyFab fab = one_tool(BreakdownHow::AfterJob);
  fab.group(0).maintenances = {
      {"PM", Maintenance::Trigger::Calendar, 1e6 * MinuteMs, 110 * MinuteMs, minutes(30)}};
  EXPECT_THAT(Shift(fab).to(169).lines_of("pm pm-end down up"),
              ElementsAre("100 down A#1", "120 up A#1", "120 pm PM A#1", "150 pm-end A#1"));
}

// Two lots in a cascading tool at 95: p = 10, c = 7, so without a failure they end at 105 and 112. A
// third one waits.
std::vector<std::string> cascade(BreakdownHow how) {
  TinyFab fab = one_tool(how);
  fab.group(0).job_slots = 2;
  fab.description.routes[0].steps[0].cascade_interval_ms = 7 * MinuteMs;
  for (int i = 0; i < 3; ++i) fab.add_lot(0, {.at = 95});
  return Shift(fab).to(165).lines_of("start end down up");
}

// Wrong: the second job of a cascading tool would run on while it is down. After the jobs: 105, 112,
// down 112-132. Suspended: 125, 132; the third comes in at 125, enters slot 1 when the second has
// left it (109 + 20 = 129) and ends at 139.
TEST(Breakdown, TouchesBothJobsOfACascadingTool) {
  EXPECT_THAT(cascade(BreakdownHow::AfterJob),
              ElementsAre("95 start 0 A#1", "95 start 1 A#1", "105 end 0 A#1", "112 end 1 A#1",
                          "112 down A#1", "132 up A#1", "132 start 2 A#1", "142 end 2 A#1"));
  EXPECT_THAT(cascade(BreakdownHow::Suspend),
              ElementsAre("95 start 0 A#1", "95 start 1 A#1", "100 down A#1", "120 up A#1",
                          "125 end 0 A#1", "125 start 2 A#1", "132 end 1 A#1", "139 end 2 A#1"));
}

// Wrong: the tools of a group would fail together.
TEST(Breakdown, EveryToolHasItsOwnProcess) {
  TinyFab fab;
  const auto a = fab.add_group("A", 2);
  fab.add_route({step_at(a, 1)});
  fab.group(a).breakdowns = {{"BD", exponential(100), exponential(100), minutes(1)}};
  const auto downs = Shift(fab).to(2000).lines_of("down");
  const auto first = [&](const char* tool) {
    for (const std::string& line : downs)
      if (line.find(tool) != std::string::npos) return std::stod(line);
    return -1.0;
  };
  EXPECT_GT(first("A#1"), 0.0);
  EXPECT_GT(first("A#2"), 0.0);
  EXPECT_NE(first("A#1"), first("A#2"));
}

// Wrong: breakdowns could not be left out.
TEST(Breakdown, CanBeTurnedOff) {
  TinyFab fab = one_tool(BreakdownHow::AfterJob);
  fab.options.breakdowns = false;
  EXPECT_TRUE(Shift(fab).to(1000).lines_of("down").empty());
}

}  // namespace
}  // namespace twins::fab::semantics
