// Made-up entries of every kind, by seed, and a journal's state to compare by: for the tests, the
// benchmark and `fabtwin torture`.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "twin/core/archive.hpp"
#include "twin/core/draw.hpp"
#include "twin/core/record.hpp"
#include "twin/record/journal.hpp"

namespace twin::record {

class ExampleEntries {
 public:
  explicit ExampleEntries(std::uint64_t seed) : draw_{.seed = seed} {}

  // The next entry. Sources count from 0 each; no number comes twice.
  core::Entry next();
  std::vector<core::Entry> take(std::size_t count);

  // An observation with an event of 40 bytes and a raw message of 110: about 200 bytes in memory.
  static core::Observation observation(std::uint64_t number, std::uint32_t sensors);

 private:
  core::Draw draw_;
  std::uint32_t occasion_ = 0;
  core::Tick now_ = 1'790'000'000'000;  // [ms since 1970] a day in 2026
  std::uint64_t next_seq_[4] = {};
  std::uint64_t count_ = 0;
};

// A fold: what is left of entries in order. Two journals with equal folds have equal entries.
class ExampleFold {
 public:
  void absorb(const core::Entry& entry) {
    hash_ = core::hash64(&hash_, sizeof hash_, core::fingerprint(entry));
    ++count_;
  }
  bool operator==(const ExampleFold&) const = default;

 private:
  std::uint64_t hash_ = 0;
  std::uint64_t count_ = 0;
};

[[nodiscard]] Origin example_origin(std::uint64_t salt = 1);

// A closed journal of `count` entries of the seed, a commit after every seventh.
struct ExampleJournal {
  std::uint64_t seed = 1;
  std::size_t count = 300;
  JournalOptions options = {.segment_bytes = 6000, .block_bytes = 900};
};
std::vector<core::Entry> write_example(Disk& disk, const std::string& folder,
                                       const ExampleJournal& example = {});

}  // namespace twin::record
