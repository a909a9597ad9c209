// If these failed, two readers could understand one text from outside differently, or a deep or broken one
// could end the program.
#include "twin/people/json_value.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>

#include "twin/contract/refusal.hpp"
#include "twin/core/draw.hpp"

namespace twin::people {
namespace {

std::string refused(std::string_view json) {
  return contract::refusal([&] { static_cast<void>(parse_json(json, "body")); });
}

TEST(PeopleJson, KeepsNamesNumbersAndTexts) {
  const JsonValue x = parse_json(R"( {"a":[1,-2.5,true,null,"µ\n"],"b":{}} )", "body");
  ASSERT_EQ(x.kind, JsonValue::Kind::Object);
  const JsonValue* a = x.find("a");
  ASSERT_NE(a, nullptr);
  ASSERT_EQ(a->elements.size(), 5U);
  EXPECT_EQ(a->elements[0].whole, 1);
  EXPECT_EQ(a->elements[1].number, -2.5);
  EXPECT_TRUE(a->elements[2].truth);
  EXPECT_EQ(a->elements[3].kind, JsonValue::Kind::Null);
  EXPECT_EQ(a->elements[4].text, "µ\n");
  EXPECT_EQ(x.find("c"), nullptr);
}

TEST(PeopleJson, RefusesWhatIsNoneAndWhatCanBeReadInTwoWays) {
  EXPECT_EQ(refused(""), "body: byte 1: this is no JSON");
  EXPECT_EQ(refused("{\"a\":1,}"), "body: byte 8: this is no JSON");
  EXPECT_EQ(refused("{} x"), "body: byte 4: this is no JSON");
  EXPECT_EQ(refused("[NaN]"), "body: byte 2: this is no JSON");
  EXPECT_EQ(refused("[1,5"), "body: byte 5: this is no JSON");
  EXPECT_EQ(refused("[01]"), "body: byte 3: this is no JSON");
  EXPECT_EQ(refused("[1e999]"), "body: byte 6: this is no JSON");
  EXPECT_EQ(refused("\"\xff\""), "body: byte 2: this is no JSON");
  EXPECT_EQ(refused(R"({"a":1,"b":2,"a":3})"), "body: the name 'a' stands twice in one object");
  EXPECT_EQ(refused(std::string(16, '[') + std::string(16, ']')), "accepted");
  EXPECT_EQ(refused(std::string(17, '[')), "body: deeper than 16 levels");
  EXPECT_EQ(refused(std::string(1'000'000, '[')), "body: deeper than 16 levels");
}

TEST(PeopleJson, NumbersComeBackBitForBit) {
  // 10^5 patterns of bits, finite ones: an edited value would be another one after it was recorded.
  const core::Draw draw{.seed = 5};
  for (std::uint32_t k = 0; k < 100'000; ++k) {
    const core::Block b = draw.block(0, 0, k);
    double x = 0.0;
    const std::uint64_t bits = (std::uint64_t{b[0]} << 32U) | b[1];
    std::memcpy(&x, &bits, sizeof x);
    if (!std::isfinite(x)) continue;
    std::string text;
    put_json(text, x);
    ASSERT_EQ(parse_json(text, "n").number, x) << text;
  }
  std::string zero;
  put_json(zero, -0.0);
  EXPECT_EQ(zero, "0");
}

}  // namespace
}  // namespace twin::people
