#include "twins/fab/rules/srpt.hpp"

#include <gmock/gmock.h>

#include "twins/fab/rules/queue_at_a.hpp"

namespace twins::fab {
namespace {

using semantics::step_at;
using testing::ElementsAre;

// Wrong: only the step at hand would count. Left: 10 + 50, 30, 20 + 20.
TEST(Srpt, LeastWorkLeftFirst) {
  const auto fab = queue_at_a({{.steps = {step_at(0, 10), step_at(1, 50)}},
                               {.steps = {step_at(0, 30)}},
                               {.steps = {step_at(0, 20), step_at(1, 20)}}});
  EXPECT_THAT(order_under<Srpt>(fab, {}, 99.5), ElementsAre("0", "2", "3"));  // no start at B yet
}

}  // namespace
}  // namespace twins::fab
