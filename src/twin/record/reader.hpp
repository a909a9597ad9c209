// A journal read in order from any index or moment, by views and without allocation; at its end it
// can be asked again, and gives what has been written meanwhile. Needs no writer and disturbs none.
#pragma once
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "twin/record/disk.hpp"
#include "twin/record/entry_codec.hpp"
#include "twin/record/entry_view.hpp"
#include "twin/record/segment.hpp"

namespace twin::record {

class Reader {
 public:
  // At the first entry that is there. Throws core::Error if there is no journal of that schema. The
  // disk must outlive it.
  Reader(Disk& disk, std::string folder, std::uint32_t schema = SchemaVersion);

  // The next entry, valid until the next call; false at the end, where it may be called again.
  // Throws JournalDamaged once everything before the damage was given.
  bool next(EntryView& view);

  // Goes to the entry of that index; Error if it is before the first one. Behind the end: next()
  // is false until there are so many.
  void seek(std::uint64_t index);
  // Goes to the first entry at which an arrival of `at` or later has been seen.
  void seek_arrival(core::Tick at);
  // next() gives only entries below it: a live journal's durable().
  void limit(std::uint64_t entries) { limit_ = entries; }

  [[nodiscard]] std::uint64_t first() const;  // index of the first entry that is there
  [[nodiscard]] std::uint64_t index() const;  // of the entry that next() would give
  [[nodiscard]] const Origin& origin() const;
  [[nodiscard]] ChainHead chain() const { return chain_; }  // behind the block being read
  // After next() was false: whether an unfinished write stands at the end.
  [[nodiscard]] bool torn() const { return torn_; }

 private:
  void open_segment(std::size_t which);
  bool next_block();
  void take(const BlockView& block);
  [[noreturn]] void damaged(std::uint64_t offset, const std::string& why) const;
  void go_to_segment(std::size_t which);
  template <class F>
  void pass_blocks(F passes);

  Disk& disk_;
  std::string folder_;
  std::uint32_t schema_;
  std::vector<SegmentName> segments_;
  std::size_t which_ = 0;
  std::unique_ptr<SegmentReader> segment_;
  EntryDecoder decoder_;
  std::uint64_t block_offset_ = 0;
  std::uint64_t index_ = 0;  // of the next entry
  std::uint64_t limit_ = std::numeric_limits<std::uint64_t>::max();
  ChainHead chain_;  // behind the block being read
  bool torn_ = false;
};

// Every entry of a journal, as a record in memory.
[[nodiscard]] core::Record read_record(Disk& disk, const std::string& folder);

}  // namespace twin::record
