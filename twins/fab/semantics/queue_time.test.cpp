// Reference 2.14: a window opens at the completion of its entry step and closes at the start of the
// job at its exit step. Measured, not enforced.
#include <gmock/gmock.h>

#include "twins/fab/semantics/tiny_fab.hpp"

namespace twins::fab::semantics {
namespace {

constexpr double OneTick = 1.0 / 60'000.0;  // [min]

Step window(std::uint32_t group, double mean, std::uint32_t exit, double limit) {  // [min]
  Step step = step_at(group, mean);
  step.queue_time_exit = exit;
  step.queue_time_ms = limit * MinuteMs;
  return step;
}

// A lot passes A from 0 to 10 and waits for B, which another lot keeps until `busy` [min].
WindowTally behind(double busy, double unload = 0.0) {
  TinyFab fab;
  const auto a = fab.add_group("A"), b = fab.add_group("B");
  fab.group(a).unload_ms = unload * MinuteMs;
  fab.group(b).load_ms = 3 * MinuteMs;
  Step exit = step_at(b, 10);
  exit.setup = fab.add_setup("X");
  exit.setup_ms = 20 * MinuteMs;
  fab.add_lot(fab.add_route({step_at(b, busy - 3)}));
  fab.add_lot(fab.add_route({window(a, 10, 1, 60), exit}));
  return Shift(fab).to(2000).x().window_tally[1];
}

// Wrong: waiting exactly as long as allowed would be a violation. Open from 10 (completion of A) to
// 70 (start at B; its setup and load come after): 60 min, on the limit. A tick later it is late.
TEST(QueueTime, OnTheLimitIsStillInTime) {
  const WindowTally in_time = behind(70), late = behind(70 + OneTick);
  EXPECT_EQ(in_time.closed, 1U);
  EXPECT_EQ(in_time.violated, 0U);
  EXPECT_EQ(in_time.slack_ticks + in_time.violation_ticks, 0);
  EXPECT_EQ(late.violated, 1U);
  EXPECT_EQ(late.violation_ticks, 1);
}

// Wrong: the window would open at the end of processing. With 5 min of unloading it opens at 15: on
// the limit at 75.
TEST(QueueTime, OpensAtCompletionUnloadingIncluded) {
  EXPECT_EQ(behind(75, 5).violated, 0U);
  EXPECT_EQ(behind(75 + OneTick, 5).violated, 1U);
}

// Wrong: the published classes of lateness and slack would be wrong. Late by 121 min; early by 40.
TEST(QueueTime, CountsLatenessAndSlack) {
  const WindowTally late = behind(191), early = behind(30);
  EXPECT_EQ(late.over_1h, 1U);
  EXPECT_EQ(late.over_2h, 1U);
  EXPECT_EQ(late.over_4h, 0U);
  EXPECT_EQ(late.violation_ticks, static_cast<Tick>(121 * MinuteMs));
  EXPECT_EQ(early.slack_ticks, static_cast<Tick>(40 * MinuteMs));
}

// Wrong: chained windows (the exit is the next entry) would swallow each other, and one that ends on
// the last step would never close. 0 -> 1 -> 3; step 2 is skipped.
TEST(QueueTime, ChainsSkipsAndTheLastStep) {
  TinyFab fab;
  const auto a = fab.add_group("A"), b = fab.add_group("B"), c = fab.add_group("C");
  Step skipped = step_at(a, 10);
  skipped.sampling = 0.0;
  fab.add_lot(fab.add_route({window(a, 10, 1, 5), window(b, 10, 3, 5), skipped, step_at(c, 10)}));
  fab.description.transports = {{"Fab", "Fab", minutes(7)}};
  Shift shift(fab);
  shift.to(20);
  EXPECT_EQ(shift.x().window_tally[1].closed, 1U);
  shift.to(100);
  EXPECT_EQ(shift.x().window_tally[1].closed, 2U);
  EXPECT_EQ(shift.x().window_tally[1].violated, 2U);  // 7 min on the way, 5 allowed
  EXPECT_EQ(shift.times_of("finish").size(), 1U);     // measured, not scrapped
  EXPECT_EQ(shift.x().class_tally[0].scrapped, 0U);
}

// Wrong: windows through litho would be reported with the rest. Area Litho and a setup between.
TEST(QueueTime, LithoIsReportedApart) {
  for (const bool litho : {true, false}) {
    TinyFab fab;
    const auto a = fab.add_group("A"), b = fab.add_group("B");
    if (litho) fab.group(b).area = "Litho";
    Step exit = step_at(b, 10);
    exit.setup = fab.add_setup("X");
    fab.add_lot(fab.add_route({window(a, 10, 1, 60), exit}));
    const Shift shift = Shift(fab).to(100);
    EXPECT_EQ(shift.x().window_tally[litho ? 0 : 1].closed, 1U);
    EXPECT_EQ(shift.x().window_tally[litho ? 1 : 0].closed, 0U);
  }
}

}  // namespace
}  // namespace twins::fab::semantics
