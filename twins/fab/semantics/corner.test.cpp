// Rare corners, each once wrong: skipped lots that others wait for, rework behind a batch, lots of
// unequal size, a dedication that was skipped. If they fail, lots wait for ever or for nothing.
#include <gmock/gmock.h>

#include "twins/fab/semantics/tiny_fab.hpp"

namespace twins::fab::semantics {
namespace {
using testing::ElementsAre;

// AtSlotFree gives no SlotFree event when a second job starts.
TEST(Corner, AtSlotFreeThirdJob) {
  TinyFab fab;
  const auto a = fab.add_group("A");
  fab.group(a).job_slots = 2;
  fab.options.cascade = LayoutOptions::Cascade::AtSlotFree;
  Step step = step_at(a, 10);
  step.cascade_interval_ms = 7 * MinuteMs;
  const auto p = fab.add_route({step});
  for (int i = 0; i < 3; ++i) fab.add_lot(p);
  EXPECT_THAT(Shift(fab).to(100).times_of("start"), ElementsAre(0.0, 7.0, 14.0));
}

// WHEN = always with the time in setup.txt: the tool has X already, still 5 min a lot.
TEST(Corner, AlwaysWithSetupTxt) {
  TinyFab fab;
  const auto a = fab.add_group("A");
  Step step = step_at(a, 10);
  step.setup = fab.add_setup("X");
  step.setup_always = true;
  fab.add_change(None, step.setup, 5);
  const auto p = fab.add_route({step});
  fab.add_lot(p);
  fab.add_lot(p, {.at = 100});
  EXPECT_THAT(Shift(fab).to(300).times_of("end"), ElementsAre(15.0, 115.0));
}

// link 0 -> 1 in A, link 2 -> 3 in B share a slot; step 2 is skipped: step 3 must be free to choose,
// but reads A's tool (line number out of the group's range).
TEST(Corner, StaleDedicationAfterASkippedStep) {
  TinyFab fab;
  const auto b = fab.add_group("B", 1), a = fab.add_group("A", 1);
  Step s0 = step_at(a, 10), s2 = step_at(b, 10);
  s0.dedicates = 1;
  s2.dedicates = 3;
  s2.sampling = 0.0;
  fab.add_lot(fab.add_route({s0, step_at(a, 10), s2, step_at(b, 10)}));
  EXPECT_THAT(Shift(fab).to(300).times_of("finish"), ElementsAre(30.0));
}

// the end-of-run guard is not looked at when the last lot that could come goes another way. Lot 1
// skips the furnace at 10; lot 0 should start then.
TEST(Corner, GuardWhenThePartnerSkips) {
  for (std::uint32_t member = 0; member < 50; ++member) {
    TinyFab fab;
    fab.draw.member = member;
    const auto f = fab.add_group("F"), a = fab.add_group("A");
    fab.group(f).batch = true;
    Step baked = step_at(f, 30, Step::Per::Batch);
    baked.batch_min = 50;
    baked.batch_max = 100;
    baked.sampling = 0.5;
    const auto p = fab.add_route({step_at(a, 10), baked});
    fab.add_lot(p, {.step = 1});
    fab.add_lot(p);
    const Shift shift = Shift(fab).to(300);
    if (shift.lines_of("skip").empty()) continue;
    EXPECT_THAT(shift.lines_of("start"), testing::Contains("10 start 0 F#1")) << member;
    return;
  }
}

// The guard must know of rework. Lot 0 is past the furnace but may come back by rework (here it
// does, at 40), so lot 1 must wait for it; it starts alone at 1.
TEST(Corner, ReworkMayBringALotBack) {
  for (std::uint32_t member = 0; member < 50; ++member) {
    TinyFab fab;
    fab.draw.member = member;
    const auto f = fab.add_group("F"), a = fab.add_group("A");
    fab.group(f).batch = true;
    Step baked = step_at(f, 5, Step::Per::Batch), measured = step_at(a, 40);
    baked.batch_min = 50;
    baked.batch_max = 100;
    measured.rework = 0.5;
    measured.rework_to = 0;
    const auto p = fab.add_route({baked, measured});
    fab.add_lot(p, {.step = 1});
    fab.add_lot(p, {.at = 1});
    const Shift shift = Shift(fab).to(41);
    if (shift.lines_of("rework").empty()) continue;
    EXPECT_THAT(shift.lines_of("start"), testing::Contains("40 start 1+0 F#1")) << member;
    return;
  }
}

// a minimum run waits for a lot that then never comes (skips its step): the tool is not woken.
TEST(Corner, MinimumRunIsNotWokenWhenItsEndComes) {
  for (std::uint32_t member = 0; member < 50; ++member) {
    TinyFab fab;
    fab.draw.member = member;
    const auto m = fab.add_group("M"), a = fab.add_group("A");
    fab.group(m).keeps_minimum_run = true;
    Step x = step_at(m, 10), y = step_at(m, 10), maybe = step_at(m, 10);
    x.setup = maybe.setup = fab.add_setup("X", 7);
    y.setup = fab.add_setup("Y", 7);
    maybe.sampling = 0.5;
    fab.add_lot(fab.add_route({x}));
    fab.add_lot(fab.add_route({step_at(a, 50), maybe}));
    fab.add_lot(fab.add_route({y}), {.at = 1});
    const Shift shift = Shift(fab).to(300);
    if (shift.lines_of("skip").empty()) continue;
    EXPECT_THAT(shift.lines_of("start"), testing::Contains("50 start 2 M#1 setup Y")) << member;
    return;
  }
}

// lots of 50, at most 80, at least 75: two lots wait, one fits: 50 < 75 must not start.
TEST(Corner, BatchBelowItsMinimumBecauseOfUnevenLots) {
  TinyFab fab;
  const auto f = fab.add_group("F");
  fab.group(f).batch = true;
  Step baked = step_at(f, 30, Step::Per::Batch);
  baked.batch_min = 75;
  baked.batch_max = 80;
  const auto p = fab.add_route({baked});
  fab.add_lot(p, {.wafers = 50});
  fab.add_lot(p, {.wafers = 50});
  fab.add_lot(p, {.at = 10, .wafers = 30});
  fab.add_lot(p, {.at = 1000, .wafers = 30});
  EXPECT_THAT(Shift(fab).to(11).lines_of("start"), ElementsAre("10 start 0+2 F#1"));
}

}  // namespace
}  // namespace twins::fab::semantics
