#include "twins/fab/report/style.hpp"

#include <gtest/gtest.h>

#include "twins/fab/report/markup.hpp"

namespace twins::fab::report {
namespace {

// One brace too few and the rest of the style is lost; a font or picture from elsewhere and the
// page is not self-contained.
TEST(ReportStyle, IsWholeAndSelfContained) {
  EXPECT_EQ(count_of(Style, "{"), count_of(Style, "}"));
  for (const char* part : {"url(", "@import", "http", "<"})
    EXPECT_EQ(count_of(Style, part), 0U) << part;
}

// A screen, a colour scheme or paper would be left without its form.
TEST(ReportStyle, KnowsDarkNarrowAndPaper) {
  for (const char* part : {"prefers-color-scheme:dark", "max-width:640px", "@media print", "@page"})
    EXPECT_GT(count_of(Style, part), 0U) << part;
}

}  // namespace
}  // namespace twins::fab::report
