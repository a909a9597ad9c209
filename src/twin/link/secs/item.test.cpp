// If these failed, what a tool said would be read as something else, or kept as something else.
#include "twin/link/secs/item.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace twin::link::secs {
namespace {

TEST(Item, IsReadWhateverWidthThePeerChose) {
  for (const Item& item : {u1(200), u2(200), u4(200), u8(200), i2(200), i4(200), i8(200)}) {
    EXPECT_EQ(item.as_u64(), 200U);
    EXPECT_EQ(item.as_i64(), 200);
    EXPECT_EQ(item.as_f64(), 200.0);
    EXPECT_EQ(item.as_key(), Key(200));
  }
  EXPECT_EQ(i1(-5).as_u64(), std::nullopt);
  EXPECT_EQ(i1(-5).as_i64(), -5);
  EXPECT_EQ(i8(std::numeric_limits<std::int64_t>::min()).as_i64(),
            std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(u8(std::uint64_t{1} << 63U).as_i64(), std::nullopt);
  EXPECT_EQ(u8(std::uint64_t{1} << 63U).as_u64(), std::uint64_t{1} << 63U);
  EXPECT_EQ(u8(std::uint64_t{1} << 63U).as_f64(), 9223372036854775808.0);
  EXPECT_EQ(f4(1.5).as_f64(), 1.5);
  EXPECT_EQ(f8(-2.25).as_f64(), -2.25);
  EXPECT_EQ(f8(2).as_u64(), std::nullopt);
  EXPECT_EQ(boolean(true, false).as_bool(1), false);
  EXPECT_EQ(binary(0).as_u64(), 0U);
  EXPECT_EQ(u4(1, 2, 3).as_u64(2), 3U);
  EXPECT_EQ(u4(1, 2, 3).as_u64(3), std::nullopt);
}

TEST(Item, ZeroLengthIsLegalAndMeansSomething) {
  EXPECT_EQ(Item(), list());
  EXPECT_EQ(u4().count(), 0U);
  EXPECT_NE(u4(), u2());
  EXPECT_NE(u4(), list());
  EXPECT_NE(ascii(""), u4());
  EXPECT_EQ(ascii("").as_text(), "");
  EXPECT_EQ(u4().as_u64(), std::nullopt);
  EXPECT_EQ(u4().as_key(), std::nullopt);
  EXPECT_EQ(ascii("").as_key(), Key(""));
}

TEST(Item, PathsAnswerNothingWhereThereIsNothing) {
  const Item event = list(u4(0), u4(5001), list(list(u4(100), list(ascii("LOT42"), f8(452.5)))));
  EXPECT_EQ(event.at(2, 0, 1, 0)->as_text(), "LOT42");
  EXPECT_EQ(event.at(2, 0, 1, 2), nullptr);
  EXPECT_EQ(event.at(0, 0), nullptr);
  EXPECT_EQ(event.at(7), nullptr);
  EXPECT_EQ(event.at(-1), nullptr);
  EXPECT_EQ(event.count(), 3U);
}

TEST(Item, IsARegularValue) {
  const std::string long_text(100, 'x');
  for (const Item& item : {Item(), u4(), u4(7), ascii(long_text), list(u4(1), ascii(long_text)),
                           ascii(std::string(24, 'a')), ascii(std::string(25, 'b'))}) {
    Item copy = item;
    EXPECT_EQ(copy, item);
    Item moved = std::move(copy);
    EXPECT_EQ(moved, item);
    EXPECT_EQ(copy, Item());  // NOLINT(bugprone-use-after-move): a moved item is the empty list
    copy = moved;
    EXPECT_EQ(copy, item);
    copy = *&copy;
    EXPECT_EQ(copy, item);
    copy = ascii(long_text);
    copy = std::move(moved);
    EXPECT_EQ(copy, item);
    Item grown;
    grown.add(item);
    grown.add(item);
    EXPECT_EQ(grown, list(Item(item), Item(item)));
  }
  EXPECT_EQ(f8(std::nan("")), f8(std::nan("")));
  EXPECT_NE(f8(0.0), f8(-0.0));
}

TEST(Item, AListMayBecomeItsOwnPart) {
  Item item = list(u4(1), list(u4(2), u4(3)));
  item = Item(*item.at(1));
  EXPECT_EQ(item, list(u4(2), u4(3)));
  item.add(item);
  EXPECT_EQ(item, list(u4(2), u4(3), list(u4(2), u4(3))));
}

TEST(Item, TextsAreReadAsTheyCame) {
  EXPECT_EQ(jis("AB").as_text(), "AB");
  EXPECT_EQ(localized(2, "\xC3\xA4").as_text(), "\xC3\xA4");
  EXPECT_EQ(localized(2, "x").encoding(), 2);
  EXPECT_EQ(Item(Kind::Localized, {}).as_text(), std::nullopt);
  EXPECT_EQ(Item(Kind::Localized, {}).encoding(), std::nullopt);
  EXPECT_EQ(u1(65).as_text(), std::nullopt);
  EXPECT_EQ(ascii("5001").as_key(), Key("5001"));
  EXPECT_NE(Key("5001"), Key(5001));
  EXPECT_EQ(to_string(Key("LOT")), "\"LOT\"");
  EXPECT_EQ(to_string(Key(5001)), "5001");
}

TEST(Item, IsBuiltInAFormatKnownAtRunTimeOrNotAtAll) {
  EXPECT_EQ(item_of(Kind::U4, 5001), u4(5001));
  EXPECT_EQ(item_of(Kind::U1, 5001), std::nullopt);
  EXPECT_EQ(item_of(Kind::U8, -1), std::nullopt);
  EXPECT_EQ(item_of(Kind::Ascii, 5001), ascii("5001"));
  EXPECT_EQ(item_of(Kind::Boolean, 1), boolean(true));
  EXPECT_EQ(item_of(Kind::Boolean, 2), std::nullopt);
  EXPECT_EQ(item_of(Kind::Binary, 255), binary(255));
  EXPECT_EQ(item_of(Kind::List, 1), std::nullopt);
  EXPECT_EQ(item_of(Kind::Ascii, Key("LOT")), ascii("LOT"));
  EXPECT_EQ(item_of(Kind::U4, Key("LOT")), std::nullopt);
}

TEST(Item, EveryKindHasAWidthAndAName) {
  for (const Kind kind : AllKinds) {
    EXPECT_TRUE(is_kind(static_cast<std::uint8_t>(kind)));
    EXPECT_NE(name_of(kind), "?");
  }
  int kinds = 0;
  for (int code = 0; code < 64; ++code) kinds += is_kind(static_cast<std::uint8_t>(code)) ? 1 : 0;
  EXPECT_EQ(kinds, static_cast<int>(AllKinds.size()));
}

TEST(ItemDeathTest, OurOwnMistakesStop) {
  EXPECT_DEATH(static_cast<void>(u1(256)), "expected");
  EXPECT_DEATH(static_cast<void>(Item(Kind::U4, std::array<std::uint8_t, 3>{})), "expected");
  EXPECT_DEATH(u4(1).add(u4(2)), "expected");
}

}  // namespace
}  // namespace twin::link::secs
