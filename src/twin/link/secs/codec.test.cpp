// If these failed, our bytes would differ from the field's, or foreign bytes could crash us, make us
// allocate without limit, or be read as something they are not.
#include "twin/link/secs/codec.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <set>
#include <string>
#include <string_view>

#include "twin/core/draw.hpp"
#include "twin/link/secs/example.hpp"

namespace twin::link::secs {
namespace {

using CodecBytes = std::vector<std::uint8_t>;

CodecBytes hex_codec(std::string_view text) {
  CodecBytes bytes;
  for (std::size_t k = 0; k + 1 < text.size();) {
    if (text[k] == ' ') {
      ++k;
      continue;
    }
    bytes.push_back(static_cast<std::uint8_t>(std::stoi(std::string(text.substr(k, 2)), {}, 16)));
    k += 2;
  }
  return bytes;
}

Malformed flaw_of(const CodecBytes& bytes, const Limits& limits = {}) {
  const auto result = decode(bytes, limits);
  const auto* malformed = std::get_if<Malformed>(&result);
  return malformed != nullptr ? *malformed : Malformed{};
}

struct Vector {
  Item item;
  std::string bytes;
};

// Made with secsgem 0.3.0; see the reference page "equipment links".
const std::vector<Vector>& vectors() {
  static const std::vector<Vector> all = {
      {binary(1, 0xFF), "21 02 01 ff"},
      {boolean(true, false), "25 02 01 00"},
      {ascii("AB"), "41 02 41 42"},
      {jis("AB"), "45 02 41 42"},
      {i1(-1, 127), "65 02 ff 7f"},
      {i2(-2), "69 02 ff fe"},
      {i4(-3), "71 04 ff ff ff fd"},
      {i8(-4), "61 08 ff ff ff ff ff ff ff fc"},
      {f4(1.5), "91 04 3f c0 00 00"},
      {f8(-2.25), "81 08 c0 02 00 00 00 00 00 00"},
      {u8(std::uint64_t{1} << 63U), "a1 08 80 00 00 00 00 00 00 00"},
      {u1(255), "a5 01 ff"},
      {u2(65535), "a9 02 ff ff"},
      {u4(1, 2), "b1 08 00 00 00 01 00 00 00 02"},
      {ascii(""), "41 00"},
      {u4(), "b1 00"},
      {list(), "01 00"},
      {list(binary(0), list(ascii("secsgem"), ascii("0.3.0"))),
       "01 02 21 01 00 01 02 41 07 73 65 63 73 67 65 6d 41 05 30 2e 33 2e 30"},
      {localized(2, "x"), "49 03 00 02 78"},
  };
  return all;
}

TEST(Codec, OurBytesAreThoseOfTheField) {
  for (const Vector& v : vectors()) {
    EXPECT_EQ(encoded(v.item), hex_codec(v.bytes)) << v.bytes;
    const auto result = decode(hex_codec(v.bytes));
    ASSERT_TRUE(std::holds_alternative<Item>(result)) << v.bytes;
    EXPECT_EQ(std::get<Item>(result), v.item) << v.bytes;
  }
}

TEST(Codec, LengthBytesAreTheFewest) {
  const auto begin = [](std::size_t length) {
    CodecBytes bytes = encoded(ascii(std::string(length, 'x')));
    EXPECT_EQ(std::get<Item>(decode(bytes)).count(), length);
    bytes.resize(4);
    return bytes;
  };
  EXPECT_EQ(begin(255), hex_codec("41 ff 78 78"));
  EXPECT_EQ(begin(256), hex_codec("42 01 00 78"));
  EXPECT_EQ(begin(65535), hex_codec("42 ff ff 78"));
  EXPECT_EQ(begin(65536), hex_codec("43 01 00 00"));
  EXPECT_EQ(begin(LengthMax), hex_codec("43 ff ff ff"));
}

TEST(Codec, WastefulLengthBytesAreTaken) {
  EXPECT_EQ(std::get<Item>(decode(hex_codec("a7 00 00 01 ff"))), u1(255));
  EXPECT_EQ(std::get<Item>(decode(hex_codec("02 00 01 43 00 00 01 41"))), list(ascii("A")));
}

TEST(Codec, WhatIsWrongIsSaidWithItsPlace) {
  EXPECT_EQ(flaw_of({}), (Malformed{Flaw::Empty, 0}));
  EXPECT_EQ(flaw_of(hex_codec("01 02 a5 01 05")), (Malformed{Flaw::Truncated, 0}));
  EXPECT_EQ(flaw_of(hex_codec("01 02 a5 01 05 a5 02 05")), (Malformed{Flaw::Truncated, 5}));
  EXPECT_EQ(flaw_of(hex_codec("01 01 01")), (Malformed{Flaw::Truncated, 0}));
  EXPECT_EQ(flaw_of(hex_codec("42 01")), (Malformed{Flaw::Truncated, 0}));
  EXPECT_EQ(flaw_of(hex_codec("05 00")), (Malformed{Flaw::UnknownKind, 0}));
  EXPECT_EQ(flaw_of(hex_codec("fd 00")), (Malformed{Flaw::UnknownKind, 0}));
  EXPECT_EQ(flaw_of(hex_codec("01 01 40 00")), (Malformed{Flaw::NoLength, 2}));
  EXPECT_EQ(flaw_of(hex_codec("b1 03 00 00 00")), (Malformed{Flaw::UnevenLength, 0}));
  EXPECT_EQ(flaw_of(hex_codec("a5 01 05 00")), (Malformed{Flaw::Trailing, 3}));
  EXPECT_EQ(to_string(Malformed{Flaw::Truncated, 12}),
            "byte 12: an item longer than the bytes that are left");
}

TEST(Codec, LimitsHoldWhateverTheBytesClaim) {
  EXPECT_EQ(flaw_of(CodecBytes(101, 0x01), {.bytes = 100}), (Malformed{Flaw::TooLong, 0}));
  CodecBytes deep;
  for (int k = 0; k < 5; ++k) deep.insert(deep.end(), {0x01, 0x01});
  deep.insert(deep.end(), {0x01, 0x00});
  EXPECT_EQ(flaw_of(deep, {.depth = 6}), Malformed{});
  EXPECT_EQ(flaw_of(deep, {.depth = 5}), (Malformed{Flaw::TooDeep, 10}));
  const CodecBytes wide = encoded(list(u1(1), u1(2), u1(3)));
  EXPECT_EQ(flaw_of(wide, {.items = 4}), Malformed{});
  EXPECT_EQ(flaw_of(wide, {.items = 3}), (Malformed{Flaw::TooManyItems, 0}));
  EXPECT_EQ(flaw_of(wide, {.memory = 3 * sizeof(Item)}), Malformed{});
  EXPECT_EQ(flaw_of(wide, {.memory = 3 * sizeof(Item) - 1}), (Malformed{Flaw::TooMuchMemory, 0}));
  EXPECT_EQ(flaw_of(encoded(ascii(std::string(100, 'x'))), {.memory = 99}),
            (Malformed{Flaw::TooMuchMemory, 0}));
  // Three length bytes that promise 16 million items, and nothing behind them.
  EXPECT_EQ(flaw_of(hex_codec("03 ff ff ff")), (Malformed{Flaw::Truncated, 0}));
}

TEST(Codec, WhatIsEncodedIsDecoded) {
  for (std::uint64_t occasion = 0; occasion < 5'000; ++occasion) {
    const Item item = example_item(1, occasion);
    const CodecBytes bytes = encoded(item);
    ASSERT_EQ(bytes.size(), encoded_size(item)) << occasion;
    const auto result = decode(bytes);
    ASSERT_TRUE(std::holds_alternative<Item>(result)) << occasion;
    ASSERT_EQ(std::get<Item>(result), item) << occasion;
  }
}

TEST(Codec, EveryBeginningOfAnItemIsRefused) {
  for (std::uint64_t occasion = 0; occasion < 50; ++occasion) {
    const CodecBytes bytes = encoded(example_item(2, occasion));
    for (std::size_t length = 0; length < bytes.size(); ++length) {
      ASSERT_NE(flaw_of({bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(length)}).flaw,
                Flaw::None)
          << occasion << ' ' << length;
    }
  }
}

TEST(Codec, EachFlawHasWordsOfItsOwn) {
  // Wrong: a log would say of two faults the same, or nothing.
  std::set<std::string_view> words;
  for (auto flaw = Flaw::None; flaw <= Flaw::TooMuchMemory;
       flaw = static_cast<Flaw>(static_cast<std::uint8_t>(flaw) + 1)) {
    EXPECT_GT(text_of(flaw).size(), 5U);
    EXPECT_TRUE(words.insert(text_of(flaw)).second) << text_of(flaw);
  }
}

}  // namespace
}  // namespace twin::link::secs
