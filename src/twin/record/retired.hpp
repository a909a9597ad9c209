// What is left of segments that retention has removed: for each block the numbers that its chain is
// made of, 96 bytes, so that the chain can be followed from the first entry on for ever.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "twin/record/block.hpp"
#include "twin/record/disk.hpp"
#include "twin/record/segment.hpp"

namespace twin::record {

struct RetiredBlock {
  static constexpr std::size_t Bytes = 96;

  std::uint64_t first_index = 0;
  std::uint32_t count = 0;
  bool close = false;  // a closing mark
  core::Tick latest = 0;
  Digest entries{};  // SHA-256 of each part
  Digest raw{};
  bool operator==(const RetiredBlock&) const = default;
};

[[nodiscard]] RetiredBlock retired(Sha256& hash, const BlockView& block);
[[nodiscard]] Digest chained(Sha256& hash, const Digest& before, const RetiredBlock& block);

// The file "retired.hashes"; empty if there is none. Throws core::Error.
[[nodiscard]] std::vector<RetiredBlock> read_retired(Disk& disk, const std::string& folder);
void write_retired(Disk& disk, const std::string& folder, const std::vector<RetiredBlock>& blocks);

// Of these, the blocks from the first one on that lead to `before`; nothing if none do.
[[nodiscard]] std::optional<std::vector<RetiredBlock>> retired_up_to(
    const std::vector<RetiredBlock>& blocks, const Origin& origin, const ChainHead& before);

// Why the journal's first segment is not proved by what was removed before it; empty: it is.
[[nodiscard]] std::string retired_why_not(Disk& disk, const std::string& folder,
                                          const SegmentHeader& first);

}  // namespace twin::record
