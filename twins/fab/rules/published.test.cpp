#include "twins/fab/rules/published.hpp"

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

// Wrong: a group that ranks by FIFO would be run by the critical ratio, or the other way round. The
// same three lots at both: ages 1, 2, 3; due dates 300, 100, 200 and equal work.
TEST(Published, EveryGroupAsTheDataSetSays) {
  for (const bool critical : {false, true}) {
    TinyFab fab = busy_until_50();
    if (critical) fab.group(0).rank = {Criterion::HighestPriority, Criterion::CriticalRatio};
    const auto p = fab.add_route({step_at(0, 10)});
    fab.add_lot(p, {.at = 1, .due = 300});
    fab.add_lot(p, {.at = 2, .due = 100});
    fab.add_lot(p, {.at = 3, .due = 200});
    const auto order = Shift<Published>(fab).to(200).order();
    if (critical) {
      EXPECT_THAT(order, ElementsAre("0", "2", "3", "1"));
    } else {
      EXPECT_THAT(order, ElementsAre("0", "1", "2", "3"));
    }
  }
}

}  // namespace
}  // namespace twins::fab
