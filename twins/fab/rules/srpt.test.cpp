#include "twins/fab/rules/srpt.hpp"

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

// Wrong: only the step at hand would count. Left: 10 + 50, 30, 20 + 20.
TEST(Srpt, LeastWorkLeftFirst) {
  TinyFab fab = busy_until_50();
  const auto b = fab.add_group("B", 9);
  fab.add_lot(fab.add_route({step_at(0, 10), step_at(b, 50)}), {.at = 1});
  fab.add_lot(fab.add_route({step_at(0, 30)}), {.at = 2});
  fab.add_lot(fab.add_route({step_at(0, 20), step_at(b, 20)}), {.at = 3});
  const auto order = Shift<Srpt>(fab).to(99.5).order();  // before any start at B
  EXPECT_THAT(order, ElementsAre("0", "2", "3"));
}

}  // namespace
}  // namespace twins::fab
