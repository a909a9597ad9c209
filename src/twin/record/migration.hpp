// From one schema of the journal to the next, so that a journal of an older program is never lost: a
// program writes the newest schema alone, refuses every other by name, and makes a journal of an
// older one into one of its own (migrate_journal) by the steps between them.
#pragma once
#include <cstdint>
#include <span>
#include <string>

#include "twin/core/record.hpp"
#include "twin/record/disk.hpp"
#include "twin/record/segment.hpp"

namespace twin::record {

// Makes entries of schema `to` - 1 into those of `to`. None comes or goes, and who said what (sensor,
// epoch, sensor_seq) stays.
struct Migration {
  std::uint32_t to = 0;
  void (*entry)(core::Entry& entry) = nullptr;
};

// What this program knows, rising. Schema 1 is the first, so there is none yet.
[[nodiscard]] std::span<const Migration> migrations();

// Of a journal, of whatever program; its first segment's. Throws core::Error where there is none.
[[nodiscard]] std::uint32_t schema_of(Disk& disk, const std::string& folder);

struct Steps {  // from an older schema to the newest
  std::uint32_t from = SchemaVersion;
  std::span<const Migration> all = {};
};
// Throws core::Error where the schema is newer than this program, or no steps lead from it.
[[nodiscard]] Steps steps_from(std::uint32_t schema, std::span<const Migration> known);

}  // namespace twin::record
