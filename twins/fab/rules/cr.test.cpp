#include "twins/fab/rules/cr.hpp"

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

// Wrong: the ratio would be taken the other way up, or once for all. At 50: (200 - 50)/60 = 2.5,
// (140 - 50)/30 = 3, (70 - 50)/40 = 0.5: lot 3. At 70: 130/60 = 2.17, 70/30 = 2.33: lot 1.
TEST(Cr, SmallestTimeLeftOverWorkLeftFirst) {
  TinyFab fab = busy_until_50();
  const auto b = fab.add_group("B", 9);
  fab.add_lot(fab.add_route({step_at(0, 10), step_at(b, 50)}), {.at = 1, .due = 200});
  fab.add_lot(fab.add_route({step_at(0, 30)}), {.at = 2, .due = 140});
  fab.add_lot(fab.add_route({step_at(0, 20), step_at(b, 20)}), {.at = 3, .due = 70});
  EXPECT_THAT(Shift<Cr>(fab).to(80).lines_of("start"),
              ElementsAre("0 start 0 A#1", "50 start 3 A#1", "70 start 3 B#1", "70 start 1 A#1",
                          "80 start 1 B#2", "80 start 2 A#1"));
}

}  // namespace
}  // namespace twins::fab
