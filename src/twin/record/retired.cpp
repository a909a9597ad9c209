#include "twin/record/retired.hpp"

#include <algorithm>
#include <optional>

#include "twin/core/hash.hpp"

namespace twin::record {
namespace {

constexpr std::string_view RetiredFileName = "retired.hashes";
constexpr std::array<std::uint8_t, 8> Magic = {0x89, 'F', 'T', 'R', '\r', '\n', 0x1A, '\n'};
constexpr std::uint64_t RetiredFileBytesMax = 16ULL << 30;

}  // namespace

RetiredBlock retired(Sha256& hash, const BlockView& block) {
  RetiredBlock r{.first_index = block.header.first_index,
                 .count = block.header.count,
                 .close = block.header.kind == BlockKind::Close,
                 .latest = block.header.latest};
  hash.absorb(block.entries);
  r.entries = hash.digest();
  if (block.header.kind == BlockKind::RawDropped) {
    std::ranges::copy(block.raw, r.raw.begin());
  } else {
    hash.absorb(block.raw);
    r.raw = hash.digest();
  }
  return r;
}

Digest chained(Sha256& hash, const Digest& before, const RetiredBlock& block) {
  const BlockHeader header{.count = block.count,
                           .first_index = block.first_index,
                           .latest = block.latest,
                           .kind = block.close ? BlockKind::Close : BlockKind::Entries};
  return chained(hash, before, header, block.entries, block.raw);
}

std::vector<RetiredBlock> read_retired(Disk& disk, const std::string& folder) {
  const std::string path = folder + "/" + std::string(RetiredFileName);
  if (!disk.exists(path)) return {};
  const auto bytes = read_all(disk, path, RetiredFileBytesMax);
  const auto bad = [&](const std::string& why) -> core::Error {
    return core::Error(path + ": the hashes of removed blocks cannot be read (" + why +
                       "); restore the file from a backup?");
  };
  if (bytes.size() < Magic.size() + 8 || !std::equal(Magic.begin(), Magic.end(), bytes.begin()))
    throw bad("it is no such file");
  const std::size_t end = bytes.size() - 8;
  if (get_little64(bytes.data() + end) != core::hash64(bytes.data(), end))
    throw bad("its check is wrong");
  if ((end - Magic.size()) % RetiredBlock::Bytes != 0) throw bad("its length is wrong");
  std::vector<RetiredBlock> blocks;
  for (std::size_t i = Magic.size(); i < end; i += RetiredBlock::Bytes) {
    const std::uint8_t* const at = bytes.data() + i;
    RetiredBlock& b = blocks.emplace_back();
    b.first_index = get_little64(at);
    b.latest = static_cast<core::Tick>(get_little64(at + 8));
    b.count = get_little32(at + 16);
    b.close = get_little32(at + 20) != 0;
    std::copy_n(at + 32, b.entries.size(), b.entries.begin());
    std::copy_n(at + 64, b.raw.size(), b.raw.begin());
  }
  return blocks;
}

void write_retired(Disk& disk, const std::string& folder, const std::vector<RetiredBlock>& blocks) {
  record::Bytes bytes(Magic.begin(), Magic.end());
  bytes.resize(Magic.size() + blocks.size() * RetiredBlock::Bytes);
  std::uint8_t* at = bytes.data() + Magic.size();
  for (const RetiredBlock& b : blocks) {
    put_little64(at, b.first_index);
    put_little64(at + 8, static_cast<std::uint64_t>(b.latest));
    put_little32(at + 16, b.count);
    put_little32(at + 20, b.close ? 1 : 0);
    std::ranges::copy(b.entries, at + 32);
    std::ranges::copy(b.raw, at + 64);
    at += RetiredBlock::Bytes;
  }
  append_little64(bytes, core::hash64(bytes.data(), bytes.size()));
  replace_file(disk, folder, std::string(RetiredFileName), bytes);
}

std::optional<std::vector<RetiredBlock>> retired_up_to(const std::vector<RetiredBlock>& blocks,
                                                       const Origin& origin,
                                                       const ChainHead& before) {
  Sha256 hash;
  ChainHead chain{.entries = 0, .chain = genesis_of(origin)};
  for (std::size_t n = 0;; ++n) {
    if (chain == before)
      return std::vector(blocks.begin(), blocks.begin() + static_cast<std::ptrdiff_t>(n));
    if (n == blocks.size() || blocks[n].first_index != chain.entries) return std::nullopt;
    chain = {.entries = chain.entries + blocks[n].count,
             .chain = chained(hash, chain.chain, blocks[n])};
  }
}

std::string retired_why_not(Disk& disk, const std::string& folder, const SegmentHeader& first) {
  try {
    if (retired_up_to(read_retired(disk, folder), first.origin, first.before)) return {};
  } catch (const core::Error& e) {
    return e.what();
  }
  return "nothing leads from the journal's first entry to this segment";
}

}  // namespace twin::record
