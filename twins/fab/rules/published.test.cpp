#include "twins/fab/rules/published.hpp"

#include <gmock/gmock.h>

#include "twins/fab/rules/queue_at_a.hpp"

namespace twins::fab {
namespace {

using semantics::step_at;
using testing::ElementsAre;

// Wrong: a group that ranks by FIFO would be run by the critical ratio, or the other way round. The
// same three lots at both: ages 1, 2, 3; due dates 300, 100, 200 and equal work.
TEST(Published, EveryGroupAsTheDataSetSays) {
  for (const bool critical : {false, true}) {
    const Step step = step_at(0, 10);
    auto fab = queue_at_a({{{step}, 300}, {{step}, 100}, {{step}, 200}});
    if (critical) fab.group(0).rank = {Criterion::HighestPriority, Criterion::CriticalRatio};
    const auto order = order_under<Published>(fab);
    if (critical) {
      EXPECT_THAT(order, ElementsAre("0", "2", "3", "1"));
    } else {
      EXPECT_THAT(order, ElementsAre("0", "1", "2", "3"));
    }
  }
}

}  // namespace
}  // namespace twins::fab
