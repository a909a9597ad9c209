#include "twin/record/retention.hpp"

#include <algorithm>
#include <functional>
#include <utility>

#include "twin/record/journal.hpp"
#include "twin/record/retired.hpp"
#include "twin/record/segment.hpp"
#include "twin/record/snapshots.hpp"

namespace twin::record {
namespace {

void for_each_block(Disk& disk, const std::string& folder, const SegmentName& name,
                    const std::function<void(const BlockView&)>& f) {
  SegmentReader segment(disk, folder, name);
  for (BlockView block;;) {
    const auto step = segment.next(block);
    if (step == SegmentReader::Step::End) return;
    if (step != SegmentReader::Step::Block)
      throw JournalDamaged(segment.file_name(), segment.offset(), segment.why());
    f(block);
  }
}

// The segment with the raw bytes of old blocks replaced by their SHA-256, which the chain is made
// of: it stays as it is.
void drop_raw(Disk& disk, const std::string& folder, const SegmentName& name, core::Tick before,
              Retained& done) {
  const SegmentHeader header = SegmentReader(disk, folder, name).header();
  const std::uint64_t seed = check_seed_of(id_of(header.origin));
  if (header.latest >= before) return;
  std::uint64_t dropped = 0, freed = 0;
  Bytes out = header.encode();
  for_each_block(disk, folder, name, [&](const BlockView& block) {
    BlockHeader h = block.header;
    Digest digest{};
    std::span<const std::uint8_t> raw = block.raw;
    if (h.kind == BlockKind::Entries && h.latest < before && h.raw_bytes > digest.size()) {
      digest = sha256(block.raw);
      raw = digest;
      freed += h.raw_bytes - digest.size();
      ++dropped;
      h.kind = BlockKind::RawDropped;
      h.raw_bytes = static_cast<std::uint32_t>(digest.size());
      h.check = block_check(block.entries, raw, seed);
    }
    const std::size_t at = out.size();
    out.resize(at + BlockHeader::Bytes);
    h.put(out.data() + at, seed);
    out.insert(out.end(), block.entries.begin(), block.entries.end());
    out.insert(out.end(), raw.begin(), raw.end());
    out.resize(out.size() + BlockHeader::EndBytes);
    put_little32(out.data() + out.size() - BlockHeader::EndBytes, BlockHeader::EndMark);
  });
  if (dropped == 0) return;
  replace_file(disk, folder, to_string(name), out);
  done.blocks_without_raw += dropped;
  done.bytes_freed += freed;
}

// Entries below this are in a state that can be restarted from; says why it is no more.
std::uint64_t covered(Disk& disk, const std::string& folder, const Origin& origin,
                      const RetentionPolicy& policy, std::string& why) {
  const Snapshots snapshots(disk, folder, id_of(origin));
  std::uint64_t least = std::numeric_limits<std::uint64_t>::max();
  std::vector<std::string> names = policy.states;
  names.emplace_back(SequencesName);
  for (const std::string& name : names) {
    const NewestSnapshot newest = snapshots.newest(name);
    const std::uint64_t index = newest.found ? newest.found->index : 0;
    if (index >= least) continue;
    least = index;
    why = newest.found
              ? "the newest snapshot of '" + name + "' is of entry " + std::to_string(index)
              : "there is no snapshot of '" + name + "'";
  }
  if (policy.states.empty()) {
    why = "no state is named that the twin restarts from";
    return 0;
  }
  return least;
}

}  // namespace

Retained apply_retention(Disk& disk, const std::string& folder, const RetentionPolicy& policy) {
  Retained done;
  auto segments = segments_in(disk, folder);
  if (segments.size() < 2) return done;
  const SegmentHeader first = SegmentReader(disk, folder, segments.front()).header();
  std::string why;
  const std::uint64_t below = covered(disk, folder, first.origin, policy, why);
  std::vector<RetiredBlock> blocks;
  std::size_t remove = 0;  // segments, from the first on
  for (; remove + 1 < segments.size(); ++remove) {
    const SegmentHeader next = SegmentReader(disk, folder, segments[remove + 1]).header();
    if (next.latest >= policy.segments_before) break;
    if (next.name.first_index > below) {
      done.kept_because = why;
      break;
    }
  }
  if (remove > 0) {
    auto known = retired_up_to(read_retired(disk, folder), first.origin, first.before);
    if (!known)
      throw JournalDamaged(to_string(first.name), 0,
                           "nothing leads from the journal's first entry to this segment");
    blocks = std::move(*known);
    Sha256 hash;
    for (std::size_t i = 0; i < remove; ++i) {
      for_each_block(disk, folder, segments[i],
                     [&](const BlockView& b) { blocks.push_back(retired(hash, b)); });
    }
    write_retired(disk, folder, blocks);
    for (std::size_t i = 0; i < remove; ++i) {
      const std::string path = folder + "/" + to_string(segments[i]);
      const auto bytes = read_all(disk, path, std::numeric_limits<std::uint64_t>::max());
      if (!policy.archive.empty()) {
        disk.make_folder(policy.archive);
        replace_file(disk, policy.archive, to_string(segments[i]), bytes);
      }
      disk.remove(path);
      disk.sync_folder(folder);  // one after the other: never a hole
      ++done.segments_removed;
      done.bytes_freed += bytes.size();
    }
    segments.erase(segments.begin(), segments.begin() + static_cast<std::ptrdiff_t>(remove));
  }
  segments.pop_back();
  for (const SegmentName& name : segments) drop_raw(disk, folder, name, policy.raw_before, done);
  return done;
}

}  // namespace twin::record
