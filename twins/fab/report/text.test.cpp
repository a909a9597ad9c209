#include "twins/fab/report/text.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace twins::fab::report {
namespace {

// A lot's name could write tags into the page.
TEST(ReportText, EscapesWhatHtmlReads) {
  EXPECT_EQ(escaped("a<b>&\"c'"), "a&lt;b&gt;&amp;&quot;c&#39;");
  EXPECT_EQ(escaped("tab\there\x01"), "tab here ");
  EXPECT_EQ(escaped("Ätzen"), "Ätzen");
}

// A long name would run into its bar, or be cut inside a character.
TEST(ReportText, ShortensByCharacters) {
  EXPECT_EQ(shortened("Litho", 5), "Litho");
  EXPECT_EQ(shortened("Litho_1", 5), "Lith…");
  EXPECT_EQ(shortened("ÄÖÜß", 4), "ÄÖÜß");
  EXPECT_EQ(shortened("ÄÖÜßé", 3), "ÄÖ…");
  EXPECT_EQ(shortened("ab", 1), "…");
}

// Figures could be misread by a factor of a thousand, or show a zero with a sign.
TEST(ReportText, WritesFiguresWithThousandsApart) {
  EXPECT_EQ(figure(0.0), "0");
  EXPECT_EQ(figure(999.0), "999");
  EXPECT_EQ(figure(1000.0), "1,000");
  EXPECT_EQ(figure(1234567.891, 2), "1,234,567.89");
  EXPECT_EQ(figure(-1234.5, 1), "−1,234.5");
  EXPECT_EQ(figure(-0.001, 1), "0.0");
  EXPECT_EQ(percent(0.9737), "97.4");
  EXPECT_EQ(percent(1.0, 0), "100");
}

// A small fab's cycle times would all read "1.2", a large one's WIP have digits nobody believes.
TEST(ReportText, ShowsThreeDigits) {
  EXPECT_EQ(decimals_of(2219.0), 0);
  EXPECT_EQ(decimals_of(100.0), 0);
  EXPECT_EQ(decimals_of(-51.3), 1);
  EXPECT_EQ(decimals_of(1.25), 2);
  EXPECT_EQ(decimals_of(0.2), 3);
}

// A figure that is not a number would stand on the page as "nan".
TEST(ReportTextDeathTest, RefusesWhatIsNotFinite) {
  EXPECT_DEATH(static_cast<void>(figure(std::numeric_limits<double>::quiet_NaN())), "isfinite");
  EXPECT_DEATH(static_cast<void>(figure(std::numeric_limits<double>::infinity())), "isfinite");
}

// Labels would be given less room than they take: widths from the advances of DejaVu Sans, the
// widest of the common fonts, at 12 px: "Lithography_FE_115" 10.11 em, "WWW" 2.97 em, "100" 1.91 em.
TEST(ReportText, ReservesEnoughWidth) {
  EXPECT_GE(text_width("Lithography_FE_115", 12.0), 12.0 * 10.11);
  EXPECT_GE(text_width("WWW", 12.0), 12.0 * 2.96);
  EXPECT_GE(text_width("100", 12.0), 12.0 * 1.90);
  EXPECT_LE(text_width("Lithography_FE_115", 12.0), 1.15 * 12.0 * 10.11);
  EXPECT_EQ(text_width("ÄÖ", 10.0), text_width("ab", 10.0));
}

}  // namespace
}  // namespace twins::fab::report
