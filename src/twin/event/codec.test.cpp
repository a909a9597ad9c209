#include "twin/event/codec.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>

#include "twin/event/example.hpp"

namespace twin::event {
namespace {

constexpr std::uint64_t Seed = 20'180'101;

TEST(Codec, AnyEventComesBack) {
  // If this failed, a log would not hold what happened. Extreme values in every field, any after
  // any.
  Codec out, in;
  out.restart();
  in.restart();
  std::array<std::uint8_t, CodedBytesMax> bytes;
  for (std::uint32_t k = 0; k < 100'000; ++k) {
    const Event e = any_event({.seed = Seed}, k);
    bytes.fill(0);
    const auto* written = out.encode(e, bytes.data());
    Event read;
    const auto* end = in.decode(read, bytes.data());
    ASSERT_EQ(end, written) << "seed " << Seed << " event " << k;
    ASSERT_EQ(read, e) << "seed " << Seed << " event " << k;
    ASSERT_EQ(std::signbit(read.value), std::signbit(e.value)) << k;
    if (k % 1'000 == 0) {  // a new block
      out.restart();
      in.restart();
    }
  }
}

TEST(Codec, NotANumberKeepsItsBits) {
  // If this failed, a sensor's "no number" would come back as a number.
  Codec out, in;
  std::array<std::uint8_t, CodedBytesMax> bytes{};
  const auto bits = std::uint64_t{0xFFF8'0000'DEAD'BEEF};
  Event read;
  out.encode({.value = std::bit_cast<double>(bits)}, bytes.data());
  ASSERT_NE(in.decode(read, bytes.data()), nullptr);
  EXPECT_EQ(std::bit_cast<std::uint64_t>(read.value), bits);
}

TEST(Codec, AnyBytesAreReadWithoutGoingTooFar) {
  // If this failed, a damaged log could make us read what is not ours: CodedBytesMax is a promise
  // for all bytes.
  const core::Draw draw{.seed = Seed};
  Codec in;
  std::vector<std::uint8_t> bytes(CodedBytesMax);
  std::size_t longest = 0;
  for (std::uint32_t k = 0; k < 20'000; ++k) {
    for (std::size_t b = 0; b < bytes.size(); ++b) {
      const auto word = draw.block(0, k, static_cast<std::uint32_t>(b))[0];
      bytes[b] = static_cast<std::uint8_t>(k % 2 == 0 ? word : word | 0x80U);
    }
    bytes[0] = 0xFF;  // a mask with all fields but unit and quality, which end most readings early
    bytes[1] = 0xFB;
    bytes[2] = k % 3 == 0 ? 0x1F : 0x17;
    bytes[3] = 1;
    Event e;
    const auto* end = in.decode(e, bytes.data());
    if (end != nullptr) longest = std::max(longest, static_cast<std::size_t>(end - bytes.data()));
  }
  EXPECT_GT(longest, 190U);  // the bytes above do drive it far
  EXPECT_LE(longest, CodedBytesMax);
}

TEST(Codec, LongestEventFits) {
  // If this failed, the writer's buffer could overflow: every field jumps as far as it can.
  Codec out;
  std::vector<std::uint8_t> bytes(2 * CodedBytesMax);
  const std::uint32_t far = 1U << 31;
  const Event a{.at = std::numeric_limits<Tick>::min(),
                .arrived = 0,
                .source_seq = 1ULL << 63,
                .value = 0.1,
                .raw_offset = 1ULL << 63,
                .raw_length = None,
                .source = far,
                .lot = far,
                .wafers = far,
                .carrier = far,
                .tool = far,
                .chamber = far,
                .route = far,
                .step = far,
                .visit = far,
                .recipe = far,
                .job = far,
                .item = far,
                .kind = Kind::CommandVerified,
                .unit = Unit::State,
                .quality = Quality::Substituted};
  EXPECT_LE(out.encode(a, bytes.data()) - bytes.data(), static_cast<std::ptrdiff_t>(CodedBytesMax));
}

TEST(Codec, WordsOutsideTheSchemaAreRefused) {
  // If this failed, events of a later schema would be taken for something of this one.
  std::array<std::uint8_t, CodedBytesMax> bytes{};
  Event e;
  Codec in;
  bytes[1] = 21;  // mask 0, kind 21
  EXPECT_EQ(in.decode(e, bytes.data()), nullptr);
  bytes = {0x80, 0x04, 0, 0, 35};  // mask: unit; unit 35
  EXPECT_EQ(in.decode(e, bytes.data()), nullptr);
  bytes = {0x80, 0x80, 0x08, 0, 0, 4};  // mask: quality; quality 4
  EXPECT_EQ(in.decode(e, bytes.data()), nullptr);
  bytes = {0x80, 0x80, 0x20, 0, 0, 0};  // mask: a bit that has no meaning
  EXPECT_EQ(in.decode(e, bytes.data()), nullptr);
}

TEST(Codec, FabEventsAreShort) {
  // If this failed, a year of a large fab (17.5 million events) would need more than the 16 bytes
  // an event that it may.
  ExampleFab fab(Seed);
  Codec out;
  std::array<std::uint8_t, CodedBytesMax> bytes;
  std::size_t total = 0;
  constexpr std::size_t Count = 65'536;
  for (std::size_t k = 0; k < Count; ++k) {
    total += static_cast<std::size_t>(out.encode(fab.next(), bytes.data()) - bytes.data());
  }
  const double mean = static_cast<double>(total) / static_cast<double>(Count);
  RecordProperty("bytes_per_event", std::to_string(mean));
  EXPECT_LE(mean, 16.0);
}

}  // namespace
}  // namespace twin::event
