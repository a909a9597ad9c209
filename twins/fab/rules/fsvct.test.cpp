#include "twins/fab/rules/fsvct.hpp"

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

TinyFab three_releases() {
  TinyFab fab = busy_until_50();
  fab.add_lot(fab.add_route({step_at(0, 10)}), {.at = 1});
  fab.add_lot(fab.add_route({step_at(0, 30)}), {.at = 2});
  fab.add_lot(fab.add_route({step_at(0, 20)}), {.at = 3});
  return fab;
}

// Wrong: the remaining work would not count, or count the other way. Release - 2 * work: 1 - 20 =
// -19, 2 - 60 = -58, 3 - 40 = -37.
TEST(Fsvct, ReleaseMinusExpectedRemainingCycleTime) {
  EXPECT_THAT(Shift<Fsvct>(three_releases()).to(200).order(), ElementsAre("0", "2", "3", "1"));
}

// Wrong: the parameter would do nothing. With 0.01 the release decides: 0.9, 1.7, 2.8.
TEST(Fsvct, TheFlowFactorIsAParameter) {
  Fsvct rule;
  rule.flow_factor = 0.01;
  EXPECT_THAT(Shift<Fsvct>(three_releases(), rule).to(200).order(),
              ElementsAre("0", "1", "2", "3"));
}

}  // namespace
}  // namespace twins::fab
