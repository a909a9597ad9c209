// If these failed, a tool that is asked would say something else than it does.
#include "apps/plant/tool_status.hpp"

#include <gtest/gtest.h>

#include <map>

#include "twins/fab/lively_fab.hpp"

namespace apps::plant {
namespace {

using twin::event::ToolState;
using twins::fab::JobView;
using twins::fab::ToolMode;
using twins::fab::ToolView;

TEST(ToolStatus, FollowsTheToolsMode) {
  const auto of = [](ToolMode mode, std::vector<JobView> jobs = {}) {
    ToolView tool;
    tool.mode = mode;
    tool.jobs = std::move(jobs);
    return tool_status(tool, 7);
  };
  const std::vector<JobView> two = {{.lots = {4, 2}}, {.lots = {9}}};
  const std::vector<std::uint32_t> lots = {4, 2, 9};
  using enum ProcessState;
  EXPECT_EQ(of(ToolMode::Idle), (ToolStatus{7, ToolState::Standby, Idle, {}}));
  EXPECT_EQ(of(ToolMode::Process, two), (ToolStatus{7, ToolState::Productive, Executing, lots}));
  EXPECT_EQ(of(ToolMode::Unload, two), (ToolStatus{7, ToolState::Productive, Executing, lots}));
  EXPECT_EQ(of(ToolMode::Load, two), (ToolStatus{7, ToolState::Productive, Setup, lots}));
  EXPECT_EQ(of(ToolMode::Setup, two), (ToolStatus{7, ToolState::Productive, Setup, lots}));
  EXPECT_EQ(of(ToolMode::Down), (ToolStatus{7, ToolState::UnscheduledDown, Idle, {}}));
  EXPECT_EQ(of(ToolMode::Down, two), (ToolStatus{7, ToolState::UnscheduledDown, Pause, lots}));
  EXPECT_EQ(of(ToolMode::Pm), (ToolStatus{7, ToolState::ScheduledDown, Idle, {}}));
}

TEST(ToolStatus, IsThatOfTheFabAndOfOneToolOnly) {
  // Wrong: a group's line would say of all its tools what one of them does.
  const auto layout = twins::fab::lively_fab();
  Site site(layout, {.links = Links::PerTool}), groups(layout, {.links = Links::PerGroup});
  std::map<ToolState, int> seen;
  for (Tick at = 3'600'000; at <= 48 * 3'600'000; at += 3'600'000) {
    site.run_until(at, [](const Delivery&) {});
    const auto view = site.fab().view();
    for (std::uint32_t t = 0; t < view.tools.size(); ++t) {
      const auto status = tool_status(site, t);
      ASSERT_TRUE(status);
      EXPECT_EQ(*status, tool_status(view.tools[t], at));
      ++seen[status->equipment];
    }
  }
  EXPECT_EQ(seen.size(), 4U);  // each is met
  EXPECT_FALSE(tool_status(site, site.sources().mes()));
  EXPECT_FALSE(tool_status(groups, 0));
}

}  // namespace
}  // namespace apps::plant
