// How a journal comes to life: made anew, or recovered from what a stopped writer left.
#include <algorithm>

#include "twin/core/expect.hpp"
#include "twin/record/journal.hpp"
#include "twin/record/snapshots.hpp"

namespace twin::record {
namespace {

void remove_unfinished(Disk& disk, const std::string& folder) {
  if (!disk.exists(folder)) return;
  for (const std::string& file : disk.list(folder)) {
    if (file.ends_with(".tmp")) disk.remove(folder + "/" + file);
  }
}

}  // namespace

std::unique_ptr<Journal> Journal::create(Disk& disk, const std::string& folder,
                                         const Origin& origin, JournalOptions options) {
  disk.make_folder(folder);
  std::unique_ptr<Journal> journal(new Journal(disk, folder, origin, options));
  journal->lock_ = disk.lock(folder + "/lock");
  if (!segments_in(disk, folder).empty())
    throw core::Error(folder + ": there is a journal already (nothing was changed); open it?");
  remove_unfinished(disk, folder);
  journal->heads_ = std::make_unique<DailyHeads>(disk, folder);
  journal->begin_segment(0);
  journal->durable_chain_ = journal->chain_;
  return journal;
}

std::unique_ptr<Journal> Journal::open(Disk& disk, const std::string& folder,
                                       JournalOptions options) {
  const auto none = [&] {
    return core::Error(folder + ": no journal (there is no segment in it); is it the folder?");
  };
  if (!disk.exists(folder)) throw none();
  auto lock = disk.lock(folder + "/lock");
  const auto segments = segments_in(disk, folder);
  if (segments.empty()) throw none();
  const Origin origin = SegmentReader(disk, folder, segments.back()).header().origin;
  std::unique_ptr<Journal> journal(new Journal(disk, folder, origin, options));
  journal->lock_ = std::move(lock);
  journal->recover(segments);
  return journal;
}

void Journal::recover(const std::vector<SegmentName>& segments) {
  heads_ = std::make_unique<DailyHeads>(disk_, folder_);
  const Snapshots snapshots(disk_, folder_, id_);
  std::uint64_t known = 0;  // entries whose numbers the checkpoint has
  const NewestSnapshot checkpoint = snapshots.newest(SequencesName);
  recovery_.warnings = checkpoint.skipped;
  if (checkpoint.found) {
    auto sequences = Sequences::decode(checkpoint.found->bytes);
    if (!sequences)
      throw core::Error(folder_ +
                        ": the numbers seen cannot be read (snapshot of "
                        "entry " +
                        std::to_string(checkpoint.found->index) + ")");
    seen_ = std::move(*sequences);
    known = checkpoint.found->index;
  }
  auto after = std::ranges::upper_bound(segments, known, {}, &SegmentName::first_index);
  if (after == segments.begin()) {
    throw core::Error(folder_ + ": the journal begins with entry " +
                      std::to_string(segments.front().first_index) +
                      ", the numbers seen before "
                      "it are known up to entry " +
                      std::to_string(known) + " only; restore the snapshots?");
  }
  size_ = known;
  const SegmentHeader first = SegmentReader(disk_, folder_, *(after - 1)).header();
  chain_ = first.before;
  latest_ = first.latest;
  for (auto segment = after - 1; segment != segments.end(); ++segment)
    replay(*segment, segment + 1 == segments.end());
  if (chain_.entries < known) {
    throw core::Error(folder_ + ": the journal ends with entry " + std::to_string(chain_.entries) +
                      " (a snapshot is of entry " + std::to_string(known) +
                      "); restore it from a backup?");
  }
  if (!heads_->heads().empty() && heads_->heads().back().head.entries > chain_.entries) {
    throw core::Error(folder_ + ": the journal ends with entry " + std::to_string(chain_.entries) +
                      " (its last daily head is of entry " +
                      std::to_string(heads_->heads().back().head.entries) +
                      "); restore it from a backup?");
  }
  repair(segments.back());
  size_ = durable_ = chain_.entries;
  durable_chain_ = chain_;
  recovery_.entries = size_;
}

void Journal::replay(const SegmentName& name, bool last) {
  SegmentReader segment(disk_, folder_, name);
  if (segment.header().origin != origin_ || segment.header().before != chain_)
    throw JournalDamaged(segment.file_name(), 0, "it does not continue the segment before it");
  header_end_ = segment.offset();
  for (BlockView block;;) {
    const std::uint64_t offset = segment.offset();
    const auto step = segment.next(block);
    if (step == SegmentReader::Step::End) break;
    if (step == SegmentReader::Step::Damaged || (step == SegmentReader::Step::Torn && !last))
      throw JournalDamaged(segment.file_name(), offset, segment.why());
    if (step == SegmentReader::Step::Torn) {
      recovery_.torn_bytes = segment.bytes() - offset;
      recovery_.closed_cleanly = false;
      break;
    }
    const BlockHeader& h = block.header;
    if (h.first_index != chain_.entries || h.latest < latest_ ||
        h.chain != chained(hash_, chain_.chain, block))
      throw JournalDamaged(segment.file_name(), offset, "the chain is broken");
    EntryDecoder decoder(block.entries, block.raw,
                         h.kind == BlockKind::RawDropped ? Raw::Dropped : Raw::Kept, h.first_index,
                         h.count);
    for (EntryView view; decoder.next(view);) {
      ++recovery_.entries_read;
      const bool incoming = view.kind == EntryKind::Observation ||
                            (view.kind == EntryKind::Correction && !view.amends);
      if (view.index < size_ || !incoming) continue;
      if (!seen_.insert({view.sensor, view.epoch}, view.sensor_seq)) {
        throw JournalDamaged(segment.file_name(), offset,
                             "entry " + std::to_string(view.index) + " is there twice");
      }
    }
    if (decoder.damaged())
      throw JournalDamaged(segment.file_name(), offset, "an entry cannot be read");
    note_day(h.latest);
    chain_ = {.entries = h.first_index + h.count, .chain = h.chain};
    latest_ = h.latest;
    recovery_.closed_cleanly = h.kind == BlockKind::Close;
  }
  segment_number_ = name.number;
  end_ = segment.offset();
}

// From here on the disk is changed. What follows the last whole block is cut off. The segment's
// bytes are written once more: if a sync failed in the life before, be it the one of its closing, the
// system believes to have them on disk and would never write them; a new name likewise.
void Journal::repair(const SegmentName& last) {
  remove_unfinished(disk_, folder_);
  remove_unfinished(disk_, folder_ + "/snapshots");
  file_ = disk_.open(folder_ + "/" + to_string(last), Access::Change);
  if (recovery_.torn_bytes > 0) file_->truncate(end_);
  Bytes part(1U << 20);
  for (std::uint64_t at = 0; at < end_; at += part.size()) {
    part.resize(static_cast<std::size_t>(std::min<std::uint64_t>(part.size(), end_ - at)));
    TWIN_ENSURE(file_->read(at, part) == part.size(), at, end_);
    file_->write(at, part);
  }
  file_->sync();
  disk_.sync_folder(folder_);
}

}  // namespace twin::record
