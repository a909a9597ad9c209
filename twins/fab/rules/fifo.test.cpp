#include "twins/fab/rules/fifo.hpp"

#include <gmock/gmock.h>

#include "twins/fab/rules/queue_at_a.hpp"

namespace twins::fab {
namespace {

using semantics::step_at;
using testing::ElementsAre;

// Wrong: who came last would go first, or the due date would count. They come at 1, 2, 3.
TEST(Fifo, OldestInTheQueueFirst) {
  const Step step = step_at(0, 10);
  const auto fab = queue_at_a({{{step}, 300}, {{step}, 200}, {{step}, 100}});
  EXPECT_THAT(order_under<Fifo>(fab), ElementsAre("0", "1", "2", "3"));
}

}  // namespace
}  // namespace twins::fab
