// If this failed, a tool would stand idle before a lot that it could take.
#include "twins/fab/engine/engine.hpp"

#include <gtest/gtest.h>

#include "twins/fab/semantics/busy_fab.hpp"

namespace twins::fab {
namespace {

// Wrong: a waiting lot would be forgotten until something else happens. Where no rule lets a tool wait
// (no batch, no minimum run, no dedication, no reservation) an able tool means an empty queue.
TEST(Dispatch, NoAbleToolWaitsWhileALotDoes) {
  semantics::Shift shift(semantics::busy_fab());
  std::size_t waited = 0;
  for (int i = 1; i <= 600; ++i) {
    const State& x = shift.to(10.0 * i).x();
    for (std::size_t g = 0; g < x.groups.size(); ++g) {
      const GroupInfo& info = shift.layout().groups[g];
      if (info.batch || info.minimum_run || info.dedicated || x.groups[g].waiting == 0) continue;
      ++waited;
      EXPECT_EQ(x.groups[g].able_head, None) << shift.layout().description.tool_groups[g].name;
    }
  }
  EXPECT_GT(waited, 100U);
}

// Wrong: a dedicated lot would be started elsewhere, or wait before its own able tool.
TEST(Dispatch, DedicatedLotsDoNotWaitForAnAbleTool) {
  semantics::Shift shift(semantics::busy_fab());
  for (int i = 1; i <= 600; ++i) {
    const State& x = shift.to(10.0 * i).x();
    const GroupInfo& litho = shift.layout().groups[0];
    for (std::uint32_t k = 0; k < litho.tools; ++k) {
      if (x.lines[litho.dedicated_line + k].count == 0) continue;
      EXPECT_FALSE(x.tools[litho.first_tool + k].able);
    }
  }
}

}  // namespace
}  // namespace twins::fab
