// If these failed, a chart of what tools did would not be what they did.
#include "apps/fabtwin/serve/job_bars.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "apps/fabtwin/serve/duration.hpp"
#include "apps/fabtwin/serve/rig_example.hpp"
#include "apps/fabtwin/serve/state_json.hpp"
#include "twin/contract/refusal.hpp"
#include "twin/record/simulated_disk.hpp"
#include "twins/fab/view.hpp"

namespace apps::fabtwin::serve {
namespace {

using nlohmann::json;
using twin::contract::refusal;
using twins::fab::ToolMode;

class WatchedTools : public testing::Test {
 protected:
  WatchedTools() { rig_.run_until(2 * DayMs); }
  Tick now_ms() { return rig_.plant().now() + rig_.living().site().time_zero_ms; }
  twin::record::SimulatedDisk disk_{5};
  Rig rig_{disk_, example_fab(), example_rig(5)};
};

// Bars of one kind that are there at t.
std::uint32_t standing(const std::vector<JobBar>& bars, std::uint32_t tool, ToolMode mode, Tick t) {
  return static_cast<std::uint32_t>(std::ranges::count_if(bars, [&](const JobBar& b) {
    return b.tool == tool && b.mode == mode_index(mode) && b.from <= t && t < b.until;
  }));
}

TEST_F(WatchedTools, AreAtEachMomentWhatTheMirrorHas) {
  auto& living = rig_.living();
  const auto& live = living.settled();
  const Tick until = live.settled.until, from = until - 20 * HourMs;
  const auto bars = job_bars(*example_fab(), live.rungs.front().x, live.kept, from, until);
  ASSERT_GT(bars.size(), 5'000U);
  std::uint32_t down = 0, working = 0;
  for (Tick t = from + HourMs / 3; t < until; t += 2 * HourMs) {
    const auto x = living.follower().belief(live, t).x;
    for (std::uint32_t tool = 0; tool < example_fab()->tools(); ++tool) {
      const auto view = twins::fab::observe_tool(x, tool);
      const std::string who = example_fab()->tool_name(tool) + " at " + std::to_string(t);
      const bool is_down = view.mode == ToolMode::Down, in_care = view.mode == ToolMode::Pm;
      EXPECT_EQ(standing(bars, tool, ToolMode::Down, t) != 0, is_down) << who;
      if (!is_down) {
        EXPECT_EQ(standing(bars, tool, ToolMode::Pm, t) != 0, in_care) << who;
      }
      std::uint32_t jobs = 0;
      for (const auto& job : view.jobs)
        jobs += job.phase == twins::fab::JobPhase::Process ? 1U : 0U;
      if (!is_down) {
        EXPECT_EQ(standing(bars, tool, ToolMode::Process, t), jobs) << who;
      }
      down += is_down ? 1U : 0U;
      working += jobs;
    }
  }
  EXPECT_GT(down, 10U);
  EXPECT_GT(working, 1'000U);
}

TEST_F(WatchedTools, AreToldAsColumns) {
  const auto text = jobs_json(rig_.living(), {.hours = 6.0}, now_ms());
  ASSERT_TRUE(text);
  const json all = json::parse(*text);
  const json& bar = all["bar"];
  for (const char* column : {"from", "until", "mode", "lot", "product"})
    EXPECT_EQ(bar[column].size(), bar["tool"].size()) << column;
  EXPECT_EQ(all["tools"].size(), example_fab()->tools());
  EXPECT_EQ(all["until_ms"].get<Tick>() - all["from_ms"].get<Tick>(), 6 * HourMs);
  for (std::size_t k = 0; k < bar["tool"].size(); ++k) {
    EXPECT_GE(bar["from"][k], 0);
    EXPECT_GT(bar["until"][k], bar["from"][k]);
    EXPECT_LT(bar["lot"][k], static_cast<int>(all["lots"].size()));
  }
  const std::string group = example_fab()->description.tool_groups[2].name;
  const json some =
      json::parse(*jobs_json(rig_.living(), {.hours = 6.0, .group = group}, now_ms()));
  EXPECT_EQ(some["tools"].size(), example_fab()->groups[2].tools);
  EXPECT_LT(some["bar"]["tool"].size(), bar["tool"].size());
  const std::string tool = some["tools"][0];
  EXPECT_EQ(json::parse(*jobs_json(rig_.living(), {.tool = tool}, now_ms()))["tools"], json{tool});
  EXPECT_FALSE(jobs_json(rig_.living(), {.group = "none"}, now_ms()));
}

TEST(JobsAsked, AreReadStrictly) {
  EXPECT_EQ(jobs_asked("").hours, 12.0);
  const JobsAsked asked = jobs_asked("hours=1.5&group=a%20b&tool=T%231");
  EXPECT_EQ(asked.hours, 1.5);
  EXPECT_EQ(asked.group, "a b");
  EXPECT_EQ(asked.tool, "T#1");
  for (const char* wrong : {"hours=0", "hours=-1", "hours=169", "hours=nan", "hours=1h", "hours="})
    EXPECT_NE(refusal([&] { (void)jobs_asked(wrong); }), "") << wrong;
}

}  // namespace
}  // namespace apps::fabtwin::serve
