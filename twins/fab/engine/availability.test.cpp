// If these failed, a broken tool would work, or a sound one never again.
#include "twins/fab/engine/engine.hpp"

#include <gtest/gtest.h>

#include "twins/fab/semantics/busy_fab.hpp"

namespace twins::fab {
namespace {

// Wrong: the list of able tools would not be the tools that are able; down and maintenance would
// overlap; a tool in maintenance would have jobs.
TEST(Availability, TheListHoldsTheToolsThatCanWork) {
  for (const auto how : {LayoutOptions::Breakdowns::AfterJob, LayoutOptions::Breakdowns::Suspend}) {
    semantics::TinyFab fab = semantics::busy_fab();
    fab.options.breakdown = how;
    semantics::Shift shift(fab);
    const Layout& m = shift.layout();
    std::size_t down = 0, maintained = 0;
    for (int i = 1; i <= 400; ++i) {
      const State& x = shift.to(10.0 * i).x();
      std::vector<bool> listed(x.tools.size(), false);
      for (const Group& g : x.groups)
        for (std::uint32_t t = g.able_head; t != None; t = x.tools[t].next) listed[t] = true;
      for (std::uint32_t t = 0; t < x.tools.size(); ++t) {
        const Tool& tool = x.tools[t];
        const bool in_pm = tool.pm != 0xff;
        ASSERT_FALSE(in_pm && tool.breakdowns != 0);
        ASSERT_FALSE(in_pm && tool.jobs_inside != 0);
        const bool works = !in_pm && tool.breakdowns == 0 && tool.breakdowns_pending == 0 &&
                           tool.pms_pending == 0 &&
                           tool.jobs_inside < m.groups[m.tool_group[t]].slots;
        ASSERT_EQ(tool.able, listed[t]);
        ASSERT_EQ(tool.able || tool.reserved_for != None, works) << m.tool_name(t);
        down += tool.breakdowns != 0;
        maintained += in_pm;
      }
    }
    EXPECT_GT(down, 50U);
    EXPECT_GT(maintained, 50U);
  }
}

}  // namespace
}  // namespace twins::fab
