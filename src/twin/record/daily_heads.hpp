// One line a day that proves all before it: the chain at the last block of the day, in a small file
// to be copied somewhere that whoever can change the journal cannot reach.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "twin/core/tick.hpp"
#include "twin/record/block.hpp"
#include "twin/record/disk.hpp"

namespace twin::record {

struct DailyHead {
  std::int64_t day = 0;  // since 1970-01-01 UTC, of the latest arrival
  ChainHead head = {};
  bool operator==(const DailyHead&) const = default;
};

[[nodiscard]] std::int64_t day_of(core::Tick ms);
// "2026-11-28 1234567 <64 hexadecimal digits>": date, entries, chain.
[[nodiscard]] std::string to_string(const DailyHead& head);
[[nodiscard]] DailyHead daily_head_of(std::string_view line);  // throws core::Error

// The file "daily-heads.txt" of a journal: one line a head, its last words a check of the line.
class DailyHeads {
 public:
  // Reads the file; an unfinished last line is left out, anything else that is wrong is an Error.
  DailyHeads(Disk& disk, std::string folder);
  // Adds a head and syncs. Throws DiskError.
  void add(const DailyHead& head);
  [[nodiscard]] const std::vector<DailyHead>& heads() const& { return heads_; }
  const std::vector<DailyHead>& heads() const&& = delete;  // they would outlive it

 private:
  Disk& disk_;
  std::string folder_;
  std::vector<DailyHead> heads_;
  std::uint64_t bytes_ = 0;  // of whole lines in the file
};

}  // namespace twin::record
