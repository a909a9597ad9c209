#include "twins/fab/rules/spt.hpp"

#include <gmock/gmock.h>

#include "twins/fab/rules/queue_at_a.hpp"

namespace twins::fab {
namespace {

using semantics::step_at;
using testing::ElementsAre;

// Wrong: long jobs would go first, or wafers would not count. 30, 10 and 20 pieces of 1 min.
TEST(Spt, ShortestStepFirst) {
  const auto fab = queue_at_a({{.steps = {step_at(0, 30)}},
                               {.steps = {step_at(0, 10)}},
                               {.steps = {step_at(0, 1, Step::Per::Piece)}, .wafers = 20}});
  EXPECT_THAT(order_under<Spt>(fab), ElementsAre("0", "2", "3", "1"));
}

}  // namespace
}  // namespace twins::fab
