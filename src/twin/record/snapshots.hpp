// States saved beside a journal, each at an index: restarting is the newest one and the entries
// behind it. Compressed, checked, written whole or not at all; a damaged one is passed over.
#pragma once
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "twin/record/coding.hpp"
#include "twin/record/disk.hpp"
#include "twin/record/segment.hpp"

namespace twin::record {

struct Snapshot {
  std::uint64_t index = 0;  // the state after the entries below it
  Bytes bytes = {};
};

struct NewestSnapshot {
  std::optional<Snapshot> found = {};
  std::vector<std::string> skipped = {};  // newer ones that could not be read: which, and why
};

struct SnapshotOptions {
  std::size_t keep = 3;                  // of one name; older ones are removed
  std::uint64_t bytes_max = 4ULL << 30;  // of one state; a larger one is refused
  int level = 3;                         // of zstd
};

class Snapshots {
 public:
  // In the folder "snapshots" of the journal's. `id` is the journal's: states of another one are
  // passed over.
  Snapshots(Disk& disk, const std::string& journal_folder, const JournalId& id,
            SnapshotOptions options = {});

  // `name`: a-z, 0-9, '-' and '_'. Lasts when it returns. Throws core::Error, DiskError.
  void save(std::string_view name, std::uint64_t index, std::span<const std::uint8_t> bytes);
  // The newest whole one whose index is at most `index_max`.
  [[nodiscard]] NewestSnapshot newest(
      std::string_view name,
      std::uint64_t index_max = std::numeric_limits<std::uint64_t>::max()) const;
  [[nodiscard]] std::vector<std::uint64_t> indexes(std::string_view name) const;  // ascending
  static std::string file_of(std::string_view name, std::uint64_t index);
  [[nodiscard]] std::vector<std::string> names() const;  // sorted

 private:
  [[nodiscard]] Bytes read(const std::string& file, std::uint64_t index) const;

  Disk& disk_;
  std::string folder_;
  JournalId id_;
  SnapshotOptions options_;
};

}  // namespace twin::record
