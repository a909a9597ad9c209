#include "twins/fab/report/plots.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "twins/fab/report/markup.hpp"
#include "twins/fab/report/sample.hpp"

namespace twins::fab::report {
namespace {

constexpr Width AllWidths[] = {Width::Full, Width::Half, Width::Narrow};

Summary sample_plots(std::uint32_t replications) {
  const Layout m = sample_layout();
  return summarise(m, sample_result(m, replications));
}

void expect_inside(const std::string& svg, double width) {
  EXPECT_EQ(fault_of(svg), "");
  for (const char* name : {"text", "rect"})
    for (const double x : values_of(svg, name, "x"))
      EXPECT_TRUE(x >= -0.1 && x <= width + 0.1) << name << " at " << x << " of " << width;
}

// A replication would be missing from the plot, or the mean not stand out.
TEST(ReportPlots, SeriesShowEachReplicationAndTheMean) {
  const Summary s = sample_plots(3);
  for (const Width w : AllWidths) {
    const std::string svg =
        series_plot(s.wip_days, {"WIP over time", "WIP [lots]", s.days, 10.0, 199.0}, w);
    expect_inside(svg, px_of(w));
    EXPECT_EQ(count_of(svg, "class=\"line faint\""), 3U);
    EXPECT_EQ(count_of(svg, "class=\"line bold\""), 1U);
    EXPECT_EQ(count_of(svg, "class=\"reference\""), 1U);
    EXPECT_EQ(count_of(svg, "class=\"warmup\""), 1U);
  }
  const std::string alone =
      series_plot(sample_plots(1).wip_days, {"WIP", "WIP [lots]", 30.0}, Width::Full);
  EXPECT_EQ(count_of(alone, "class=\"line faint\""), 0U);
  EXPECT_EQ(count_of(alone, "class=\"warmup\""), 0U);
  EXPECT_EQ(series_plot({}, {"WIP", "WIP [lots]", 30.0}, Width::Full), "");
}

// A long run would make a page of many megabytes: points closer than they can be seen.
TEST(ReportPlots, SeriesDrawNoMoreThanCanBeSeen) {
  Series s;
  for (int d = 1; d <= 36500; ++d) s.mean.push_back({static_cast<double>(d), 5.0 + d % 7});
  s.lines = {s.mean};
  const std::string svg = series_plot(s, {"WIP", "WIP [lots]", 36500.0}, Width::Half);
  EXPECT_LE(count_of(svg, "L"), 270U);
  EXPECT_GE(count_of(svg, "L"), 150U);
}

// The density would not be one: its area over days must be 1, within what the trapezoidal rule on
// 240 points leaves (smooth curve: below 1e-3) and the kernel beyond four bandwidths (6e-5).
TEST(ReportPlots, DensityHasAreaOne) {
  std::vector<std::uint64_t> histogram(CycleBins, 0);
  for (std::size_t i = 0; i < 40; ++i) histogram[740 + i] = 1 + (i < 20 ? i : 39 - i);
  const std::vector<Point> density = cycle_density(histogram);
  ASSERT_GT(density.size(), 100U);
  double area = 0.0;
  for (std::size_t i = 1; i < density.size(); ++i)
    area += (density[i].x - density[i - 1].x) * (density[i].y + density[i - 1].y) / 2.0;
  EXPECT_NEAR(area, 1.0, 2e-3);
  const auto peak = std::ranges::max_element(density, {}, &Point::y);
  EXPECT_NEAR(peak->x, cycle_quantile(histogram, 0.5), 0.02 * peak->x);
}

// Three lots would be drawn as a distribution.
TEST(ReportPlots, DensityNeedsLots) {
  std::vector<std::uint64_t> histogram(CycleBins, 0);
  EXPECT_TRUE(cycle_density(histogram).empty());
  histogram[700] = MinLotsOfDensity - 1;
  EXPECT_TRUE(cycle_density(histogram).empty());
  histogram[700] = MinLotsOfDensity;  // all in one bin: a narrow hill, no division by zero
  EXPECT_FALSE(cycle_density(histogram).empty());
}

// A class would be missing, or lots of unknown age have a cycle time.
TEST(ReportPlots, RidgesShowTheClassesWithCycleTimes) {
  const Summary s = sample_plots(2);
  for (const Width w : AllWidths) {
    const std::string svg = cycle_ridges(s.classes, w);
    expect_inside(svg, px_of(w));
    EXPECT_EQ(count_of(svg, "class=\"median\""), 3U);
    EXPECT_NE(svg.find("Lot &lt;A&gt;"), std::string::npos);
    EXPECT_EQ(svg.find("initial WIP"), std::string::npos);
    EXPECT_NE(svg.find("[days]"), std::string::npos);
  }
  EXPECT_EQ(cycle_ridges({}, Width::Full), "");
}

// Shares of tool time would not fill their bar, or overlap: the parts of a bar add up to its length
// (six parts, each rounded to 0.1 px: 0.3 px at most, and parts below 0.05 px are left out).
TEST(ReportPlots, StateBarsFillTheirLength) {
  const Summary s = sample_plots(2);
  for (const Width w : AllWidths) {
    const std::string svg = state_bars(s.groups, w);
    expect_inside(svg, px_of(w));
    const auto x = values_of(svg, "rect", "x"), width = values_of(svg, "rect", "width");
    ASSERT_EQ(x.size(), 3 * 6U);
    const double length = width[0] + width[1] + width[2] + width[3] + width[4] + width[5];
    EXPECT_GT(length, 0.4 * px_of(w));
    for (std::size_t i = 0; i < x.size(); ++i)
      if (i % 6 != 0) {
        EXPECT_NEAR(x[i], x[i - 1] + width[i - 1], 0.15);
      }
    EXPECT_NEAR(x[17] + width[17] - x[12], length, 0.6);
    EXPECT_NE(svg.find("Litho &lt;1&gt; &amp; co"), std::string::npos);
    EXPECT_NE(svg.find("share of tool time [%]"), std::string::npos);
  }
}

// A queue would be drawn with another length than its figure says.
TEST(ReportPlots, QueueBarsAreInProportion) {
  const Summary s = sample_plots(1);
  for (const Width w : AllWidths) {
    const std::string svg = queue_bars(s.groups, w);
    expect_inside(svg, px_of(w));
    const auto width = values_of(svg, "rect", "width");
    ASSERT_EQ(width.size(), 3U);
    for (std::size_t i = 1; i < 3; ++i)
      EXPECT_NEAR(width[i] / width[0], s.groups[i].queue / s.groups[0].queue, 0.01);
  }
}

// The operating curve would leave out a load or draw the band upside down.
TEST(ReportPlots, CurveShowsEachLoad) {
  const std::vector<CurvePoint> curve = {
      {0.5, 1.2, 1.1, 1.18, 1.3}, {0.9, 1.6, 1.3, 1.5, 1.9}, {1.0, 2.3, 1.9, 2.2, 2.7}};
  for (const Width w : AllWidths) {
    const std::string svg = curve_plot(curve, w);
    expect_inside(svg, px_of(w));
    const auto cy = values_of(svg, "circle", "cy");
    ASSERT_EQ(cy.size(), 3U);
    EXPECT_TRUE(cy[0] > cy[1] && cy[1] > cy[2]);  // y grows downwards
    EXPECT_NE(svg.find("flow factor"), std::string::npos);
  }
}

// Windows without any closed one would be drawn as if none were late.
TEST(ReportPlots, WindowsLeaveOutWhatDidNotHappen) {
  Summary s = sample_plots(1);
  EXPECT_EQ(values_of(window_plot(s, Width::Half), "circle", "cy").size(), 8U);
  s.litho = {};
  const std::string svg = window_plot(s, Width::Narrow);
  expect_inside(svg, px_of(Width::Narrow));
  EXPECT_EQ(values_of(svg, "circle", "cy").size(), 4U);
}

}  // namespace
}  // namespace twins::fab::report
