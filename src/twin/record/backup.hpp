// Copies of a journal: a backup while it is being written, a restore that overwrites nothing, and a
// fork that goes its own way from an entry on.
#pragma once
#include <cstdint>
#include <limits>
#include <span>
#include <string>

#include "twin/record/disk.hpp"
#include "twin/record/journal.hpp"
#include "twin/record/migration.hpp"

namespace twin::record {

struct Place {  // of a journal
  Disk& disk;
  std::string folder;
};

struct Copied {
  ChainHead head = {};  // of the copy: keep it elsewhere, verify() takes it
  std::uint64_t bytes = 0;
};

// Copies whole blocks up to `entries_max` (of a live journal: its durable()), checking each one, and
// the snapshots, daily heads, hashes and documents of provenance that belong to them: all of the
// folder that cannot be made again. The target must have no journal. A copy that was not finished
// cannot be opened. Throws core::Error, JournalDamaged, DiskError.
Copied copy_journal(const Place& from, const Place& to,
                    std::uint64_t entries_max = std::numeric_limits<std::uint64_t>::max());

struct ForkOptions {
  std::uint64_t at = std::numeric_limits<std::uint64_t>::max();  // entries taken over; at most all
  core::Tick created = 0;                                        // [ms since 1970]
  std::uint64_t salt = 0;  // two forks of one millisecond differ by it
};

// A new journal that begins with the entries below `at` and says in its origin whose they were: the
// parent's id, the index, and the chain behind the block of the last one. Takes the parent's states
// over too. Answers the fork's origin.
Origin fork_journal(const Place& from, const Place& to, const ForkOptions& options);

// Writes a journal of any schema that this program knows as one of the newest schema: the same
// entries with the same indexes, as `known` makes them. Its parent is the old one, which stays.
Origin migrate_journal(const Place& from, const Place& to, core::Tick created,
                       std::span<const Migration> known = migrations());

// A record in memory, as saved by core::save before there were journals.
Origin import_record(const core::Record& record, const Place& to, core::Tick created);

}  // namespace twin::record
