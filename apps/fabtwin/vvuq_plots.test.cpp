// If this failed, a drawing would show other numbers than the report has.
#include "apps/fabtwin/vvuq_plots.hpp"

#include <gtest/gtest.h>

#include "twins/fab/report/markup.hpp"

namespace apps::fabtwin {
namespace {

using twins::fab::report::count_of;
using twins::fab::report::fault_of;
using twins::fab::report::values_of;

TEST(VvuqPlots, AFanHasADotForAllThatCame) {
  // Wrong: what lay outside the band would not be seen.
  twin::score::vvuq::QuantityReport q;
  q.name = "WIP";
  for (int t = 0; t < 5; ++t) q.fans.push_back({1.0 * t, 1, 2, 3, 4, 5, t == 2 ? 9.0 : 3.0, 0.0});
  const std::string svg = fan_plot(q, "day");
  EXPECT_EQ(fault_of(svg), "");
  EXPECT_EQ(count_of(svg, "<circle"), 5U);
  EXPECT_EQ(count_of(svg, "came out"), 1U);
  q.fans.resize(1);
  EXPECT_EQ(fan_plot(q, "day"), "");
}

TEST(VvuqPlots, BarsAreAsHighAsTheirCounts) {
  // Wrong: a histogram that is not flat would look flat.
  twin::score::vvuq::QuantityReport q;
  q.pit = {2, 4, 0};
  const std::vector<double> heights = values_of(pit_plot(q), "rect", "height");
  ASSERT_EQ(heights.size(), 3U);
  EXPECT_NEAR(heights[1], 2.0 * heights[0], 0.11);
  EXPECT_EQ(heights[2], 0.0);
  q.pit = {};
  EXPECT_EQ(pit_plot(q), "");
}

TEST(VvuqPlots, CoverageAndMonitorsAreDrawn) {
  twin::score::vvuq::QuantityReport q;
  q.coverage = 0.5;
  q.coverage_low = 0.4;
  q.coverage_high = 0.6;
  q.level = 0.9;
  const std::string svg = coverage_plot({&q}, "day");
  EXPECT_EQ(fault_of(svg), "");
  EXPECT_EQ(count_of(svg, "came out"), 1U);  // below what it promises, and surely
  EXPECT_EQ(coverage_plot({}, "day"), "");
  twin::score::vvuq::MonitorReport m;
  m.z = {0.1, 0.2, -0.3};
  m.mean_up = m.mean_down = m.spread_up = m.spread_down = {0.0, 1.0, 2.0};
  m.threshold = 7.0;
  EXPECT_EQ(fault_of(monitor_plot(m)), "");
  EXPECT_EQ(count_of(monitor_plot(m), "residual"), 3U);
  EXPECT_EQ(monitor_plot({}), "");
}

}  // namespace
}  // namespace apps::fabtwin
