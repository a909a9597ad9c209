#include "twins/fab/report/axes.hpp"

#include <gtest/gtest.h>

#include "twins/fab/report/markup.hpp"

namespace twins::fab::report {
namespace {

AxisOptions options(double low, double high) {
  AxisOptions o;
  o.x = {0.0, 365.0};
  o.y = {low, high};
  o.x_title = "time [days]";
  o.y_title = "WIP [lots]";
  return o;
}

// A plot would have an axis without unit, or labels outside the drawing.
TEST(ReportAxes, HaveUnitsAndKeepTheirLabelsInside) {
  for (const double width : {346.0, 526.0, 1112.0}) {
    for (const double top : {0.001, 1.0, 2400.0, 1.2e7}) {
      Svg svg(width, 220.0, "plot");
      const Axes axes = draw_axes(svg, options(0.4 * top, top));
      const std::string out = svg.done();
      EXPECT_EQ(fault_of(out), "");
      EXPECT_NE(out.find(">time [days]<"), std::string::npos);
      EXPECT_NE(out.find(">WIP [lots]<"), std::string::npos);
      EXPECT_GE(axes.plot.x, 10.0);
      EXPECT_LE(axes.plot.x + axes.plot.width, width - 10.0);
      for (const double x : values_of(out, "text", "x")) EXPECT_TRUE(x >= 0.0 && x <= width) << x;
      for (const double y : values_of(out, "text", "y")) EXPECT_TRUE(y >= 8.0 && y <= 220.0) << y;
    }
  }
}

// The values would not fit between the ends of the axis.
TEST(ReportAxes, EncloseTheValues) {
  Svg svg(526.0, 270.0, "plot");
  const Axes axes = draw_axes(svg, options(2095.0, 2367.0));
  EXPECT_LE(axes.y.low, 2095.0);
  EXPECT_GE(axes.y.high, 2367.0);
  EXPECT_EQ(axes.x.low, 0.0);
  EXPECT_EQ(axes.x.high, 365.0);
  const Point p = axes(365.0, axes.y.high);
  EXPECT_DOUBLE_EQ(p.x, axes.plot.x + axes.plot.width);
  EXPECT_DOUBLE_EQ(p.y, axes.plot.y);
}

// A share of 0.9 would be labelled 0.9 on an axis in per cent, or stand at the place of 90.
TEST(ReportAxes, LabelInTheUnitOfTheTitle) {
  AxisOptions o = options(1.0, 2.0);
  o.x = {0.5, 1.0};
  o.x_factor = 100.0;
  o.x_inner = false;
  Svg svg(526.0, 270.0, "plot");
  const Axes axes = draw_axes(svg, o);
  EXPECT_NEAR(axes.x(1.0), axes.plot.x + axes.plot.width, 1e-9);
  EXPECT_NE(svg.done().find(">100<"), std::string::npos);
}

}  // namespace
}  // namespace twins::fab::report
