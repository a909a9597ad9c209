#include "twins/fab/rules/odd.hpp"

#include <gmock/gmock.h>

#include "twins/fab/rules/queue_at_a.hpp"

namespace twins::fab {
namespace {

using semantics::Shift;
using semantics::step_at;
using testing::ElementsAre;

// Wrong: the due date of the whole route would decide (that order is 3, 2, 1). Operation due dates:
// 1 + 200*10/40 = 51, 2 + 100*30/40 = 77, 3 + 60 = 63.
TEST(Odd, EarliestOperationDueDateFirst) {
  const auto fab = queue_at_a({{{step_at(0, 10), step_at(1, 30)}, 201},
                               {{step_at(0, 30), step_at(1, 10)}, 102},
                               {{step_at(0, 20)}, 63}});
  EXPECT_THAT(Shift<Odd>(fab).to(80).lines_of("start"),
              ElementsAre("0 start 0 A#1", "50 start 1 A#1", "60 start 1 B#1", "60 start 3 A#1",
                          "80 start 2 A#1"));
}

}  // namespace
}  // namespace twins::fab
