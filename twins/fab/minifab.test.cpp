// The bundled five-machine fab: its README's numbers, from the files.
#include <gtest/gtest.h>

#include "twins/fab/import/read.hpp"
#include "twins/fab/load.hpp"

namespace twins::fab {
namespace {

TEST(Minifab, IsWhatItsReadmeSays) {
  // Wrong: people would learn from a fab that is not the one described.
  const Description fab = import::read("data/minifab");
  EXPECT_TRUE(fab.warnings.empty());
  ASSERT_EQ(fab.tool_groups.size(), 3U);
  ASSERT_EQ(fab.routes.size(), 3U);
  std::uint32_t tools = 0;
  for (const ToolGroup& g : fab.tool_groups) tools += g.tools;
  EXPECT_EQ(tools, 5U);
  const double minutes[] = {225, 30, 55, 50, 255, 10};
  for (const Route& route : fab.routes) {
    ASSERT_EQ(route.steps.size(), 6U) << route.name;
    for (std::size_t s = 0; s < 6; ++s)
      EXPECT_EQ(route.steps[s].process.mean_ms, minutes[s] * MinuteMs);
  }
  const FabLoad load = fab_load(fab);
  EXPECT_NEAR(load.lots_per_week[0], 51.0, 0.001);  // the interval is rounded to 0.01 min
  EXPECT_NEAR(load.lots_per_week[1], 30.0, 1e-9);
  EXPECT_NEAR(load.lots_per_week[2], 3.0, 1e-9);
  for (const RouteTime& t : load.routes) EXPECT_NEAR(t.rpt_ms, 865.0 * MinuteMs, 1e-6);
  // Litho_Me, Diffusion_Ma_Mb, Implant_Mc_Md: the table of the README, all below 1.
  EXPECT_EQ(load.ranking, (std::vector<std::uint32_t>{2, 0, 1}));
  EXPECT_NEAR(load.groups[2].load, 0.978, 0.0005);
  EXPECT_NEAR(load.groups[0].load, 0.912, 0.0005);
  EXPECT_NEAR(load.groups[1].load, 0.724, 0.0005);
}

TEST(Minifab, BatchesMixAtS1Only) {
  // Wrong: the two diffusion steps would follow one rule.
  const Description fab = import::read("data/minifab");
  const auto key = [&](std::size_t route, std::size_t step) {
    return fab.routes[route].steps[step].batch_key;
  };
  EXPECT_NE(key(0, 0), None);
  EXPECT_EQ(key(0, 0), key(1, 0));
  EXPECT_EQ(key(0, 0), key(2, 0));
  EXPECT_NE(key(0, 4), key(1, 4));
  EXPECT_NE(key(0, 4), key(2, 4));
  EXPECT_EQ(fab.routes[0].steps[4].batch_min, 75U);
  EXPECT_EQ(fab.routes[2].steps[4].batch_max, 25U);
}

}  // namespace
}  // namespace twins::fab
