// What was packed is found again by a slow reader that follows the format's text.
#include "twin/event/rle.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "twin/core/draw.hpp"

namespace twin::event {
namespace {

std::vector<std::uint32_t> unpack(const std::string& text, unsigned width, std::size_t count) {
  std::vector<std::uint32_t> values;
  std::size_t at = 0;
  const auto byte = [&] { return static_cast<std::uint8_t>(text.at(at++)); };
  while (values.size() < count) {
    std::uint64_t header = 0;
    for (unsigned shift = 0;; shift += 7) {
      const std::uint8_t b = byte();
      header |= std::uint64_t{b & 0x7FU} << shift;
      if (b < 0x80) break;
    }
    if (header % 2 == 0) {
      std::uint32_t value = 0;
      for (unsigned bit = 0; bit < width; bit += 8) value |= std::uint32_t{byte()} << bit;
      values.insert(values.end(), header / 2, value);
    } else {
      for (std::uint64_t group = 0; group < header / 2; ++group) {
        for (int k = 0; k < 8; ++k) values.push_back(0);
        for (unsigned bit = 0; bit < 8 * width; ++bit) {
          const auto in = static_cast<std::uint8_t>(text.at(at + bit / 8));
          values[values.size() - 8 + bit / width] |= (in >> bit % 8 & 1U) << bit % width;
        }
        at += width;
      }
    }
  }
  EXPECT_EQ(at, text.size());
  values.resize(count);
  return values;
}

TEST(Rle, IsReadBack) {
  // A lot of one row would be shown in another.
  constexpr std::uint64_t Seed = 88;
  const core::Draw draw{.seed = Seed};
  for (std::uint32_t k = 0; k < 2'000; ++k) {
    const core::Block b = draw.block(1, k, 0);
    const unsigned width = 1 + b[0] % 32;
    std::vector<std::uint32_t> values;
    for (std::uint32_t i = 0; values.size() < b[1] % 200; ++i) {
      const core::Block c = draw.block(2, k, i);
      values.insert(values.end(), c[1] % 3 == 0 ? c[2] % 40 : 1, c[0] >> (32 - width));
    }
    std::string text;
    put_rle(values, width, text);
    ASSERT_EQ(unpack(text, width, values.size()), values) << "seed " << Seed << " turn " << k;
  }
}

TEST(Rle, LongRunsTakeFewBytes) {
  // A column that says nothing would take as much room as one that does.
  std::string text;
  put_rle(std::vector<std::uint32_t>(100'000, 1), 1, text);
  EXPECT_EQ(text, std::string("\xC0\x9A\x0C\x01"));  // 200,000 as LEB128, then the value
}

}  // namespace
}  // namespace twin::event
