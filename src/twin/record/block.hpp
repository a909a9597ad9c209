// A block: the entries of one sync. A header with a check of its own, the entries, the raw bytes of
// the entries apart from them (so that retention can drop these without touching those), an end
// mark. Each block's chain is a SHA-256 over the one before and over its own content.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "twin/core/tick.hpp"
#include "twin/record/coding.hpp"
#include "twin/record/sha256.hpp"

namespace twin::record {

enum class BlockKind : std::uint32_t {
  Entries = 0,
  RawDropped = 1,  // the raw bytes have been replaced by their SHA-256
  Close = 2,       // no entries: what precedes it was whole when its writer stopped
};

struct ChainHead {  // what proves a journal up to here
  std::uint64_t entries = 0;
  Digest chain{};
  bool operator==(const ChainHead&) const = default;
};

struct BlockHeader {
  static constexpr std::size_t Bytes = 88;
  static constexpr std::uint32_t Magic = 0x324B4C42;    // "BLK2": no zero byte
  static constexpr std::uint32_t EndMark = 0x32444E45;  // "END2"
  static constexpr std::size_t EndBytes = 4;
  static constexpr std::uint32_t PartBytesMax = 1U << 28;  // of either part; more is a damage

  std::uint32_t entries_bytes = 0;
  std::uint32_t raw_bytes = 0;  // in the block: 32 where they were dropped
  std::uint32_t count = 0;      // of entries
  std::uint64_t first_index = 0;
  core::Tick latest = 0;  // latest arrival up to the end of the block
  BlockKind kind = BlockKind::Entries;
  std::uint64_t check = 0;  // XXH64 of both parts, seeded by the journal
  Digest chain{};           // up to and with this block
  bool operator==(const BlockHeader&) const = default;

  [[nodiscard]] std::uint64_t whole_bytes() const {
    return Bytes + std::uint64_t{entries_bytes} + raw_bytes + EndBytes;
  }
  void put(std::uint8_t* out, std::uint64_t check_seed) const;  // Bytes of them
  // Nothing if the 88 bytes are no header of this journal.
  static std::optional<BlockHeader> get(const std::uint8_t* in, std::uint64_t check_seed);
};

struct BlockView {
  BlockHeader header;
  std::uint64_t offset = 0;  // of the header in its segment [bytes]
  std::span<const std::uint8_t> entries;
  std::span<const std::uint8_t> raw;
};

// The chain behind a block, from the chain before it and the SHA-256 of its two parts.
[[nodiscard]] Digest chained(Sha256& hash, const Digest& before, const BlockHeader& header,
                             const Digest& entries, const Digest& raw);
// The same, of a block as it stands.
[[nodiscard]] Digest chained(Sha256& hash, const Digest& before, const BlockView& block);

[[nodiscard]] std::uint64_t block_check(std::span<const std::uint8_t> entries,
                                        std::span<const std::uint8_t> raw,
                                        std::uint64_t check_seed);

struct BlockParts {
  BlockKind kind = BlockKind::Entries;
  std::uint32_t count = 0;
  core::Tick latest = 0;
  std::span<const std::uint8_t> entries = {};
  std::span<const std::uint8_t> raw = {};
};

// Appends a whole block to `out`; answers the chain behind it.
ChainHead put_block(Bytes& out, const ChainHead& before, const BlockParts& parts,
                    std::uint64_t check_seed, Sha256& hash);

}  // namespace twin::record
