#include "twin/record/reader.hpp"

#include <algorithm>
#include <utility>

#include "twin/core/error.hpp"

namespace twin::record {

Reader::Reader(Disk& disk, std::string folder, std::uint32_t schema)
    : disk_(disk), folder_(std::move(folder)), schema_(schema) {
  segments_ = segments_in(disk_, folder_);
  if (segments_.empty())
    throw core::Error(folder_ + ": no journal (there is no segment in it); is it the folder?");
  open_segment(0);
  chain_ = segment_->header().before;
  index_ = segments_.front().first_index;
}

void Reader::damaged(std::uint64_t offset, const std::string& why) const {
  throw JournalDamaged(segment_->file_name(), offset, why);
}

void Reader::open_segment(std::size_t which) {
  segment_ = std::make_unique<SegmentReader>(disk_, folder_, segments_[which], schema_);
  which_ = which;
  decoder_ = {};
}

std::uint64_t Reader::first() const { return segments_.front().first_index; }
std::uint64_t Reader::index() const { return index_; }
const Origin& Reader::origin() const { return segment_->header().origin; }

void Reader::take(const BlockView& block) {
  const BlockHeader& h = block.header;
  if (h.first_index != chain_.entries) {
    damaged(block.offset, "a block of entry " + std::to_string(h.first_index) + " where entry " +
                              std::to_string(chain_.entries) + " is due");
  }
  chain_ = {.entries = h.first_index + h.count, .chain = h.chain};
  block_offset_ = block.offset;
  decoder_ = EntryDecoder(block.entries, block.raw,
                          h.kind == BlockKind::RawDropped ? Raw::Dropped : Raw::Kept, h.first_index,
                          h.count);
}

// Puts the next block of entries before the decoder; false at the end of what is there.
bool Reader::next_block() {
  for (;;) {
    BlockView block;
    const auto step = segment_->next(block);
    torn_ = step == SegmentReader::Step::Torn;
    if (step == SegmentReader::Step::Block) {
      take(block);
      if (block.header.count > 0) return true;
      continue;
    }
    if (step == SegmentReader::Step::Damaged) damaged(segment_->offset(), segment_->why());
    if (which_ + 1 == segments_.size()) {
      // The writer goes on in a new segment only when this one is whole; look again afterwards.
      std::vector<SegmentName> now = segments_in(disk_, folder_);
      std::erase_if(now,
                    [&](const SegmentName& n) { return n.number <= segments_[which_].number; });
      if (now.empty()) return false;
      segments_.insert(segments_.end(), now.begin(), now.end());
      continue;
    }
    if (torn_) damaged(segment_->offset(), segment_->why());
    const ChainHead before = chain_;
    const Origin origin = segment_->header().origin;
    open_segment(which_ + 1);
    if (segment_->header().before != before || segment_->header().origin != origin)
      damaged(0, "it does not continue the segment before it");
  }
}

bool Reader::next(EntryView& view) {
  if (index_ >= limit_) return false;
  while (!decoder_.next(view)) {
    if (decoder_.damaged()) damaged(block_offset_, "an entry cannot be read");
    if (!next_block()) return false;
  }
  index_ = view.index + 1;
  return true;
}

// Over whole blocks of the segment, by their headers alone, as long as `passes` says so.
template <class F>
void Reader::pass_blocks(F passes) {
  for (;;) {
    BlockHeader header;
    const std::uint64_t offset = segment_->offset();
    if (segment_->skip(header) != SegmentReader::Step::Block || !passes(header)) {
      segment_->go_to(offset);
      index_ = chain_.entries;
      return;
    }
    chain_ = {.entries = header.first_index + header.count, .chain = header.chain};
  }
}

void Reader::go_to_segment(std::size_t which) {
  open_segment(which);
  chain_ = segment_->header().before;
}

void Reader::seek(std::uint64_t index) {
  if (index < first()) {
    throw core::Error("entry " + std::to_string(index) +
                      " is no longer in the journal (it begins with entry " +
                      std::to_string(first()) + "); start from a newer snapshot?");
  }
  segments_ = segments_in(disk_, folder_);
  const auto after = std::ranges::upper_bound(segments_, index, {}, &SegmentName::first_index);
  go_to_segment(static_cast<std::size_t>(after - segments_.begin()) - 1);
  pass_blocks([&](const BlockHeader& h) { return h.first_index + h.count <= index; });
  for (EntryView view; index_ < index && next(view);) {
  }
}

void Reader::seek_arrival(core::Tick at) {
  segments_ = segments_in(disk_, folder_);
  std::size_t which = 0;  // the last segment before which nothing so late had arrived
  for (std::size_t i = 1; i < segments_.size(); ++i) {
    if (SegmentReader(disk_, folder_, segments_[i]).header().latest >= at) break;
    which = i;
  }
  go_to_segment(which);
  pass_blocks([&](const BlockHeader& h) { return h.latest < at; });
  for (EntryView view;;) {
    const std::uint64_t before = index_;
    if (!next(view)) return;
    if (view.kind != EntryKind::Advance && view.arrived >= at) return seek(before);
  }
}

core::Record read_record(Disk& disk, const std::string& folder) {
  Reader reader(disk, folder);
  core::Record record(reader.origin().head);
  for (EntryView view; reader.next(view);) record.append(view.entry());
  return record;
}

}  // namespace twin::record
