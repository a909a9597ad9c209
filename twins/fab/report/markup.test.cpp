#include "twins/fab/report/markup.hpp"

#include <gtest/gtest.h>

namespace twins::fab::report {
namespace {

// A page with a tag left open would pass, and the other tests of the report would prove nothing.
TEST(ReportMarkup, TellsBalancedFromBroken) {
  EXPECT_EQ(fault_of("<!DOCTYPE html><p>a<b class=\"x\">c</b><path d=\"M0 0\"/></p>"), "");
  EXPECT_EQ(fault_of("<style>a>b{}</style>"), "");
  EXPECT_EQ(fault_of("<p><b></p></b>"), "</p> closes b");
  EXPECT_EQ(fault_of("<p>"), "p stays open");
  EXPECT_EQ(fault_of("</p>"), "</p> closes nothing");
  EXPECT_EQ(fault_of("<p class=\"x>"), "quotes in <p");
  EXPECT_NE(fault_of("<p></p"), "");
}

// Bars would be measured by the wrong attribute: stroke-width for width, x1 for x.
TEST(ReportMarkup, ReadsAttributesByTheirWholeName) {
  const auto widths =
      values_of("<rect stroke-width=\"9\" width=\"2.5\"/><rect width=\"4\"/>", "rect", "width");
  EXPECT_EQ(widths, (std::vector{2.5, 4.0}));
  EXPECT_EQ(count_of("aXbXc", "X"), 2U);
}

}  // namespace
}  // namespace twins::fab::report
