#include "twins/fab/rules/fsvct.hpp"

#include <gmock/gmock.h>

#include "twins/fab/rules/queue_at_a.hpp"

namespace twins::fab {
namespace {

using semantics::step_at;
using semantics::TinyFab;
using testing::ElementsAre;

TinyFab three_releases() {
  return queue_at_a(
      {{.steps = {step_at(0, 10)}}, {.steps = {step_at(0, 30)}}, {.steps = {step_at(0, 20)}}});
}

// Wrong: the remaining work would not count, or count the other way. Release - 2 * work: 1 - 20 =
// -19, 2 - 60 = -58, 3 - 40 = -37.
TEST(Fsvct, ReleaseMinusExpectedRemainingCycleTime) {
  EXPECT_THAT(order_under<Fsvct>(three_releases()), ElementsAre("0", "2", "3", "1"));
}

// Wrong: the parameter would do nothing. With 0.01 the release decides: 0.9, 1.7, 2.8.
TEST(Fsvct, TheFlowFactorIsAParameter) {
  Fsvct rule;
  rule.flow_factor = 0.01;
  EXPECT_THAT(order_under(three_releases(), rule), ElementsAre("0", "1", "2", "3"));
}

}  // namespace
}  // namespace twins::fab
