// Reference 2.18 to 2.20: what a tool's time is booked to, what the model leaves out, and events at
// equal times.
#include <gmock/gmock.h>

#include "twins/fab/semantics/tiny_fab.hpp"

namespace twins::fab::semantics {
namespace {

using testing::ElementsAre;

// A cascading tool: load 2, unload 3, p = 10, c = 7.
TinyFab overlapping() {
  TinyFab fab;
  const auto a = fab.add_group("A");
  fab.group(a).job_slots = 2;
  fab.group(a).load_ms = 2 * MinuteMs;
  fab.group(a).unload_ms = 3 * MinuteMs;
  Step step = step_at(a, 10);
  step.cascade_interval_ms = 7 * MinuteMs;
  fab.add_route({step});
  step.setup = fab.add_setup("X");
  step.setup_ms = 6 * MinuteMs;
  fab.add_route({step});
  return fab;
}

// Wrong: the states of a tool would add up to more than its time. Two lots at 0: both load 0-2; one
// is processed 2-12, the other 9-19; unloads 12-15 (hidden by process) and 19-22.
TEST(ToolStates, ProcessGoesBeforeLoadAndUnload) {
  TinyFab fab = overlapping();
  fab.add_lot(0);
  fab.add_lot(0);
  const Shift shift = Shift(fab).to(30);
  EXPECT_EQ(shift.minutes_in(0, ToolTime::Load), 2.0);
  EXPECT_EQ(shift.minutes_in(0, ToolTime::Process), 17.0);
  EXPECT_EQ(shift.minutes_in(0, ToolTime::Unload), 3.0);
}

// Wrong: setups would vanish behind the process of the job before. The second lot comes at 4: setup
// 4-10, load 10-12 (hidden), process 12-22, unload 22-25. First: load 0-2, process 2-12, unload
// 12-15 (hidden). So load 2, process 2-4 and 10-22, setup 6, unload 3.
TEST(ToolStates, SetupGoesBeforeProcess) {
  TinyFab fab = overlapping();
  fab.add_lot(0);
  fab.add_lot(1, {.at = 4});
  Shift shift(fab);
  shift.to(7);  // a reading in the middle: setup since 4
  EXPECT_EQ(shift.minutes_in(0, ToolTime::Setup), 3.0);
  EXPECT_EQ(shift.minutes_in(0, ToolTime::Process), 2.0);
  shift.to(30);
  EXPECT_EQ(shift.minutes_in(0, ToolTime::Load), 2.0);
  EXPECT_EQ(shift.minutes_in(0, ToolTime::Process), 14.0);
  EXPECT_EQ(shift.minutes_in(0, ToolTime::Setup), 6.0);
  EXPECT_EQ(shift.minutes_in(0, ToolTime::Unload), 3.0);
}

// Wrong: a suspended job would count as production. Down 7-17: setup 4-7 and 17-20, all else later.
TEST(ToolStates, DownGoesBeforeAll) {
  TinyFab fab = overlapping();
  fab.options.breakdown = LayoutOptions::Breakdowns::Suspend;
  fab.group(0).breakdowns = {{"BD", minutes(7), minutes(1e6), minutes(10)}};
  fab.add_lot(0);
  fab.add_lot(1, {.at = 4});
  Shift shift(fab);
  shift.to(15);
  EXPECT_EQ(shift.minutes_in(0, ToolTime::Down), 8.0);
  EXPECT_EQ(shift.minutes_in(0, ToolTime::Setup), 3.0);
  shift.to(50);
  EXPECT_EQ(shift.minutes_in(0, ToolTime::Down), 10.0);
  EXPECT_EQ(shift.minutes_in(0, ToolTime::Setup), 6.0);
  EXPECT_EQ(shift.minutes_in(0, ToolTime::Process), 14.0);
}

// Wrong: a late or reworked lot would be scrapped or held by itself; the data know neither.
TEST(NotModelled, NothingIsScrappedOrHeld) {
  TinyFab fab;
  const auto a = fab.add_group("A"), b = fab.add_group("B");
  Step first = step_at(a, 10), last = step_at(b, 20);
  first.queue_time_exit = 1;
  first.queue_time_ms = MinuteMs;
  last.rework = 0.3;
  last.rework_to = 0;
  fab.add_stream(fab.add_route({first, last}), 25, 200).due_offset_ms = 0.0;
  const Shift shift = Shift(fab).to(1e6);
  EXPECT_GT(shift.x().window_tally[1].violated, 0U);
  EXPECT_EQ(shift.x().class_tally[0].finished, 200U);
  EXPECT_EQ(shift.x().class_tally[0].scrapped, 0U);
  EXPECT_TRUE(shift.lines_of("hold").empty());
}

// Wrong: which of two lots that come at the same instant is served would depend on the order of
// events. The regular lot's release is the earlier event, but all of an instant happens first.
TEST(EqualTimes, AllOfAnInstantHappensBeforeDispatching) {
  TinyFab fab;
  const auto a = fab.add_group("A");
  const auto p = fab.add_route({step_at(a, 10)});
  fab.add_stream(p, 10, 1).priority = 10;
  fab.add_stream(p, 10, 1).priority = 20;
  EXPECT_THAT(Shift(fab).to(30).lines_of("start"), ElementsAre("0 start 1 A#1", "10 start 0 A#1"));
}

// Wrong: so would who goes next when a lot comes as the tool comes free. The hot lot comes at 10.
TEST(EqualTimes, AnArrivalAtTheEndOfAJobTakesPart) {
  TinyFab fab;
  const auto a = fab.add_group("A");
  const auto p = fab.add_route({step_at(a, 10)});
  fab.add_lot(p);
  fab.add_lot(p, {.at = 5});
  fab.add_lot(p, {.at = 10, .priority = 20});
  EXPECT_THAT(Shift(fab).to(25).lines_of("start"),
              ElementsAre("0 start 0 A#1", "10 start 2 A#1", "20 start 1 A#1"));
}

// Wrong: equal arrivals would be ranked by event order, which is history, not a rule. Lot 1's arrival
// at 10 is scheduled at 4 and handled first; both are equally old, so the lot number decides.
TEST(EqualTimes, TheLotNumberDecidesLast) {
  TinyFab fab;
  const auto a = fab.add_group("A"), b = fab.add_group("B"), c = fab.add_group("C");
  fab.group(a).location = "L1";
  fab.group(b).location = "L2";
  fab.description.transports = {{"L1", "Fab", minutes(5)}, {"L2", "Fab", minutes(6)}};
  fab.add_lot(fab.add_route({step_at(a, 5), step_at(c, 10)}));
  fab.add_lot(fab.add_route({step_at(b, 4), step_at(c, 10)}));
  const Shift shift = Shift(fab).to(25);
  EXPECT_THAT(shift.lines_of("arrive"), ElementsAre("0 arrive 0 r0/1", "0 arrive 1 r1/1",
                                                    "10 arrive 1 r1/2", "10 arrive 0 r0/2"));
  EXPECT_THAT(shift.lines_of("start"),
              ElementsAre("0 start 0 A#1", "0 start 1 B#1", "10 start 0 C#1", "20 start 1 C#1"));
}

// Wrong: groups would be dispatched in the order of their numbers, or of a hash. Touched: B, then A.
TEST(EqualTimes, GroupsAreDispatchedInTheOrderOfTouching) {
  TinyFab fab;
  const auto a = fab.add_group("A"), b = fab.add_group("B");
  fab.add_stream(fab.add_route({step_at(b, 10)}), 10, 1);
  fab.add_stream(fab.add_route({step_at(a, 10)}), 10, 1);
  EXPECT_THAT(Shift(fab).to(5).lines_of("start"), ElementsAre("0 start 0 B#1", "0 start 1 A#1"));
}

}  // namespace
}  // namespace twins::fab::semantics
