#include "twin/link/json.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <string>

#include "twin/contract/refusal.hpp"

namespace twin::link {
namespace {

std::string read_text(std::string_view json) {
  JsonReader reader(json, "j");
  std::string text = reader.text();
  reader.end();
  return text;
}
double read_number(std::string_view json) {
  JsonReader reader(json, "j");
  const double number = reader.number();
  reader.end();
  return number;
}
template <class F>
std::string refusal_of(F read, std::string_view json) {
  return contract::refusal([&] { static_cast<void>(read(json)); });
}

TEST(JsonReader, TextsComeAsTheyWereMeant) {
  // If this failed, a lot would get another's name.
  EXPECT_EQ(read_text(R"( "a\"\\\/\b\f\n\r\t\u0041\u00e4\u6676\ud83d\ude00Ä晶" )"),
            "a\"\\/\b\f\n\r\tA\u00e4\u6676\U0001F600Ä晶");
  std::string out;
  put_json_text(out, "a\"\\\n\x01Ä\xFF");
  EXPECT_EQ(out, "\"a\\\"\\\\\\u000a\\u0001Ä\xEF\xBF\xBD\"");
}

TEST(JsonReader, RefusesWhatIsNoTextSayingWhere) {
  // If this failed, half a name would be taken for a whole one.
  EXPECT_EQ(refusal_of(read_text, "\"ab"), "j: byte 1: the text has no end");
  EXPECT_EQ(refusal_of(read_text, "ab"), "j: byte 1: a text in quotes must stand here");
  EXPECT_EQ(refusal_of(read_text, ""), "j: byte 1: a text in quotes must stand here");
  EXPECT_EQ(refusal_of(read_text, "\"a\nb\""), "j: byte 3: a control character must be escaped");
  EXPECT_EQ(refusal_of(read_text, "\"a\\x\""), "j: byte 3: no such escape");
  EXPECT_EQ(refusal_of(read_text, "\"\\u12\""), "j: byte 4: \\u needs four hexadecimal digits");
  EXPECT_EQ(refusal_of(read_text, "\"\\ud800\""), "j: byte 2: half of a surrogate pair");
  EXPECT_EQ(refusal_of(read_text, "\"\\ud800\\u0041\""), "j: byte 2: half of a surrogate pair");
  EXPECT_EQ(refusal_of(read_text, "\"\\udc00\""), "j: byte 2: half of a surrogate pair");
  for (const char* bad : {"\"\xC0\x80\"", "\"\xED\xA0\x80\"", "\"\xF5\x80\x80\x80\"",
                          "\"\xE6\x99\"", "\"\x80\"", "\"\xF0\x80\x80\x80\""})
    EXPECT_EQ(refusal_of(read_text, bad), "j: byte 2: no UTF-8");
  EXPECT_EQ(refusal_of(read_text, "\"a\" b"), "j: byte 5: the text must end here");
  EXPECT_EQ(refusal_of(read_text, "\"" + std::string(5'000, 'a') + "\""),
            "j: byte 1: a text of more than 4096 bytes");
}

TEST(JsonReader, NumbersAreExactOrRefused) {
  // If this failed, a counter would lose its last digit, or 1e999 become infinite.
  EXPECT_EQ(read_number("-0.5e+2"), -50.0);
  EXPECT_TRUE(std::signbit(read_number("-0")));
  EXPECT_EQ(read_number("1e-999"), 0.0);
  EXPECT_EQ(refusal_of(read_number, "1e999"), "j: byte 1: a number beyond the largest double");
  EXPECT_EQ(refusal_of(read_number, "01"), "j: byte 1: a number must not begin with 0");
  for (const char* bad : {"+1", ".5", "1.", "1e", "-", "NaN", "Infinity", "0x1", "1,5", ""}) {
    EXPECT_NE(refusal_of(read_number, bad), "accepted") << bad;
  }
  EXPECT_EQ(refusal_of(read_number, "+1"), "j: byte 1: a number must stand here");
  JsonReader all("18446744073709551615", "j");
  EXPECT_EQ(all.count(UINT64_MAX), UINT64_MAX);
  const auto count = [](std::string_view json) { return JsonReader(json, "j").count(100); };
  EXPECT_EQ(refusal_of(count, "101"), "j: byte 1: '101' (an integer from 0 to 100)");
  EXPECT_EQ(refusal_of(count, "-1"), "j: byte 1: '-1' (an integer from 0 to 100)");
  EXPECT_EQ(refusal_of(count, "1.0"), "j: byte 1: '1.0' (an integer from 0 to 100)");
  const auto integer = [](std::string_view json) { return JsonReader(json, "j").integer(); };
  EXPECT_EQ(integer("-9223372036854775808"), INT64_MIN);
  EXPECT_EQ(refusal_of(integer, "9223372036854775808"),
            "j: byte 1: '9223372036854775808' (an integer of 64 bits)");
}

TEST(JsonReader, ObjectsAndArraysHaveTheirCommas) {
  // If this failed, two messages that ran together would be read as one.
  const auto sum = [](std::string_view json) {
    JsonReader reader(json, "j");
    double total = 0.0;
    reader.object([&](std::string_view key) {
      if (key == "a") return reader.array([&] { total += reader.number(); });
      total += reader.number();
    });
    reader.end();
    return total;
  };
  EXPECT_EQ(sum(R"({"a":[1,2 ,3],"b":4})"), 10.0);
  EXPECT_EQ(sum(" {\n} "), 0.0);
  EXPECT_EQ(sum(R"({"a":[]})"), 0.0);
  EXPECT_EQ(refusal_of(sum, R"({"a":[1 2]})"), "j: byte 9: ',' or ']' must follow");
  EXPECT_EQ(refusal_of(sum, R"({"a":[1,]})"), "j: byte 9: nothing follows the ','");
  EXPECT_EQ(refusal_of(sum, R"({"a":[1)"), "j: byte 8: ',' or ']' must follow");
  EXPECT_EQ(refusal_of(sum, R"({"b":1,})"), "j: byte 8: nothing follows the ','");
  EXPECT_EQ(refusal_of(sum, R"({"b" 1})"), "j: byte 6: ':' must follow the key");
  EXPECT_EQ(refusal_of(sum, R"({b:1})"), "j: byte 2: a text in quotes must stand here");
  EXPECT_EQ(refusal_of(sum, R"([1])"), "j: byte 1: an object must begin here, with {");
  EXPECT_EQ(refusal_of(sum, R"({"a":1})"), "j: byte 6: an array must begin here, with [");
}

}  // namespace
}  // namespace twin::link
