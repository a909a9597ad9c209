#include "twin/event/labels.hpp"

#include <gtest/gtest.h>

namespace twin::event {
namespace {

std::string in_brackets(const Names& names, Table table, std::uint32_t id) {
  return "[" + label(names, table, id) + "]";
}

TEST(Labels, ArePreparedOnceAndFollowTheNames) {
  // If this failed, a lot named during the run would be exported under its number.
  Names names;
  names.add(Table::Lot, "A");
  Labels labels(names, in_brackets);
  EXPECT_EQ(labels.of(Table::Lot, 0), "[A]");
  EXPECT_EQ(labels.of(Table::Lot, 0), "[A]");
  EXPECT_EQ(labels.of(Table::Lot, 1), "[#1]");
  names.add(Table::Lot, "B");
  EXPECT_EQ(labels.of(Table::Lot, 1), "[B]");
  EXPECT_EQ(labels.of(Table::Tool, 0), "[#0]");
  EXPECT_EQ(labels.of(Table::Lot, 0xFFFFFFFE), "[#4294967294]");
}

TEST(PlainText, IsUtf8WithoutControls) {
  // If this failed, an exported file could be no XML or JSON at all. Sequences: RFC 3629, section
  // 4.
  for (const char* text : {"", "abc", "\xC2\xB5m", "\xE6\x99\xB6", "\xF0\x9F\x98\x80",
                           "\xF4\x8F\xBF\xBD", "\xEF\xBF\xBD"}) {
    EXPECT_TRUE(is_plain_text(text)) << text;
  }
  for (const char* text :
       {"\n", "\x01", "\x7F", "\x80", "\xC2", "\xC0\x80", "\xC1\xBF", "\xE0\x80\x80",
        "\xED\xA0\x80", "\xEF\xBF\xBE", "\xEF\xBF\xBF", "\xF0\x80\x80\x80", "\xF4\x90\x80\x80",
        "\xF5\x80\x80\x80", "\xE6\x99", "a\xFF", "\xC2\x85"}) {
    EXPECT_FALSE(is_plain_text(text));
  }
  EXPECT_FALSE(is_plain_text(std::string_view("a\0b", 3)));
}

TEST(Utf8, ControlsAreAllowed) {
  // If this failed, a name of two lines would be a number in every data frame.
  EXPECT_TRUE(is_utf8("two\r\nlines \x7F \xC2\x85 \xEF\xBF\xBF"));
  EXPECT_FALSE(is_utf8("\xC0\x80"));
  EXPECT_FALSE(is_utf8("\xED\xA0\x80"));
  EXPECT_FALSE(is_utf8("\xF4\x90\x80\x80"));
}

TEST(PlainLabel, FallsBackToTheNumber) {
  // If this failed, a name in another encoding would spoil the export of the whole log.
  Names names;
  names.add(Table::Lot, "good");
  names.add(Table::Lot, "bad \xFF");
  EXPECT_EQ(plain_label(names, Table::Lot, 0), "good");
  EXPECT_EQ(plain_label(names, Table::Lot, 1), "#1");
  EXPECT_EQ(plain_label(names, Table::Lot, 2), "#2");
}

}  // namespace
}  // namespace twin::event
