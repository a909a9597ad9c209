#include "twins/fab/rules/odd.hpp"

#include <gmock/gmock.h>

#include "twins/fab/semantics/tiny_fab.hpp"

namespace twins::fab {
namespace {

using semantics::Shift;
using semantics::step_at;
using semantics::TinyFab;
using testing::ElementsAre;

// A hot lot 0 keeps tool A until minute 50; the others wait for it.
TinyFab busy_until_50() {
  TinyFab fab;
  fab.add_group("A");
  fab.add_lot(fab.add_route({step_at(0, 50)}), {.priority = 20});
  return fab;
}

// Wrong: the due date of the whole route would decide (that order is 3, 2, 1). Operation due dates:
// 1 + 200*10/40 = 51, 2 + 100*30/40 = 77, 3 + 60 = 63.
TEST(Odd, EarliestOperationDueDateFirst) {
  TinyFab fab = busy_until_50();
  const auto b = fab.add_group("B", 9);
  fab.add_lot(fab.add_route({step_at(0, 10), step_at(b, 30)}), {.at = 1, .due = 201});
  fab.add_lot(fab.add_route({step_at(0, 30), step_at(b, 10)}), {.at = 2, .due = 102});
  fab.add_lot(fab.add_route({step_at(0, 20)}), {.at = 3, .due = 63});
  EXPECT_THAT(Shift<Odd>(fab).to(80).lines_of("start"),
              ElementsAre("0 start 0 A#1", "50 start 1 A#1", "60 start 1 B#1", "60 start 3 A#1",
                          "80 start 2 A#1"));
}

}  // namespace
}  // namespace twins::fab
