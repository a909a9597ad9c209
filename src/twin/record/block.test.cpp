// If these failed, a changed block would be believed, or an unchanged one refused.
#include "twin/record/block.hpp"

#include <gtest/gtest.h>

namespace twin::record {
namespace {

constexpr std::uint64_t Seed = 0x1234;
const Bytes Entries = {1, 2, 3, 4, 5};
const Bytes RawBytes = {6, 7};

// A header that does not come back, or that passes for one of another journal.
TEST(Block, TheHeaderComesBack) {
  Bytes out;
  Sha256 hash;
  const ChainHead before{.entries = 100, .chain = sha256(Entries)};
  const ChainHead after = put_block(
      out, before, {.count = 3, .latest = -5, .entries = Entries, .raw = RawBytes}, Seed, hash);
  EXPECT_EQ(after.entries, 103U);
  const auto header = BlockHeader::get(out.data(), Seed);
  ASSERT_TRUE(header);
  EXPECT_EQ(header->first_index, 100U);
  EXPECT_EQ(header->count, 3U);
  EXPECT_EQ(header->latest, -5);
  EXPECT_EQ(header->chain, after.chain);
  EXPECT_EQ(header->check, block_check(Entries, RawBytes, Seed));
  EXPECT_EQ(header->whole_bytes(), out.size());
  EXPECT_FALSE(BlockHeader::get(out.data(), Seed + 1));
}

// A bit of the header that no check covers.
TEST(Block, EveryBitOfTheHeaderCounts) {
  Bytes out;
  Sha256 hash;
  put_block(out, {}, {.count = 3, .latest = 5, .entries = Entries, .raw = RawBytes}, Seed, hash);
  for (std::size_t bit = 0; bit < 8 * BlockHeader::Bytes; ++bit) {
    Bytes other = out;
    other[bit / 8] = static_cast<std::uint8_t>(other[bit / 8] ^ (1U << (bit % 8)));
    EXPECT_FALSE(BlockHeader::get(other.data(), Seed)) << bit;
  }
}

// A chain that does not see a part of the block, or that sees whether raw bytes were dropped.
TEST(Block, TheChainSeesAllButTheRawBytesThemselves) {
  Sha256 hash;
  BlockView block{
      .header = {.count = 2, .first_index = 9, .latest = 4}, .entries = Entries, .raw = RawBytes};
  const Digest before{};
  const Digest chain = chained(hash, before, block);
  BlockView other = block;
  other.header.count = 3;
  EXPECT_NE(chained(hash, before, other), chain);
  other = block;
  other.header.first_index = 8;
  EXPECT_NE(chained(hash, before, other), chain);
  other = block;
  other.header.latest = 5;
  EXPECT_NE(chained(hash, before, other), chain);
  other = block;
  other.entries = RawBytes;
  EXPECT_NE(chained(hash, before, other), chain);
  other = block;
  other.raw = Entries;
  EXPECT_NE(chained(hash, before, other), chain);
  EXPECT_NE(chained(hash, sha256({}), block), chain);
  const Digest dropped = sha256(RawBytes);
  other = block;
  other.header.kind = BlockKind::RawDropped;
  other.raw = dropped;
  EXPECT_EQ(chained(hash, before, other), chain);
}

}  // namespace
}  // namespace twin::record
