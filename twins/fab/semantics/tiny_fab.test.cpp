// If these failed, every test that reads a run's log would prove nothing.
#include "twins/fab/semantics/tiny_fab.hpp"

#include <gmock/gmock.h>

namespace twins::fab::semantics {
namespace {

using testing::ElementsAre;

// Wrong: the log would tell another story than the fab's. One tool, two lots of 10 min each.
TEST(TinyFab, TellsWhatHappens) {
  TinyFab fab;
  const auto a = fab.add_group("A");
  const auto p = fab.add_route({step_at(a, 10)});
  fab.add_lot(p);
  fab.add_lot(p, {.at = 2.5});
  Shift shift(fab);
  shift.to(15);
  EXPECT_THAT(shift.lines(),
              ElementsAre("0 release 0", "0 arrive 0 r0/1", "0 start 0 A#1", "2.5 release 1",
                          "2.5 arrive 1 r0/1", "10 end 0 A#1", "10 finish 0", "10 start 1 A#1"));
  EXPECT_THAT(shift.lines_of("end finish"), ElementsAre("10 end 0 A#1", "10 finish 0"));
  EXPECT_THAT(shift.times_of("start"), ElementsAre(0.0, 10.0));
  EXPECT_THAT(shift.order(), ElementsAre("0", "1"));
  EXPECT_EQ(shift.lot(1).place, LotPlace::Processing);
  EXPECT_EQ(shift.minutes_in(0, ToolTime::Process), 15.0);
  EXPECT_EQ(shift.x().wip, 1U);
}

// Wrong: a test that sets a multiplier would run the data set itself.
TEST(TinyFab, TakesMultipliersByName) {
  TinyFab fab;
  const auto a = fab.add_group("A");
  fab.add_lot(fab.add_route({step_at(a, 10)}));
  fab.theta = {{"process.A", 3.0}};
  EXPECT_THAT(Shift(fab).to(60).times_of("finish"), ElementsAre(30.0));
}

}  // namespace
}  // namespace twins::fab::semantics
