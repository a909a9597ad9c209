#include "twins/fab/rules/mod.hpp"

#include <gmock/gmock.h>

#include "twins/fab/rules/queue_at_a.hpp"

namespace twins::fab {
namespace {

using semantics::step_at;
using testing::ElementsAre;

// Wrong: a lot that cannot be in time any more would go before all others for ever. One step each, so
// the operation due date is the due date. At 50: lot 1 (due 40, p 30) max(-10, 30) = 30; lot 2 (due
// 75, p 10) 25; lot 3 (due 45, p 40) 40. At 60 the order of the rest stays.
TEST(Mod, DueDatesThatCannotBeMetAreMovedOut) {
  const auto fab =
      queue_at_a({{{step_at(0, 30)}, 40}, {{step_at(0, 10)}, 75}, {{step_at(0, 40)}, 45}});
  EXPECT_THAT(order_under<Mod>(fab), ElementsAre("0", "2", "1", "3"));
}

// Wrong: the value would be taken once for all. Lot 1 (due 120, p 40), lot 2 (due 130, p 10): at 50 70
// and 80; lot 3 (due 60, p 60) 60 goes first, until 110: then max(10, 40) = 40 and max(20, 10) = 20.
TEST(Mod, IsAskedAtEveryDecision) {
  const auto fab =
      queue_at_a({{{step_at(0, 40)}, 120}, {{step_at(0, 10)}, 130}, {{step_at(0, 60)}, 60}});
  EXPECT_THAT(order_under<Mod>(fab), ElementsAre("0", "3", "2", "1"));
}

}  // namespace
}  // namespace twins::fab
