// What a journal may forget: raw bytes after a while, whole segments once every state that is
// restarted from stands behind them. The chain stays verifiable from the first entry on.
#pragma once
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "twin/core/tick.hpp"
#include "twin/record/disk.hpp"

namespace twin::record {

struct RetentionPolicy {
  // Raw bytes of blocks all of whose entries arrived before this moment are dropped [ms].
  core::Tick raw_before = std::numeric_limits<core::Tick>::min();
  // Segments all of whose entries arrived before this moment are removed [ms] ...
  core::Tick segments_before = std::numeric_limits<core::Tick>::min();
  // ... if they lie before a whole snapshot of each of these names, which are needed to restart.
  std::vector<std::string> states = {};
  std::string archive = {};  // a folder that removed segments are copied to first; empty: none
};

struct Retained {
  std::uint64_t blocks_without_raw = 0;  // whose raw bytes were dropped now
  std::uint64_t segments_removed = 0;
  std::uint64_t bytes_freed = 0;
  std::string kept_because;  // why segments that are old enough stay; empty: none do
};

// May run beside the writer: the last segment is never touched. Throws core::Error, JournalDamaged,
// DiskError; whenever it stops, the journal is whole.
Retained apply_retention(Disk& disk, const std::string& folder, const RetentionPolicy& policy);

}  // namespace twin::record
