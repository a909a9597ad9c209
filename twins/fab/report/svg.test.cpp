#include "twins/fab/report/svg.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "twins/fab/report/markup.hpp"

namespace twins::fab::report {
namespace {

// Pages would grow by digits nobody sees, or hold "-0".
TEST(ReportSvg, WritesShortCoordinates) {
  EXPECT_EQ(px(3.0), "3");
  EXPECT_EQ(px(3.14159), "3.1");
  EXPECT_EQ(px(-0.01), "0");
  EXPECT_EQ(px(-2.25), "-2.2");
}

// A drawing would break the page that holds it.
TEST(ReportSvg, IsBalancedAndEscaped) {
  Svg svg(100.0, 50.0, "a & \"b\"");
  svg.line({0, 0}, {1, 1}, "axis");
  svg.path({{0, 0}, {1, 1}}, "bold");
  svg.path({{0, 0}}, "bold");
  svg.area({{0, 0}, {1, 1}, {2, 0}}, "band");
  svg.box({0, 0, 10, 10}, "idle", "tip <x>");
  svg.dot({5, 5}, 2, "marker", "dot");
  svg.text({1, 2}, "<words>", "label");
  const std::string out = svg.done();
  EXPECT_EQ(fault_of(out), "");
  EXPECT_NE(out.find("aria-label=\"a &amp; &quot;b&quot;\""), std::string::npos);
  EXPECT_NE(out.find("<title>tip &lt;x&gt;</title>"), std::string::npos);
  EXPECT_NE(out.find("&lt;words&gt;</text>"), std::string::npos);
  EXPECT_EQ(count_of(out, "class=\"line bold\""), 1U);  // one point is no line
}

// A plot would silently lose a curve that has a hole.
TEST(ReportSvgDeathTest, RefusesWhatIsNotFinite) {
  EXPECT_DEATH(static_cast<void>(px(std::numeric_limits<double>::quiet_NaN())), "isfinite");
}

// Values would be drawn where they are not.
TEST(ReportSvg, ScaleMapsItsEnds) {
  const Scale s{10.0, 20.0, 300.0, 100.0};
  EXPECT_EQ(s(10.0), 300.0);
  EXPECT_EQ(s(20.0), 100.0);
  EXPECT_EQ(s(15.0), 200.0);
}

}  // namespace
}  // namespace twins::fab::report
