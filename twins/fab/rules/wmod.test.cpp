#include "twins/fab/rules/wmod.hpp"

#include <gmock/gmock.h>

#include "twins/fab/rules/queue_at_a.hpp"

namespace twins::fab {
namespace {

using semantics::step_at;
using testing::ElementsAre;

// Wrong: a lot's weight would not count, or count the wrong way up. At 50, due 250: 200/1, 200/4 = 50,
// 200/2 = 100.
TEST(Wmod, WeightyFirst) {
  const Step step = step_at(0, 10);
  const auto fab = queue_at_a({{.steps = {step}, .due = 250, .weight = 1.0},
                               {.steps = {step}, .due = 250, .weight = 4.0},
                               {.steps = {step}, .due = 250, .weight = 2.0}});
  EXPECT_THAT(order_under<Wmod>(fab), ElementsAre("0", "2", "3", "1"));
}

}  // namespace
}  // namespace twins::fab
