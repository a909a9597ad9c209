#include "twin/event/frame.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace twin::event {
namespace {

TEST(Frame, BytesStandAsDocumented) {
  // If this failed, logs could not be read by what others wrote from docs/event-log.md.
  std::vector<std::uint8_t> block(Frame::Bytes + 3);
  block[20] = 'a';
  block[21] = 'b';
  block[22] = 'c';
  seal_block(block.data(), EventsTag, 3, 0x01020304);
  EXPECT_EQ(std::vector<std::uint8_t>(block.begin(), block.begin() + 12),
            (std::vector<std::uint8_t>{'E', 'V', 'E', 'N', 3, 0, 0, 0, 4, 3, 2, 1}));
  EXPECT_EQ(get_little(block.data() + 12, 8), frame_check(block.data(), block.data() + 20, 3));
  const Frame frame = read_frame(block.data());
  EXPECT_EQ(frame,
            (Frame{.tag = EventsTag, .bytes = 3, .count = 0x01020304, .check = frame.check}));
}

TEST(Frame, CheckIsXxh64OfHeadAndPayload) {
  // If this failed, the check would not be the published one, and no other program could verify a
  // log.
  const std::vector<std::uint8_t> all = {'a', 'b', 'c', 'd', 'e', 'f', 'g',
                                         'h', 'i', 'j', 'k', 'l', 'm'};
  EXPECT_EQ(frame_check(all.data(), all.data() + 12, 1), core::hash64(all.data(), all.size()));
}

TEST(Frame, NumbersAreLittleEndian) {
  // If this failed, logs could not change machines.
  std::array<std::uint8_t, 8> bytes{};
  put_little(bytes.data(), 0x0102030405060708, 8);
  EXPECT_EQ(bytes, (std::array<std::uint8_t, 8>{8, 7, 6, 5, 4, 3, 2, 1}));
  EXPECT_EQ(get_little(bytes.data(), 8), 0x0102030405060708U);
  EXPECT_EQ(get_little(bytes.data(), 2), 0x0708U);
}

}  // namespace
}  // namespace twin::event
