#include "twins/fab/rules/atc.hpp"

#include <gmock/gmock.h>

#include "twins/fab/rules/queue_at_a.hpp"

namespace twins::fab {
namespace {

using semantics::step_at;
using testing::ElementsAre;

// Wrong: urgency, length and weight would not be traded as the formula says. At 50, k = 2, mean of p
// (20 + 10 + 20)/3 = 16.7: lots 1 and 2 are late: ln 20 = 3.00, ln 10 = 2.30; lot 3 has a slack of 250
// - 50 - 20 = 180: ln 20 + 180/33.3 = 8.40.
TEST(Atc, ShortAndLateFirst) {
  const auto fab =
      queue_at_a({{{step_at(0, 20)}, 40}, {{step_at(0, 10)}, 40}, {{step_at(0, 20)}, 250}});
  EXPECT_THAT(order_under<Atc>(fab), ElementsAre("0", "2", "1", "3"));
}

// Wrong: the look-ahead would not look. The late lot 1 counts ln 20 = 3.00; lot 2 has weight 10 and a
// slack of 30: ln 2 + 30/(k 20) = 1.44 at k = 2, but 0.69 + 30/(0.25 * 20) = 6.69 at k = 0.25.
TEST(Atc, AShortLookAheadSeesTheLateOnly) {
  const auto fab =
      queue_at_a({{{step_at(0, 20)}, 40}, {.steps = {step_at(0, 20)}, .due = 100, .weight = 10.0}});
  EXPECT_THAT(order_under<Atc>(fab), ElementsAre("0", "2", "1"));
  Atc near;
  near.k = 0.25;
  EXPECT_THAT(order_under<Atc>(fab, near), ElementsAre("0", "1", "2"));
}

}  // namespace
}  // namespace twins::fab
