#include "twins/fab/rules/wspt.hpp"

#include <gmock/gmock.h>

#include "twins/fab/rules/queue_at_a.hpp"

namespace twins::fab {
namespace {

using semantics::step_at;
using testing::ElementsAre;

// Wrong: a lot's weight would not count, or count the wrong way up. p/w: 30/1 = 30, 20/4 = 5,
// 20/2 = 10.
TEST(Wspt, ShortAndWeightyFirst) {
  const auto fab = queue_at_a({{{step_at(0, 30)}},
                               {.steps = {step_at(0, 20)}, .weight = 4.0},
                               {.steps = {step_at(0, 20)}, .weight = 2.0}});
  EXPECT_THAT(order_under<Wspt>(fab), ElementsAre("0", "2", "3", "1"));
}

}  // namespace
}  // namespace twins::fab
