// Any series comes back to the bit, and nothing but a coding is taken for one.
#include "twin/record/gorilla.hpp"

#include <gtest/gtest.h>

#include <array>
#include <bit>
#include <limits>

#include "twin/core/draw.hpp"

namespace twin::record {
namespace {

constexpr std::uint64_t GorillaSeed = 20'150'831;

// By bits: a NaN equals nothing, and 0.0 is not -0.0 here.
bool same(const Point& a, const Point& b) {
  return a.at == b.at &&
         std::bit_cast<std::uint64_t>(a.value) == std::bit_cast<std::uint64_t>(b.value);
}

std::vector<Point> back(const std::vector<Point>& points, std::size_t* bytes = nullptr) {
  std::vector<std::uint8_t> coded;
  encode_points(points, coded);
  if (bytes != nullptr) *bytes = coded.size();
  std::vector<Point> decoded;
  EXPECT_TRUE(decode_points(coded, points.size(), decoded));
  return decoded;
}

void expect_same(const std::vector<Point>& points) {
  const std::vector<Point> decoded = back(points);
  ASSERT_EQ(decoded.size(), points.size());
  for (std::size_t k = 0; k < points.size(); ++k) {
    ASSERT_TRUE(same(decoded[k], points[k])) << "point " << k << " of " << points.size();
  }
}

// Times and values of every kind, awkward ones among them.
std::vector<Point> any_points(std::uint32_t who) {
  const core::Draw draw{.seed = GorillaSeed};
  std::uint32_t occasion = 0;
  const auto word = [&] { return draw.block(1, who, occasion++)[0]; };
  const auto wide = [&] { return std::uint64_t{word()} << 32 | word(); };
  using Limits = std::numeric_limits<double>;
  constexpr std::array Values = {0.0,
                                 -0.0,
                                 1.0,
                                 Limits::infinity(),
                                 -Limits::infinity(),
                                 Limits::quiet_NaN(),
                                 Limits::denorm_min(),
                                 Limits::max(),
                                 Limits::lowest()};
  std::vector<Point> points(word() % 40);
  std::uint64_t at = wide();
  const std::uint32_t manner = word();
  double level = 1.0;
  for (Point& p : points) {
    switch ((manner + (word() % 8 == 0 ? word() : 0)) % 4) {
      case 0: at += 1'000; break;
      case 1: at += word() % 100; break;
      case 2: break;               // the same time
      case 3: at = wide(); break;  // any jump, back too
    }
    switch ((manner / 4 + (word() % 8 == 0 ? word() : 0)) % 4) {
      case 0: break;
      case 1: level += core::uniform_of(word()); break;
      case 2: level = std::bit_cast<double>(wide()); break;  // any bits, NaN payloads too
      case 3: level = Values[word() % Values.size()]; break;
    }
    p = {static_cast<core::Tick>(at), level};
  }
  return points;
}

TEST(Gorilla, AnySeriesComesBackToTheBit) {
  // The historian would show numbers that nobody measured.
  for (std::uint32_t who = 0; who < 20'000; ++who) {
    SCOPED_TRACE(testing::Message() << "seed " << GorillaSeed << ", series " << who);
    expect_same(any_points(who));
    if (HasFatalFailure()) return;
  }
}

TEST(Gorilla, EveryWidthOfTimesAndValuesComesBack) {
  // A class of differences would be off by one bit at its border.
  for (unsigned bit = 0; bit < 64; ++bit) {
    for (const std::uint64_t beside : {std::uint64_t{0}, std::uint64_t{1}, ~std::uint64_t{0}}) {
      const std::uint64_t step = (std::uint64_t{1} << bit) + beside;
      std::vector<Point> points;
      std::uint64_t at = 0;
      for (int k = 0; k < 5; ++k) {
        at += k % 2 == 0 ? step : std::uint64_t{0} - step;
        points.push_back({static_cast<core::Tick>(at), std::bit_cast<double>(step << (k % 3))});
      }
      expect_same(points);
    }
  }
}

TEST(Gorilla, EvenTimesAndSteadyValuesTakeTwoBits) {
  // The coding would be right and pointless (the paper, figures 3 and 5).
  std::vector<Point> points;
  for (int k = 0; k < 1'000; ++k) points.push_back({1'000'000 + 1'000 * k, 21.5});
  std::size_t bytes = 0;
  back(points, &bytes);
  EXPECT_LE(bytes, 16U + 3U + 2 * 1'000 / 8U);
}

TEST(Gorilla, BytesOfOneSeriesAreFixed) {
  // Stores that exist could not be read by the next version.
  const std::vector<Point> points = {{1'000, 1.0}, {2'000, 1.0}, {3'001, 1.5}, {3'001, -2.0}};
  std::vector<std::uint8_t> coded;
  encode_points(points, coded);
  const std::vector<std::uint8_t> expected = {
      0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x03, 0xE8,  // 1000
      0x3F, 0xF0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,  // 1.0
      // 110 011111010000 (zigzag of 1000 - 0), 0; 10 0000010 (of 1), 11 01100 000000 1 (bit 51);
      // 110 011111010001 (of 0 - 1001), 11 00000 001100 and 13 ones
      0xCF, 0xA0, 0x81, 0x6C, 0x03, 0x9F, 0x47, 0x01, 0x9F, 0xFF};
  EXPECT_EQ(coded, expected);
  std::vector<Point> decoded;
  ASSERT_TRUE(decode_points(coded, 4, decoded));
  EXPECT_EQ(decoded, points);
}

TEST(Gorilla, WhatIsNoCodingIsRefused) {
  // A torn or stretched chunk would give points.
  std::vector<Point> points;
  for (int k = 0; k < 100; ++k) points.push_back({k * k, 0.1 * k});
  std::vector<std::uint8_t> coded;
  encode_points(points, coded);
  std::vector<Point> out = {{7, 7.0}};
  const auto refused = [&](std::vector<std::uint8_t> bytes, std::size_t count) {
    const bool taken = decode_points(bytes, count, out);
    return !taken && out == std::vector<Point>{{7, 7.0}};
  };
  for (std::size_t size = 0; size < coded.size(); ++size) {
    EXPECT_TRUE(refused({coded.begin(), coded.begin() + static_cast<std::ptrdiff_t>(size)}, 100))
        << size;
  }
  std::vector<std::uint8_t> more = coded;
  more.push_back(0);
  EXPECT_TRUE(refused(more, 100));
  EXPECT_TRUE(refused(coded, 90));
  EXPECT_TRUE(refused(coded, 110));
  EXPECT_TRUE(refused(coded, 0));
  EXPECT_TRUE(refused({}, 1));
  EXPECT_TRUE(refused(coded, std::numeric_limits<std::size_t>::max()));
  // A window that was never opened: 10 behind an even time.
  std::vector<std::uint8_t> window(16, 0);
  window.push_back(0b0100'0000);
  EXPECT_TRUE(refused(window, 2));
  // A window that is wider than a value: 11, 31 leading zeros, 64 bits inside.
  std::vector<std::uint8_t> wide(16, 0);
  for (const int byte : {0b0111'1111, 0b1111'1100, 0, 0, 0, 0, 0, 0, 0, 0})
    wide.push_back(static_cast<std::uint8_t>(byte));
  EXPECT_TRUE(refused(wide, 2));
}

}  // namespace
}  // namespace twin::record
