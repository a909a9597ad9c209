// Comments and literals are taken out of C++ source, and nothing else is.
#include "tests/code.hpp"

#include <gtest/gtest.h>

namespace tests {
namespace {

using Lines = std::vector<std::string>;

TEST(Code, CommentsGo) {
  // A word in a comment would count as an identifier, or the code behind a comment would not count.
  EXPECT_EQ(code_of({"a; // b"}).uncommented, (Lines{"a; "}));
  EXPECT_EQ(code_of({"a /* b */ c"}).uncommented, (Lines{"a  c"}));
  EXPECT_EQ(code_of({"a /* b", "c // d", "e */ f"}).uncommented, (Lines{"a ", "", " f"}));
}

TEST(Code, LiteralsLoseTheirInsides) {
  // A word in a string would count as an identifier, or a quote would swallow the rest of the file.
  EXPECT_EQ(code_of({R"(f("a // b"); g)"}).bare, (Lines{R"(f(""); g)"}));
  EXPECT_EQ(code_of({R"(f("a\"b", '"', 'x'); g)"}).bare, (Lines{R"(f("", '', ''); g)"}));
  EXPECT_EQ(code_of({"1'000'000 + 0xFF'FFU; a"}).bare, (Lines{"1'000'000 + 0xFF'FFU; a"}));
  EXPECT_EQ(code_of({"R\"x(a \" // b", "c)\" d)x\"; e"}).bare, (Lines{"R\"", "\"; e"}));
  EXPECT_EQ(code_of({R"(f("a"); // b)"}).uncommented, (Lines{R"(f("a"); )"}));
}

TEST(Code, IdentifiersAndTheirWords) {
  // "Database" would be taken for "Data", or "SetupData" would not.
  EXPECT_EQ(identifiers_of("auto x_1 = Foo::bar(2e5, y);"),
            (Lines{"auto", "x_1", "Foo", "bar", "y"}));
  EXPECT_EQ(words_of("SetupData"), (Lines{"Setup", "Data"}));
  EXPECT_EQ(words_of("Database"), (Lines{"Database"}));
  EXPECT_EQ(words_of("lot_hold_ms"), (Lines{"lot", "hold", "ms"}));
  EXPECT_EQ(words_of("WIPCount"), (Lines{"WIP", "Count"}));
  EXPECT_EQ(words_of("TWIN_EXPECT"), (Lines{"TWIN", "EXPECT"}));
  EXPECT_EQ(words_of("member_"), (Lines{"member"}));
}

TEST(Code, ColumnsAreNotBytes) {
  // A line with a micro sign would be too long one column early.
  EXPECT_EQ(columns_of("\xc2\xb5m"), 2U);
  EXPECT_EQ(columns_of(""), 0U);
}

}  // namespace
}  // namespace tests
