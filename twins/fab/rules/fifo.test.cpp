#include "twins/fab/rules/fifo.hpp"

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

// Wrong: who came last would go first, or the due date would count. They come at 1, 2, 3.
TEST(Fifo, OldestInTheQueueFirst) {
  TinyFab fab = busy_until_50();
  const auto p = fab.add_route({step_at(0, 10)});
  fab.add_lot(p, {.at = 1, .due = 300});
  fab.add_lot(p, {.at = 2, .due = 200});
  fab.add_lot(p, {.at = 3, .due = 100});
  EXPECT_THAT(Shift<Fifo>(fab).to(200).order(), ElementsAre("0", "1", "2", "3"));
}

}  // namespace
}  // namespace twins::fab
