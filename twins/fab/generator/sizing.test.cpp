// Every group of tools carries its load, and litho is the bottleneck.
#include "twins/fab/generator/sizing.hpp"

#include <gtest/gtest.h>

namespace twins::fab::generator {
namespace {

struct Sized {
  Sizing sizing;
  Description fab;
  FabLoad load;
};

Sized sized(std::uint64_t seed, const SizingOptions& options) {
  const twin::core::Draw draw{seed, 0};
  const Flow flow = make_flow({}, draw);
  const Park park = make_park(flow, 40, draw);
  Sized s;
  s.sizing = size_fab(flow, park, options, draw);
  s.fab = draft(flow, park, s.sizing.tuning, draw);
  add_streams(s.fab, s.sizing.release);
  s.load = fab_load(s.fab);
  return s;
}

TEST(Sizing, LoadsLieWhereAFabHasThem) {
  // Wrong: the fab would clog, or be too empty to learn from.
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    const Sized s = sized(seed, {});
    std::uint32_t tools = 0;
    double highest = 0.0;
    for (std::size_t g = 0; g < s.fab.tool_groups.size(); ++g) {
      const ToolGroup& group = s.fab.tool_groups[g];
      if (group.area == "Delay") continue;
      SCOPED_TRACE("seed " + std::to_string(seed) + " " + group.name);
      tools += group.tools;
      const double load = sized_load(group, s.load.groups[g]);
      highest = std::max(highest, load);
      EXPECT_LE(load, 0.931);  // process times are rounded to 1/1000 min of 0.6 min or more
      EXPECT_GE(load, group.tools > 1 ? 0.60 : 0.0);  // a single tool may have less to do
    }
    EXPECT_NEAR(highest, 0.93, 0.001);
    EXPECT_NEAR(tools, 400.0, 20.0)
        << "seed " << seed;  // 40 groups, each rounded by half a tool at most
    EXPECT_EQ(s.fab.tool_groups[s.load.ranking[0]].name, "LithoScan_1") << "seed " << seed;
  }
}

TEST(Sizing, StartsThatAreGivenAreKept) {
  // Wrong: the user's wafer starts would be somebody else's.
  SizingOptions options;
  options.release.wafers_per_week = 10'000.0;
  const Sized s = sized(5, options);
  double wafers = 0.0;
  for (const double w : s.load.wafers_per_week) wafers += w;
  // Super-hot lots come on top (25 wafers in 4 weeks); intervals are rounded to 0.01 min of
  // about 75.
  EXPECT_NEAR(wafers, 10'000.0 + 6.25, 10.0);
  EXPECT_LE(s.load.groups[s.load.ranking[0]].load, 0.931);
}

TEST(Sizing, LighterBottleneckMeansMoreTools) {
  // Wrong: the target load would not be the target.
  SizingOptions busy, light;
  busy.release.wafers_per_week = light.release.wafers_per_week = 5'000.0;
  light.bottleneck_load = 0.70;
  const Sized a = sized(2, busy), b = sized(2, light);
  const auto tools = [](const Description& fab) {
    std::uint32_t sum = 0;
    for (const ToolGroup& g : fab.tool_groups) sum += g.area == "Delay" ? 0 : g.tools;
    return sum;
  };
  EXPECT_NEAR(b.load.groups[b.load.ranking[0]].load, 0.70, 0.01);
  EXPECT_NEAR(tools(b.fab) / (1.0 * tools(a.fab)), 0.93 / 0.70, 0.08);
}

}  // namespace
}  // namespace twins::fab::generator
