// If these failed, one number could be written in two ways, and a person would sign one of them while
// the tool got the other; or NaN, a comma or an exponent would come through.
#include "twin/guard/text.hpp"

#include <gtest/gtest.h>

namespace twin::guard {
namespace {

TEST(GuardText, ADecimalHasOneSpelling) {
  const std::vector<std::pair<std::string, std::int64_t>> good = {{"0", 0},
                                                                  {"1", 1'000'000},
                                                                  {"-1", -1'000'000},
                                                                  {"0.1", 100'000},
                                                                  {"-0.000001", -1},
                                                                  {"12.5", 12'500'000},
                                                                  {"999999999.999999", MicroMax},
                                                                  {"-999999999.999999", -MicroMax},
                                                                  {"10", 10'000'000},
                                                                  {"100.09", 100'090'000}};
  for (const auto& [text, micro] : good) {
    Decimal d;
    EXPECT_TRUE(read(text, d)) << text;
    EXPECT_EQ(d.micro, micro) << text;
    EXPECT_EQ(show(d), text);
  }
  for (const char* bad : {"",
                          "-",
                          "+1",
                          "-0",
                          "01",
                          "00",
                          "1.",
                          ".5",
                          "-.5",
                          "1.50",
                          "1.0",
                          "1,5",
                          "1 ",
                          " 1",
                          "1e3",
                          "1E3",
                          "0x1",
                          "nan",
                          "NaN",
                          "-nan",
                          "inf",
                          "-inf",
                          "Infinity",
                          "1.2.3",
                          "1..2",
                          "--1",
                          "1-",
                          "1000000000",
                          "-1000000000",
                          "-9223372036854.775808",
                          "0.0000001",
                          "1.0000001",
                          "9999999999999999",
                          "99999999999999999999999999",
                          "1000000000.000001",
                          "0.00000000000000000001",
                          "١",
                          "1_000",
                          "1'000",
                          "1f",
                          "1L",
                          "½",
                          "/1",
                          "1:",
                          "5e-324",
                          "2.2250738585072014e-308"}) {
    Decimal d;
    EXPECT_FALSE(read(std::string_view(bad), d)) << bad;
  }
  Decimal d;
  EXPECT_FALSE(read(std::string_view("1\0", 2), d));
}

TEST(GuardText, EveryDecimalComesBack) {
  for (std::int64_t micro = -3'000'000; micro <= 3'000'000; micro += 7) {
    Decimal d;
    ASSERT_TRUE(read(show(Decimal{micro}), d)) << micro;
    ASSERT_EQ(d.micro, micro);
  }
}

TEST(GuardText, AWholeNumberHasOneSpelling) {
  core::Tick t = 0;
  EXPECT_TRUE(read("0", t));
  EXPECT_TRUE(read("999999999999999", t));
  EXPECT_EQ(t, MicroMax);
  EXPECT_TRUE(read("1234567890", t));
  EXPECT_EQ(t, 1'234'567'890);
  for (const char* bad : {"", "-1", "01", "1.0", "1000000000000000", "1 ", "1e3", "x", ":", "/",
                          "99999999999999999999999"})
    EXPECT_FALSE(read(std::string_view(bad), t)) << bad;
  EXPECT_TRUE(read(std::string_view("123", 2), t));  // what follows is another's
  EXPECT_EQ(t, 12);
}

TEST(GuardText, BytesHaveOneSpelling) {
  Bytes b;
  EXPECT_TRUE(read("", b));
  EXPECT_TRUE(read("00ff1a", b));
  EXPECT_EQ(b, (Bytes{0, 255, 26}));
  EXPECT_EQ(show(b), "00ff1a");
  for (const char* bad : {"0", "0F", "0g", "zz", "0 ", "-1", "0`", "0:", "0/", "001"})
    EXPECT_FALSE(read(std::string_view(bad), b)) << bad;
  std::array<std::uint8_t, 2> two{};
  EXPECT_TRUE(read("0102", two));
  EXPECT_EQ(two[1], 2);
  EXPECT_FALSE(read("01", two));
  EXPECT_FALSE(read("010203", two));
  EXPECT_FALSE(read("01x2", two));
}

TEST(GuardText, ANameIsVisibleAndMeansNothingElse) {
  std::string name;
  for (int c = 0; c < 256; ++c) {
    const char one = static_cast<char>(c);
    const bool good =
        c > 32 && c < 127 && c != '"' && c != '\\' && c != ',' && c != '=' && c != '-';
    EXPECT_EQ(read(std::string_view(&one, 1), name), good) << c;
  }
  EXPECT_TRUE(read(std::string(64, 'a'), name));
  EXPECT_FALSE(read(std::string(65, 'a'), name));
  EXPECT_FALSE(read("", name));
  EXPECT_TRUE(read("--", name));
  std::optional<std::string> maybe;
  EXPECT_TRUE(read("-", maybe));
  EXPECT_FALSE(maybe);
  EXPECT_TRUE(read("x", maybe));
  EXPECT_EQ(show(maybe), "x");
  EXPECT_FALSE(read("", maybe));
  Names names;
  EXPECT_TRUE(read("-", names));
  EXPECT_TRUE(names.empty());
  EXPECT_TRUE(read("a,b", names));
  EXPECT_EQ(names, (Names{"a", "b"}));
  for (const char* bad : {"", "a,", ",a", "a,,b", "a,-"})
    EXPECT_FALSE(read(std::string_view(bad), names)) << bad;
}

TEST(GuardText, LinesComeInTheirOrder) {
  std::string_view text = "a 1\nbc two words\nd";
  EXPECT_FALSE(take(text, "b"));
  EXPECT_FALSE(take(text, "a 1"));
  EXPECT_EQ(take(text, "a"), "1");
  EXPECT_FALSE(take(text, "b"));
  EXPECT_FALSE(take(text, "bcd"));
  EXPECT_EQ(take(text, "bc"), "two words");
  EXPECT_FALSE(take(text, "d"));  // no line feed
  EXPECT_EQ(text, "d");
  text = "a\n";
  EXPECT_FALSE(take(text, "a"));
  text = "a \n";
  EXPECT_EQ(take(text, "a"), "");
  text = "ab 1\n";
  EXPECT_FALSE(take(text, "a"));
  text = "a\nb 1\n";
  EXPECT_FALSE(take(text, "a\nb"));
  std::string one, two;
  EXPECT_TRUE(read_row("x y", one, two));
  EXPECT_FALSE(read_row("x", one, two));
  EXPECT_FALSE(read_row("x y z", one, two));
  EXPECT_FALSE(read_row("x  y", one, two));
  EXPECT_FALSE(read_row("x y ", one, two));
}

}  // namespace
}  // namespace twin::guard
