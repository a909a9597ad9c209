#include "twins/fab/rules/spt.hpp"

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

// Wrong: long jobs would go first, or wafers would not count. 30, 10 and 20 pieces of 1 min.
TEST(Spt, ShortestStepFirst) {
  TinyFab fab = busy_until_50();
  fab.add_lot(fab.add_route({step_at(0, 30)}), {.at = 1});
  fab.add_lot(fab.add_route({step_at(0, 10)}), {.at = 2});
  fab.add_lot(fab.add_route({step_at(0, 1, Step::Per::Piece)}), {.at = 3, .wafers = 20});
  EXPECT_THAT(Shift<Spt>(fab).to(200).order(), ElementsAre("0", "2", "3", "1"));
}

}  // namespace
}  // namespace twins::fab
