// Reference 2.7: a cascading tool has two serial slots. A unit holds slot 1 for c, moves on when
// slot 2 is free, and holds that for p - c.
#include <gmock/gmock.h>

#include <algorithm>

#include "twins/fab/semantics/tiny_fab.hpp"

namespace twins::fab::semantics {
namespace {

using testing::ElementsAre;

Step cascading(double p, double c, Step::Per per) {
  Step step = step_at(0, p, per);
  step.cascade_interval_ms = c * MinuteMs;
  return step;
}

TinyFab cascade_fab() {
  TinyFab fab;
  const auto a = fab.add_group("A");
  fab.group(a).job_slots = 2;
  return fab;
}

// Wrong: litho tracks would have another capacity. p = 4, c = 3, 25 wafers: alone 4 + 24*3 = 76.
// The second lot's first wafer enters when the first lot's last one has left slot 1, at 25*3 = 75;
// its last one leaves at 75 + 24*3 + 4 = 151.
TEST(Cascading, TwoLotsOf25WafersByHand) {
  TinyFab fab = cascade_fab();
  const auto p = fab.add_route({cascading(4, 3, Step::Per::Piece)});
  fab.add_lot(p);
  fab.add_lot(p);
  EXPECT_THAT(Shift(fab).to(200).lines_of("start end"),
              ElementsAre("0 start 0 A#1", "0 start 1 A#1", "76 end 0 A#1", "151 end 1 A#1"));
}

// Wrong: a lot would pay for its wafers in a tool that takes it as a whole. p = 10, c = 7: the
// second follows at 7, the third may come in when the first has left (10) and enters slot 1 at 14.
TEST(Cascading, PerLotAndAtMostTwoJobsInside) {
  TinyFab fab = cascade_fab();
  const auto p = fab.add_route({cascading(10, 7, Step::Per::Lot)});
  for (int i = 0; i < 3; ++i) fab.add_lot(p);
  EXPECT_THAT(Shift(fab).to(100).lines_of("start end"),
              ElementsAre("0 start 0 A#1", "0 start 1 A#1", "10 end 0 A#1", "10 start 2 A#1",
                          "17 end 1 A#1", "24 end 2 A#1"));
}

struct Slots {  // [min] when each slot is free
  double first = 0.0, second = 0.0;
};

// Unit by unit, as the reference says it: when the job's last unit leaves slot 2.
double unit_by_unit(Slots& slots, double ready, double p, double c, int units) {
  for (int i = 0; i < units; ++i) {
    const double enters = std::max(ready, slots.first);
    const double leaves_first = std::max(enters + c, slots.second);
    slots.first = leaves_first;
    slots.second = leaves_first + (p - c);
  }
  return slots.second;
}

// Wrong: the closed form over n wafers would not be the law of each wafer. Jobs of unlike p, c and
// product behind each other: c longer than p - c, shorter, and equal.
TEST(Cascading, UnlikeJobsBehindEachOtherWaferByWafer) {
  struct Job {
    double p, c;
    std::uint32_t wafers;
  };
  const std::vector<Job> jobs = {{4, 3, 25}, {5, 1, 7}, {2, 1, 25}, {6, 0.5, 3}, {1, 0.75, 25}};
  TinyFab fab = cascade_fab();
  for (const Job& j : jobs)
    fab.add_lot(fab.add_route({cascading(j.p, j.c, Step::Per::Piece)}), {.wafers = j.wafers});
  Slots slots;
  std::vector<double> ends;
  for (std::size_t i = 0; i < jobs.size(); ++i) {  // the i-th comes in when the i-2nd has left
    const double ready = i < 2 ? 0.0 : ends[i - 2];
    ends.push_back(
        unit_by_unit(slots, ready, jobs[i].p, jobs[i].c, static_cast<int>(jobs[i].wafers)));
  }
  const auto got = Shift(fab).to(1000).times_of("end");
  ASSERT_EQ(got.size(), ends.size());
  for (std::size_t i = 0; i < ends.size(); ++i) EXPECT_DOUBLE_EQ(got[i], ends[i]) << "job " << i;
}

// Wrong: the second lot would wait at the door while the first is processed. Load 1, unload 1: both
// load at 0; 76 wafer minutes from 1: end 78; slot 1 free at 76, then 25*3 + 1, unload: 153.
TEST(Cascading, TheSecondJobLoadsInParallel) {
  TinyFab fab = cascade_fab();
  fab.group(0).load_ms = fab.group(0).unload_ms = MinuteMs;
  const auto p = fab.add_route({cascading(4, 3, Step::Per::Piece)});
  fab.add_lot(p);
  fab.add_lot(p);
  EXPECT_THAT(Shift(fab).to(200).times_of("end"), ElementsAre(78.0, 153.0));
}

// First lot: p = 10, c = 7. Second lot: the same with 5 min of setup. The end of both.
std::vector<double> with_setup(LayoutOptions::SecondSetup when) {
  TinyFab fab = cascade_fab();
  fab.options.second_setup = when;
  Step plain = cascading(10, 7, Step::Per::Lot), changed = plain;
  changed.setup = fab.add_setup("X");
  changed.setup_ms = 5 * MinuteMs;
  fab.add_lot(fab.add_route({plain}));
  fab.add_lot(fab.add_route({changed}));
  return Shift(fab).to(100).times_of("end");
}

// Wrong: setups would add to the time of a busy track (AutoSched: SEQ_ADDS_SETUP_DELAYS = N). In
// parallel: ready at 5, enters at 7, ends at 17. The options: setup from 7 (12 + 10 = 22), or from
// 10 (15 + 10 = 25).
TEST(Cascading, TheSecondJobsSetupRunsInParallel) {
  using When = LayoutOptions::SecondSetup;
  EXPECT_EQ(LayoutOptions{}.second_setup, When::AtOnce);
  EXPECT_THAT(with_setup(When::AtOnce), ElementsAre(10.0, 17.0));
  EXPECT_THAT(with_setup(When::AtSlotFree), ElementsAre(10.0, 22.0));
  EXPECT_THAT(with_setup(When::AtToolEmpty), ElementsAre(10.0, 25.0));
}

// Wrong: an option that moves the moment of choosing would change what the tool can do: the second
// lot is chosen when slot 1 is free, at 7.
TEST(Cascading, TheSecondJobMayWaitForTheFreeSlot) {
  TinyFab fab = cascade_fab();
  fab.options.cascade = LayoutOptions::Cascade::AtSlotFree;
  const auto p = fab.add_route({cascading(10, 7, Step::Per::Lot)});
  fab.add_lot(p);
  fab.add_lot(p);
  EXPECT_THAT(Shift(fab).to(100).lines_of("start end"),
              ElementsAre("0 start 0 A#1", "7 start 1 A#1", "10 end 0 A#1", "17 end 1 A#1"));
}

// Wrong: a group with one job slot would cascade because its steps have an interval.
TEST(Cascading, NeedsTwoSlots) {
  TinyFab fab = cascade_fab();
  fab.group(0).job_slots = 1;
  const auto p = fab.add_route({cascading(10, 7, Step::Per::Lot)});
  fab.add_lot(p);
  fab.add_lot(p);
  EXPECT_THAT(Shift(fab).to(100).times_of("end"), ElementsAre(10.0, 20.0));
}

}  // namespace
}  // namespace twins::fab::semantics
