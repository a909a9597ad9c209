// If these failed, a reader would take noise for digits, or a name of a model for markup.
#include "apps/fabtwin/uq/answer.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace apps::fabtwin::uq {
namespace {

TEST(UqAnswer, ShowsAsManyDigitsAsAreSure) {
  EXPECT_EQ(in_words(3.14159265), "3.142");
  EXPECT_EQ(in_words(NAN), "-");
  EXPECT_EQ(in_words(3.14159265, 0.0123), "3.142 ± 0.012");
  EXPECT_EQ(in_words(3.14159265, 1.2), "3.1 ± 1.2");
  EXPECT_EQ(in_words(314.159265, 12.0), "314 ± 12");
  EXPECT_EQ(in_words(4.457e-6, 1.2e-7), "4.457e-06 ± 1.2e-07");
  EXPECT_EQ(in_words(2.5, 0.0), "2.5");
  EXPECT_EQ(in_words(2.5, std::numeric_limits<double>::infinity()), "2.5");
}

Answer example_answer() {
  return {.parts = {{.title = "What <x> does",
                     .note = "a & b",
                     .head = {"input", "share"},
                     .rows = {{"x<1>", "0.5"}, {"y", "0.25"}},
                     .plot = bars_plot({{"x<1>", 0.5, 0.1, 0, 0}, {"y", 0.25, 0.0, 0, 0}}, "share",
                                       false)}},
          .warnings = {"two <runs> failed"}};
}

TEST(UqAnswer, IsATextForATerminal) {
  EXPECT_EQ(as_text(example_answer()),
            "What <x> does\na & b\ninput  share\nx<1>     0.5\ny       0.25\n"
            "\nwarning: two <runs> failed\n");
}

TEST(UqAnswer, IsAPageThatStandsAloneAndCannotBeMarkup) {
  const std::string page = as_page("A <study>", example_answer(), {{"Model", "a&b"}});
  EXPECT_TRUE(page.starts_with("<!doctype html>"));
  EXPECT_TRUE(page.ends_with("</html>\n"));
  for (const char* raw : {"<study>", "x<1>", "<runs>", "a&b", "<script", "http://", "https://"})
    EXPECT_EQ(page.find(raw), page.npos) << raw;
  for (const char* there : {"A &lt;study&gt;", "x&lt;1&gt;", "a&amp;b", "<svg"})
    EXPECT_NE(page.find(there), page.npos) << there;
}

TEST(UqAnswer, DrawsNothingOfNothing) {
  EXPECT_EQ(bars_plot({}, "share", false), "");
  EXPECT_EQ(bars_plot({{"x", 0.0, 0.0, 0, 0}}, "share", false), "");
  EXPECT_EQ(histogram_plot({1.0, 1.0}, "y"), "");
  EXPECT_EQ(histogram_plot({1.0, NAN}, "y"), "");
  EXPECT_NE(histogram_plot({1.0, 2.0, NAN}, "y"), "");
  EXPECT_EQ(against_plot({1.0}, {1.0}, "x", "y"), "");
  EXPECT_NE(against_plot({1.0, 2.0}, {1.0, 3.0}, "x", "y"), "");
}

}  // namespace
}  // namespace apps::fabtwin::uq
