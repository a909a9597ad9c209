// If this failed, a tool that has gone bad would stay unfound, or people would be sent to good ones.
#include "twins/fab/forecast/tool_watch.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "twin/contract/refusal.hpp"
#include "twin/core/archive.hpp"
#include "twins/fab/lively_fab.hpp"

namespace twins::fab::forecast {
namespace {

const Layout& layout_tool_watch() {
  static const std::shared_ptr<const Layout> it = lively_fab();
  return *it;
}

// Known exactly: the data set's own numbers.
std::vector<calibrate::Posterior> known() {
  std::vector<calibrate::Posterior> all(layout_tool_watch().theta_map.size());
  for (calibrate::Posterior& p : all) p.seen = 100, p.quantiles.fill(1.0);
  return all;
}

calibrate::Witness::Told job(std::uint32_t tool, std::uint32_t n, double factor, double off,
                             const twin::core::Draw& draw) {
  const double z = 2.0 * draw.uniform(tool, n, 0) - 1.0;
  return {tool, 0, Tick{n} * 1000, factor * (1e6 * (1.0 + off) + 1e5 * z), {1e6, 1e5}};
}

// The bound itself: at the edge of what is tolerated, one false alarm in 20,000 jobs of all tools is expected at most;
// 100 times as many jobs may have 100, and at z = 5 50 more. A tool that differs by nothing has next to none.
TEST(ToolWatch, RingsNoOftenerThanItPromises) {
  for (const double off : {0.0, 0.03, -0.03}) {
    ToolWatch watch(layout_tool_watch(), {.false_alarms = 1.0, .jobs = 20'000.0});
    watch.learn(layout_tool_watch(), known());
    std::size_t alarms = 0;
    for (std::uint32_t run = 0; run < 100; ++run) {
      ToolWatch mine = watch;
      for (std::uint32_t n = 0; n < 20'000; ++n)
        (void)mine.saw(layout_tool_watch(), job(n % 7, n, 1.0, off, {21, run}));
      alarms += mine.alarms().size();
    }
    EXPECT_LE(alarms, off == 0.0 ? 0U : 150U) << off;
  }
}

TEST(ToolWatch, FindsTheOneThatIsSlowerAndSeesItRepaired) {
  ToolWatch watch(layout_tool_watch());
  watch.learn(layout_tool_watch(), known());
  EXPECT_NEAR(watch.threshold(), std::log(2e7), 1e-12);
  const std::uint32_t g = layout_tool_watch().tool_group[1];
  std::uint32_t n = 0;
  const auto pass = [&](double factor, std::uint32_t jobs) {
    std::uint32_t told = 0;
    for (const std::uint32_t end = n + jobs; n < end; ++n)
      for (std::uint32_t tool = 0; tool < 3; ++tool)
        told +=
            watch.saw(layout_tool_watch(), job(tool, n, tool == 1 ? factor : 1.0, 0.0, {22, 0}));
    return told;
  };
  EXPECT_EQ(pass(1.0, 100), 300U);
  EXPECT_TRUE(watch.alarms().empty());
  EXPECT_LE(pass(1.3, 100), 200U + 10U);  // its jobs say nothing of the group
  ASSERT_GE(watch.alarms().size(), 1U);
  const ToolAlarm first = watch.alarms().front();
  EXPECT_EQ(first.tool, 1U);
  EXPECT_EQ(first.before, 1.0);
  EXPECT_LE(std::abs(first.began - 100 * 1000), 5 * 1000);
  // A residual is 0.27 over 0.058 deviations: 4.7 a job, 4.2 beyond the slack, 16.8 needed.
  EXPECT_LE(first.raised, 100 * 1000 + 10 * 1000 + 1'500'000);
  EXPECT_NEAR(watch.factor(1), 1.3, 0.03);
  EXPECT_EQ(watch.factor(0), 1.0);
  const double tools = layout_tool_watch().groups[g].tools;
  EXPECT_NEAR(watch.group_factor(layout_tool_watch(), g), tools / (tools - 1.0 + 1.0 / 1.3), 0.03);
  for (const ToolAlarm& a : watch.alarms()) EXPECT_EQ(a.tool, 1U);
  (void)pass(1.0, 200);
  EXPECT_NEAR(watch.factor(1), 1.0, 0.03);
  EXPECT_EQ(twin::core::load<ToolWatch>(twin::core::save(watch)), watch);
}

TEST(ToolWatch, KeepsSilentOfWhatItDoesNotKnow) {
  ToolWatch watch(layout_tool_watch());
  for (std::uint32_t n = 0; n < 50; ++n)
    EXPECT_TRUE(watch.saw(layout_tool_watch(), job(0, n, 2.0, 0.0, {23, 0})));
  EXPECT_TRUE(watch.alarms().empty());
  EXPECT_EQ(twin::contract::refusal([] { ToolWatch(layout_tool_watch(), {.false_alarms = 0.0}); }),
            "tool watch (false_alarms and slack must be above 0, jobs 1 or more)");
}

}  // namespace
}  // namespace twins::fab::forecast
