#include "twins/fab/import/text.hpp"

#include <gtest/gtest.h>

#include "twin/core/error.hpp"

namespace twins::fab::import {
namespace {

using std::string_literals::operator""s;

std::string why_not_text(const std::string& bytes) {
  try {
    static_cast<void>(decode(bytes, "f.txt"));
  } catch (const twin::core::Error& e) {
    return e.what();
  }
  return "read";
}

// The same table saved by two editors would give two fabs.
TEST(Text, reads_both_encodings) {
  EXPECT_EQ(decode("a\tb\r\n", "f"), "a\tb\r\n");
  EXPECT_EQ(decode("\xEF\xBB\xBFµ", "f"), "µ");
  EXPECT_EQ(decode("\xFF\xFE\xB5\x00\x41\x00"s, "f"), "µA");
  EXPECT_EQ(decode("\xFF\xFE\x3D\xD8\x00\xDE\xAC\x20"s, "f"), "\xF0\x9F\x98\x80€");  // a pair
}

// Names that are no text would reach reports that only take text.
TEST(Text, refuses_what_is_no_text) {
  EXPECT_EQ(
      why_not_text("a\nb\xE4"),
      "f.txt:2: byte 0xE4 is not UTF-8 (the file must be UTF-8, or UTF-16 with a byte order mark)");
  EXPECT_EQ(why_not_text("\xED\xA0\x80"), why_not_text("\xED"));  // a surrogate
  EXPECT_NE(why_not_text("\xC0\x80").find("not UTF-8"),
            std::string::npos);  // longer than it need be
  EXPECT_EQ(
      why_not_text("a\n\xEF\xBB\xBF"
                   "b"),
      "f.txt:2: byte order mark inside the file (it belongs at the start) were two files joined?");
  EXPECT_EQ(why_not_text("a\nb\x01"), "f.txt:2: control character 0x01 (this is no text file)");
  EXPECT_EQ(why_not_text("\xFF\xFE\x41"s),
            "f.txt: odd number of bytes (UTF-16 has two a unit) was the file cut off?");
  EXPECT_EQ(why_not_text("\xFF\xFE\x00\xDC"s),
            "f.txt:1: half a character (a UTF-16 surrogate without its partner)");
  EXPECT_EQ(why_not_text("\xFE\xFF\x00\x41"s),
            "f.txt: big-endian UTF-16 (only UTF-8 and little-endian UTF-16 are read)");
}

// A misread number would silently be another fab.
TEST(Text, numbers_fill_their_cell) {
  EXPECT_EQ(parse_number("10.0"), 10.0);
  EXPECT_EQ(parse_number("-3"), -3.0);
  EXPECT_EQ(parse_number("1e3"), 1000.0);
  for (const char* bad :
       {"", " ", "1O", "10 min", "7,5", "0x10", "nan", "inf", "1e999", "+", "1.2.3"}) {
    EXPECT_EQ(parse_number(bad), std::nullopt) << bad;
  }
  EXPECT_EQ(probable_number("1O"), "10");
  EXPECT_EQ(probable_number("7,5"), "7.5");
  EXPECT_EQ(probable_number("10 min"), "10");
  EXPECT_EQ(probable_number("ten"), "");
}

// Due dates would be off by days: leap years, or a 30 February taken for real.
TEST(Text, dates_follow_the_calendar) {
  constexpr std::int64_t Day = 86'400;
  EXPECT_EQ(parse_date("01/01/00 00:00:00"), 0);
  EXPECT_EQ(parse_date("02/29/00 00:00:01"), 59 * Day + 1);
  EXPECT_EQ(parse_date("03/01/00 00:00:00"), 60 * Day);
  EXPECT_EQ(parse_date("01/01/01 00:00:00"), 366 * Day);
  EXPECT_EQ(parse_date("01/01/70 00:00:00"), 25'568 * Day);  // 70 years with 18 leap days
  EXPECT_EQ(*parse_date("02/23/18 20:07:47") - *parse_date("01/01/18 00:00:00"),
            53 * Day + 20 * 3600 + 7 * 60 + 47);
  for (const char* bad :
       {"02/29/18 00:00:00", "13/01/18 00:00:00", "00/01/18 00:00:00", "04/31/18 00:00:00",
        "01/00/18 00:00:00", "01/01/18 24:00:00", "01/01/18 00:60:00", "01/01/18 00:00:60",
        "01/01/2018 00:00:00", "1/1/18 0:00:00", "01-01-18 00:00:00", "01/01/18", ""}) {
    EXPECT_EQ(parse_date(bad), std::nullopt) << bad;
  }
}

// Consecutive days of a century would not be one day apart.
TEST(Text, every_day_of_the_century_follows_the_one_before) {
  std::int64_t days = 0;
  for (int year = 0; year < 100; ++year) {
    for (int month = 1; month <= 12; ++month) {
      for (int day = 1; day <= 31; ++day) {
        char text[32];
        std::snprintf(text, sizeof text, "%02d/%02d/%02d 00:00:00", month % 100, day % 100,
                      year % 100);
        if (const auto s = parse_date(text)) {
          ASSERT_EQ(*s, 86'400 * days) << text;
          ++days;
        }
      }
    }
  }
  EXPECT_EQ(days, 36'525);  // 100 years with 25 leap days
}

}  // namespace
}  // namespace twins::fab::import
