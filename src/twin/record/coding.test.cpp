// If these failed, numbers in a journal would come back as others.
#include "twin/record/coding.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace twin::record {
namespace {

// A number whose length is at a boundary, and every way to cut it short.
TEST(Coding, VarintsComeBack) {
  for (unsigned shift = 0; shift < 64; ++shift) {
    for (const std::uint64_t near : {std::uint64_t{0}, std::uint64_t{1}, ~std::uint64_t{0}}) {
      const std::uint64_t value = (std::uint64_t{1} << shift) + near;
      Bytes bytes;
      append_varint(bytes, value);
      std::uint64_t back = 0;
      const std::uint8_t* const end = bytes.data() + bytes.size();
      EXPECT_EQ(get_varint(bytes.data(), end, back), end);
      EXPECT_EQ(back, value);
      for (std::size_t n = 0; n < bytes.size(); ++n)
        EXPECT_EQ(get_varint(bytes.data(), bytes.data() + n, back), nullptr);
    }
  }
}

// Two forms of one number, or one of more than 64 bits.
TEST(Coding, VarintsHaveOneForm) {
  const auto refused = [](const Bytes& b) {
    std::uint64_t value = 0;
    return get_varint(b.data(), b.data() + b.size(), value) == nullptr;
  };
  EXPECT_TRUE(refused({0x80, 0x00}));
  EXPECT_TRUE(refused({0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x02}));
  EXPECT_TRUE(refused({0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x81, 0x00}));
  EXPECT_FALSE(refused({0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01}));
}

// A small difference that takes ten bytes because it is negative.
TEST(Coding, ZigzagKeepsSmallNumbersSmall) {
  EXPECT_EQ(zigzag(0), 0U);
  EXPECT_EQ(zigzag(~std::uint64_t{0}), 1U);
  EXPECT_EQ(zigzag(1), 2U);
  for (const std::int64_t v : {std::numeric_limits<std::int64_t>::min(), std::int64_t{-3},
                               std::numeric_limits<std::int64_t>::max()})
    EXPECT_EQ(static_cast<std::int64_t>(unzigzag(zigzag(static_cast<std::uint64_t>(v)))), v);
}

}  // namespace
}  // namespace twin::record
