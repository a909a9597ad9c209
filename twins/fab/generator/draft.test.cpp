// The description that comes out of flow and park.
#include "twins/fab/generator/draft.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace twins::fab::generator {
namespace {

class Draft : public ::testing::Test {
 protected:
  const twin::core::Draw draw_{11, 0};  // seed
  const Flow flow_ = make_flow({}, draw_);
  const Park park_ = make_park(flow_, 40, draw_);
  const Tuning tuning_{std::vector<std::uint32_t>(park_.groups.size(), 3),
                       std::vector<double>(park_.groups.size(), 1.5),
                       std::vector<double>(park_.groups.size(), 700.0)};
  const Description fab_ = draft(flow_, park_, tuning_, draw_);
};

TEST_F(Draft, TimesAreScaledAndSpread) {
  // Wrong: sizing would turn a knob that does nothing.
  const std::uint32_t layer = flow_.products[0][0];
  const Operation& op = flow_.layers[layer].operations[0];
  const Step& step = fab_.routes[0].steps[0];
  EXPECT_NEAR(step.process.mean_ms, 1.5 * op.minutes * MinuteMs, 0.001 * MinuteMs);
  EXPECT_NEAR(step.process.half_width_ms, 0.05 * step.process.mean_ms, 0.0001 * MinuteMs);
  EXPECT_EQ(fab_.tool_groups[step.group].tools, 3U);
}

TEST_F(Draft, LensesChainWithinOneGroup) {
  // Wrong: dedication would ask for a tool of another group.
  for (const Route& route : fab_.routes) {
    std::uint32_t links = 0;
    for (std::uint32_t s = 0; s < route.steps.size(); ++s) {
      const std::uint32_t to = route.steps[s].dedicates;
      if (to == None) continue;
      ++links;
      ASSERT_GT(to, s);
      ASSERT_LT(to, route.steps.size());
      EXPECT_EQ(route.steps[to].group, route.steps[s].group);
    }
    EXPECT_GE(links, 2U) << route.name;
  }
}

TEST_F(Draft, EverySetupHasATime) {
  // Wrong: setups would cost nothing, and the reader would refuse the files.
  for (const Route& route : fab_.routes) {
    for (const Step& s : route.steps) {
      if (s.setup == None || s.setup_ms >= 0.0) continue;
      EXPECT_TRUE(std::any_of(fab_.setup_changes.begin(), fab_.setup_changes.end(),
                              [&](const SetupChange& c) { return c.to == s.setup; }));
    }
  }
  const auto keeping = std::count_if(fab_.tool_groups.begin(), fab_.tool_groups.end(),
                                     [](const ToolGroup& g) { return g.keeps_minimum_run; });
  EXPECT_GE(keeping, 1);
}

TEST_F(Draft, EverySetupIsUsed) {
  // Wrong: `fabtwin check` would warn of our own fabs. A flow of a few layers is the hard case.
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    const twin::core::Draw draw{seed, 0};
    const Flow flow = make_flow({1, 40, 70}, draw);
    const Park park = make_park(flow, 20, draw);
    const std::vector<double> ones(park.groups.size(), 1.0);
    const Description fab =
        draft(flow, park, {std::vector<std::uint32_t>(ones.size(), 1), ones, ones}, draw);
    std::vector<char> used(fab.setups.size(), 0);
    for (const Step& s : fab.routes[0].steps) {
      if (s.setup != None) used.at(s.setup) = 1;
    }
    EXPECT_EQ(std::count(used.begin(), used.end(), 0), 0) << "seed " << seed;
  }
}

TEST_F(Draft, CalendarsByDaysAndWafers) {
  // Wrong: PM would come all at once or never.
  for (const ToolGroup& g : fab_.tool_groups) {
    if (g.area == "Delay") {
      EXPECT_TRUE(g.breakdowns.empty() && g.maintenances.empty());
      continue;
    }
    EXPECT_EQ(g.breakdowns.size(), 1U) << g.name;
    EXPECT_GE(g.maintenances.size(), 2U) << g.name;
    for (const Maintenance& m : g.maintenances) {
      EXPECT_GT(m.interval, 0.0) << m.name;
      EXPECT_NEAR(m.first / m.interval, 1.0, 0.11) << m.name;
      if (m.trigger == Maintenance::Trigger::Wafers && m.name.ends_with("_WK")) {
        EXPECT_EQ(m.interval, 700.0);
      }
    }
  }
}

}  // namespace
}  // namespace twins::fab::generator
