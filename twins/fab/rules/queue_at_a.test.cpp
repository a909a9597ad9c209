// If these failed, the tests of the rules would prove nothing: there would be no queue to choose from.
#include "twins/fab/rules/queue_at_a.hpp"

#include <gmock/gmock.h>

namespace twins::fab {
namespace {

using semantics::Shift;
using semantics::step_at;
using testing::ElementsAre;

// Wrong: a lot would start before all have come, or wait at B too, where no rule is asked.
TEST(QueueAtA, AllWaitUntilMinute50) {
  const auto fab =
      queue_at_a({{.steps = {step_at(0, 10), step_at(1, 30)}}, {.steps = {step_at(0, 10)}}});
  Shift shift(fab);
  shift.to(80);
  EXPECT_THAT(shift.lines_of("arrive"), ElementsAre("0 arrive 0 r0/1", "1 arrive 1 r1/1",
                                                    "2 arrive 2 r2/1", "60 arrive 1 r1/2"));
  EXPECT_THAT(shift.lines_of("start"),
              ElementsAre("0 start 0 A#1", "50 start 1 A#1", "60 start 1 B#1", "60 start 2 A#1"));
}

// Wrong: a rule that looks at due dates or wafers would be tested on lots without.
TEST(QueueAtA, LotsAreAsGiven) {
  const auto fab = queue_at_a({{.steps = {step_at(0, 10)}, .due = 300, .wafers = 7}});
  ASSERT_EQ(fab.description.lots.size(), 2U);
  EXPECT_EQ(fab.description.lots[1].due_ms, 300 * MinuteMs);
  EXPECT_EQ(fab.description.lots[1].wafers, 7U);
  EXPECT_THAT(order_under<Fifo>(fab), ElementsAre("0", "1"));
  EXPECT_THAT(order_under<Fifo>(fab, {}, 49.0), ElementsAre("0"));
}

}  // namespace
}  // namespace twins::fab
