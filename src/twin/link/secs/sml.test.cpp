// If these failed, a log would not say what was on the wire, or a test would send something else
// than its author wrote.
#include "twin/link/secs/sml.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <limits>

#include "twin/contract/refusal.hpp"
#include "twin/link/secs/example.hpp"

namespace twin::link::secs {
namespace {

TEST(Sml, IsWrittenAsTheFieldWritesIt) {
  EXPECT_EQ(sml(list(u2(3001), f8(452.5))) + ".", "<L [2] <U2 3001> <F8 452.5>>.");
  EXPECT_EQ(sml(primary(6, 11, Reply::Wanted, list(u1(1), u2(5001), list()))),
            "S6F11 W <L [3] <U1 1> <U2 5001> <L [0]>>.");
  EXPECT_EQ(sml(primary(1, 1, Reply::Wanted)), "S1F1 W.");
  EXPECT_EQ(
      sml(primary(5, 1, Reply::No, list(binary(0x84), u1(77), ascii("chuck"))), Layout::Indented),
      "S5F1\n<L [3]\n  <B 0x84>\n  <U1 77>\n  <A \"chuck\">\n>.");
  EXPECT_EQ(sml(ascii("say \"no\"\n")), "<A \"say \" 0x22 \"no\" 0x22 0x0A>");
  EXPECT_EQ(sml(ascii("")), "<A \"\">");
  EXPECT_EQ(sml(u4()), "<U4>");
  EXPECT_EQ(sml(u4(1, 2)), "<U4 1 2>");
  EXPECT_EQ(sml(boolean(true, false)), "<BOOLEAN TRUE FALSE>");
  EXPECT_EQ(sml(localized(2, "x")), "<C 2 \"x\">");
  EXPECT_EQ(sml(i8(std::numeric_limits<std::int64_t>::min())), "<I8 -9223372036854775808>");
  EXPECT_EQ(sml(f4(0.1F)), "<F4 0.1>");
  EXPECT_EQ(
      sml(f8(std::numeric_limits<double>::quiet_NaN(), -std::numeric_limits<double>::infinity())),
      "<F8 NaN -inf>");
}

TEST(Sml, WhatIsPrintedIsReadAsTheSame) {
  for (std::uint64_t occasion = 0; occasion < 5'000; ++occasion) {
    const Item item = example_item(3, occasion);
    for (const Layout layout : {Layout::OneLine, Layout::Indented}) {
      const std::string text = sml(item, layout);
      ASSERT_EQ(item_from_sml(text), item) << text;
    }
  }
}

TEST(Sml, EveryBitOfANumberIsKept) {
  for (std::uint32_t k = 0; k < 20'000; ++k) {
    const auto random = core::Draw{.seed = 5}.block(1, k, 0);
    const Item narrow = f4(std::bit_cast<float>(random[0]));
    const Item wide = f8(std::bit_cast<double>((std::uint64_t{random[1]} << 32U) | random[2]));
    ASSERT_EQ(item_from_sml(sml(narrow)), narrow) << sml(narrow);
    ASSERT_EQ(item_from_sml(sml(wide)), wide) << sml(wide);
  }
  const std::array<std::uint8_t, 8> nans = {0x7F, 0x80, 0, 1, 0xFF, 0xC0, 0, 7};
  const Item odd(Kind::F4, nans);
  EXPECT_EQ(sml(odd), "<F4 0x7F800001 0xFFC00007>");
  EXPECT_EQ(item_from_sml(sml(odd)), odd);
}

TEST(Sml, PeopleWriteItInManyWays) {
  const auto messages = messages_from_sml(
      "/* start-up */ s1f13 w <l>.\n"
      "S2F41 W // hold\n<L [2]\n<A[4] 'HOLD'>\n <L[1] <L <A \"LOTID\"> <A \"LOT42\">>>\n>\n.\n"
      "S1F1 W .S6F12 <B 0x00> .");
  ASSERT_EQ(messages.size(), 4U);
  EXPECT_EQ(messages[0], primary(1, 13, Reply::Wanted, list()));
  EXPECT_EQ(messages[1], primary(2, 41, Reply::Wanted,
                                 list(ascii("HOLD"), list(list(ascii("LOTID"), ascii("LOT42"))))));
  EXPECT_EQ(messages[2], primary(1, 1, Reply::Wanted));
  EXPECT_EQ(messages[3].body, binary(0));
  EXPECT_EQ(messages_from_sml("  \n").size(), 0U);
  EXPECT_EQ(item_from_sml("<F8 1e3 +2.5 -.5e-3>"), f8(1000.0, 2.5, -0.0005));
  EXPECT_EQ(item_from_sml("<BOOL T F>"), boolean(true, false));
  EXPECT_EQ(item_from_sml("<U2 5 0xFF>."), u2(5, 255));
}

std::string refused(const std::string& text) {
  return contract::refusal([&] { static_cast<void>(messages_from_sml(text, "x.sml")); });
}

TEST(Sml, MistakesAreSaidWithLineAndColumn) {
  EXPECT_EQ(refused("S1F1 W"), "x.sml:1, column 7: the end where '.' must stand");
  EXPECT_EQ(refused("S6F11 W\n<L [2]\n  <U3 5>\n>."),
            "x.sml:3, column 4: unknown type 'U3' one of L, B, BOOLEAN, A, J, C, I1, I2, I4, I8, "
            "U1, U2, U4, U8, F4, F8?");
  EXPECT_EQ(refused("S6F11 W <L [3] <U1 1>>."), "x.sml:1, column 10: L [3] with 1 values");
  EXPECT_EQ(refused("S1F3 W <U1 256>."), "x.sml:1, column 12: '256' (does not fit U1)");
  EXPECT_EQ(refused("S1F3 W <U1 -1>."), "x.sml:1, column 12: '-1' is no value of U1");
  EXPECT_EQ(refused("S1F3 W <I2 x>."), "x.sml:1, column 12: 'X' is no value of I2");
  EXPECT_EQ(refused("S1F3 W <F8 1..2>."), "x.sml:1, column 13: '.' is no value");
  EXPECT_EQ(refused("S1F3 W <F4 1e99>."),
            "x.sml:1, column 12: '1E99' (out of the range of the number)");
  EXPECT_EQ(refused("S1F3 W <F4 abc>."), "x.sml:1, column 12: 'ABC' is no number");
  EXPECT_EQ(refused("S1F3 W <U4 \"5\">."),
            "x.sml:1, column 12: a text in U4 (texts stand in A, J and C)");
  EXPECT_EQ(refused("S1F3 W <A \"5>."),
            "x.sml:1, column 11: a text without its end (a quote is missing)");
  EXPECT_EQ(refused("S1F3 W <L 5>."), "x.sml:1, column 11: '5' where '>' must stand");
  EXPECT_EQ(refused("S1F4 W."), "x.sml:1, column 1: a reply with W (replies are not replied to)");
  EXPECT_EQ(refused("hello."), "x.sml:1, column 1: 'HELLO' is no message (such as S6F11)");
  EXPECT_EQ(refused("S128F1."),
            "x.sml:1, column 1: 'S128F1' (streams are 0 to 127, functions 0 to 255)");
  EXPECT_EQ(refused("S1F1 /* W."), "x.sml:1, column 6: a comment without its end (*/ is missing)");
  EXPECT_EQ(refused("S1F1 WAIT."),
            "x.sml:1, column 10: only W may stand here (the reply is wanted)");
  EXPECT_EQ(refused("S1F3 W <L [x] >."), "x.sml:1, column 12: 'x' is no count");
  std::string deep = "S1F3 W ";
  for (int k = 0; k < 33; ++k) deep += "<L ";
  EXPECT_EQ(refused(deep), "x.sml:1, column 105: lists nested deeper than 32");
  EXPECT_EQ(contract::refusal([] { static_cast<void>(item_from_sml("<L> <L>")); }),
            "SML:1, column 5: something after the item (one was asked for)");
}

TEST(Sml, TestsPrintIt) { EXPECT_EQ(testing::PrintToString(u4(5)), "<U4 5>"); }

}  // namespace
}  // namespace twin::link::secs
