// Reference 2.2: streams release the k-th lot at START + k*REPEAT; WIP lots stand in a queue at
// time zero without a past.
#include <gmock/gmock.h>

#include "twins/fab/semantics/tiny_fab.hpp"

namespace twins::fab::semantics {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// Wrong: every throughput and every due date would be off.
TEST(Release, KthLotComesAtStartPlusKTimesRepeat) {
  TinyFab fab;
  const auto a = fab.add_group("A");
  const auto p = fab.add_route({step_at(a, 100)});
  Stream& stream = fab.add_stream(p, 10, 3);
  stream.start_ms = 3 * MinuteMs;
  stream.due_offset_ms = 200 * MinuteMs;
  Shift shift(fab);
  shift.to(99);
  EXPECT_THAT(shift.times_of("release"), ElementsAre(3.0, 13.0, 23.0));  // and no fourth
  EXPECT_EQ(shift.lot(0).due, static_cast<Tick>(203 * MinuteMs));
  EXPECT_EQ(shift.lot(2).due, static_cast<Tick>(223 * MinuteMs));
  EXPECT_EQ(shift.lot(2).release, static_cast<Tick>(23 * MinuteMs));
}

// Wrong: an interval of 51.69 min would drift away from the calendar. 600,000.6 ms: the fifth
// repeat is at 3,000,003 ms; rounding every repeat would put it at 3,000,005.
TEST(Release, RoundingDoesNotAddUp) {
  TinyFab fab;
  const auto a = fab.add_group("A");
  fab.add_stream(fab.add_route({step_at(a, 0)}), 10.00001, 6);
  Shift shift(fab);
  shift.to(60);
  EXPECT_THAT(shift.times_of("release").back(), testing::DoubleEq(50.00005));
}

// Wrong: two lots a release would be one.
TEST(Release, SeveralLotsARelease) {
  TinyFab fab;
  const auto a = fab.add_group("A");
  fab.add_stream(fab.add_route({step_at(a, 0)}), 10, 2).lots_per_release = 2;
  EXPECT_THAT(Shift(fab).to(60).times_of("release"), ElementsAre(0.0, 0.0, 10.0, 10.0));
}

// Wrong: a random stream would not have its mean interval. Uniform(10, 10) over 4,000 releases:
// standard error of the mean 10/sqrt(3)/sqrt(4000) = 0.091 min; 5 of them (false alarm 6e-7).
TEST(Release, RandomIntervalsKeepTheirMean) {
  SCOPED_TRACE("seed 1");
  TinyFab fab;
  const auto a = fab.add_group("A");
  fab.add_stream(fab.add_route({step_at(a, 0)}), 10, 4001).interval = uniform(10, 10);
  const auto times = Shift(fab).to(1e6).times_of("release");
  ASSERT_EQ(times.size(), 4001U);
  EXPECT_NEAR(times.back() / 4000.0, 10.0, 5 * 0.0913);
}

// Wrong: the fab would start half empty, or its lots would remember what the files do not say. The
// WIP lot stands at step 2: no transport into it, no window open from step 1, no tool remembered.
TEST(Release, InitialWipStandsInTheQueueWithoutAPast) {
  TinyFab fab;
  const auto a = fab.add_group("A", 2);
  fab.description.transports = {{"Fab", "Fab", minutes(7)}};
  const auto x = fab.add_setup("X");
  fab.add_change(None, x, 5);
  Step first = step_at(a, 10), second = step_at(a, 10);
  first.dedicates = 1;
  first.queue_time_exit = 1;
  first.queue_time_ms = MinuteMs;
  second.setup = x;
  second.sampling = 0.0;  // in the queue already: it is processed
  const auto p = fab.add_route({first, second});
  fab.add_lot(p, {.step = 1});
  fab.add_lot(p, {.step = 1});
  Shift shift(fab);
  shift.to(0);
  EXPECT_THAT(shift.lines_of("start"),
              ElementsAre("0 start 0 A#1 setup X", "0 start 1 A#2 setup X"));
  shift.to(60);
  EXPECT_THAT(shift.times_of("finish"), ElementsAre(15.0, 15.0));  // setup 5, process 10
  EXPECT_THAT(shift.lines_of("move skip"), IsEmpty());
  EXPECT_EQ(shift.x().window_tally[0].closed + shift.x().window_tally[1].closed, 0U);
}

// Wrong: lots of unknown age would spoil the cycle times.
TEST(Release, InitialWipHasAClassOfItsOwn) {
  TinyFab fab;
  const auto a = fab.add_group("A");
  const auto p = fab.add_route({step_at(a, 1)});
  fab.add_lot(p, {.step = 0});
  fab.add_stream(p, 10, 2);
  const Shift shift = Shift(fab).to(30);
  const Reading zero = [&] {
    Reading r = read_counters(shift.layout(), State(shift.x()));
    r.at = -1;
    for (ClassTally& c : r.classes) c = {};
    for (auto& g : r.group_times) g = {};
    r.groups.assign(r.groups.size(), {});
    return r;
  }();
  const Kpi kpi = key_figures(shift.layout(), zero, read_counters(shift.layout(), shift.x()));
  ASSERT_EQ(kpi.classes.size(), 2U);
  EXPECT_EQ(kpi.classes[1].initial, true);
  EXPECT_EQ(kpi.classes[1].finished, 1.0);
  EXPECT_EQ(kpi.classes[1].cycle_days, 0.0);
  EXPECT_EQ(kpi.all.finished, 2.0);  // the two released lots alone
}

}  // namespace
}  // namespace twins::fab::semantics
