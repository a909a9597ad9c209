#include "twin/link/note_text.hpp"

#include <gtest/gtest.h>

namespace twin::link {
namespace {

TEST(NoteText, FieldsAndBytesComeBack) {
  // If this failed, a quarantined message could not be released as it came.
  EXPECT_EQ(fields_of("a\t\tb"), (std::vector<std::string_view>{"a", "", "b"}));
  EXPECT_EQ(fields_of(""), (std::vector<std::string_view>{""}));
  const std::vector<std::uint8_t> bytes = {0x00, 0x7F, 0x80, 0xFF};
  EXPECT_EQ(hex_of(bytes), "007f80ff");
  EXPECT_EQ(bytes_of("007f80ff"), bytes);
  EXPECT_FALSE(bytes_of("0"));
  EXPECT_FALSE(bytes_of("0g"));
  EXPECT_FALSE(bytes_of("-1"));
  EXPECT_EQ(number_of<std::uint32_t>("12"), 12U);
  EXPECT_FALSE(number_of<std::uint32_t>("12 "));
  EXPECT_FALSE(number_of<std::uint32_t>("4294967296"));
}

TEST(NoteText, ForeignTextStaysInItsField) {
  // If this failed, a name with a tab in it could forge the fields behind it.
  EXPECT_EQ(one_field("a\tb\nc\x7F"), "a?b?c?");
}

}  // namespace
}  // namespace twin::link
