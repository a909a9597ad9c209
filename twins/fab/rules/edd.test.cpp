#include "twins/fab/rules/edd.hpp"

#include <gmock/gmock.h>

#include "twins/fab/rules/queue_at_a.hpp"

namespace twins::fab {
namespace {

using semantics::step_at;
using testing::ElementsAre;

// Wrong: who is due later would go first. Due at 300, 100, 200.
TEST(Edd, EarliestDueDateFirst) {
  const Step step = step_at(0, 10);
  const auto fab = queue_at_a({{{step}, 300}, {{step}, 100}, {{step}, 200}});
  EXPECT_THAT(order_under<Edd>(fab), ElementsAre("0", "2", "3", "1"));
}

}  // namespace
}  // namespace twins::fab
