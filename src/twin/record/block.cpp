#include "twin/record/block.hpp"

#include <algorithm>

#include "twin/core/expect.hpp"
#include "twin/core/hash.hpp"

namespace twin::record {
namespace {

constexpr std::size_t HeaderChecked = BlockHeader::Bytes - 8;  // the last word is their check

}  // namespace

void BlockHeader::put(std::uint8_t* out, std::uint64_t check_seed) const {
  put_little32(out, Magic);
  put_little32(out + 4, entries_bytes);
  put_little32(out + 8, raw_bytes);
  put_little32(out + 12, count);
  put_little64(out + 16, first_index);
  put_little64(out + 24, static_cast<std::uint64_t>(latest));
  put_little32(out + 32, static_cast<std::uint32_t>(kind));
  put_little32(out + 36, 0);
  put_little64(out + 40, check);
  std::ranges::copy(chain, out + 48);
  put_little64(out + HeaderChecked, core::hash64(out, HeaderChecked, check_seed));
}

std::optional<BlockHeader> BlockHeader::get(const std::uint8_t* in, std::uint64_t check_seed) {
  if (get_little32(in) != Magic) return std::nullopt;
  if (get_little64(in + HeaderChecked) != core::hash64(in, HeaderChecked, check_seed))
    return std::nullopt;
  BlockHeader h;
  h.entries_bytes = get_little32(in + 4);
  h.raw_bytes = get_little32(in + 8);
  h.count = get_little32(in + 12);
  h.first_index = get_little64(in + 16);
  h.latest = static_cast<core::Tick>(get_little64(in + 24));
  const std::uint32_t kind = get_little32(in + 32);
  if (kind > static_cast<std::uint32_t>(BlockKind::Close) || get_little32(in + 36) != 0)
    return std::nullopt;
  h.kind = static_cast<BlockKind>(kind);
  h.check = get_little64(in + 40);
  std::copy_n(in + 48, h.chain.size(), h.chain.begin());
  if (h.entries_bytes > PartBytesMax || h.raw_bytes > PartBytesMax) return std::nullopt;
  if (h.kind == BlockKind::RawDropped && h.raw_bytes != h.chain.size()) return std::nullopt;
  if (h.kind == BlockKind::Close && (h.count != 0 || h.entries_bytes != 0 || h.raw_bytes != 0))
    return std::nullopt;
  return h;
}

Digest chained(Sha256& hash, const Digest& before, const BlockHeader& header, const Digest& entries,
               const Digest& raw) {
  std::array<std::uint8_t, 32 + 4 + 8 + 8 + 1> fixed{};
  std::ranges::copy(before, fixed.begin());
  put_little32(fixed.data() + 32, header.count);
  put_little64(fixed.data() + 36, header.first_index);
  put_little64(fixed.data() + 44, static_cast<std::uint64_t>(header.latest));
  fixed[52] = header.kind == BlockKind::Close ? 1 : 0;  // dropping raw bytes changes no chain
  hash.absorb(fixed);
  hash.absorb(entries);
  hash.absorb(raw);
  return hash.digest();
}

Digest chained(Sha256& hash, const Digest& before, const BlockView& block) {
  hash.absorb(block.entries);
  const Digest entries = hash.digest();
  Digest raw{};
  if (block.header.kind == BlockKind::RawDropped) {
    TWIN_EXPECT(block.raw.size() == raw.size());
    std::ranges::copy(block.raw, raw.begin());
  } else {
    hash.absorb(block.raw);
    raw = hash.digest();
  }
  return chained(hash, before, block.header, entries, raw);
}

std::uint64_t block_check(std::span<const std::uint8_t> entries, std::span<const std::uint8_t> raw,
                          std::uint64_t check_seed) {
  core::Hash64 hash(check_seed);
  hash.absorb(entries.data(), entries.size());
  hash.absorb(raw.data(), raw.size());
  return hash.digest();
}

ChainHead put_block(Bytes& out, const ChainHead& before, const BlockParts& parts,
                    std::uint64_t check_seed, Sha256& hash) {
  TWIN_EXPECT(parts.entries.size() <= BlockHeader::PartBytesMax, parts.entries.size());
  TWIN_EXPECT(parts.raw.size() <= BlockHeader::PartBytesMax, parts.raw.size());
  BlockView block;
  block.header = {.entries_bytes = static_cast<std::uint32_t>(parts.entries.size()),
                  .raw_bytes = static_cast<std::uint32_t>(parts.raw.size()),
                  .count = parts.count,
                  .first_index = before.entries,
                  .latest = parts.latest,
                  .kind = parts.kind,
                  .check = block_check(parts.entries, parts.raw, check_seed)};
  block.entries = parts.entries;
  block.raw = parts.raw;
  block.header.chain = chained(hash, before.chain, block);
  const std::size_t at = out.size();
  out.resize(at + BlockHeader::Bytes);
  block.header.put(out.data() + at, check_seed);
  out.insert(out.end(), parts.entries.begin(), parts.entries.end());
  out.insert(out.end(), parts.raw.begin(), parts.raw.end());
  out.resize(out.size() + BlockHeader::EndBytes);
  put_little32(out.data() + out.size() - BlockHeader::EndBytes, BlockHeader::EndMark);
  return {.entries = before.entries + parts.count, .chain = block.header.chain};
}

}  // namespace twin::record
