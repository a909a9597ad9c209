// A whole journal checked: every bit of it, its chain from the first entry on, what it says of
// itself elsewhere (snapshots, daily heads, removed segments), and heads that were kept outside.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "twin/record/block.hpp"
#include "twin/record/disk.hpp"
#include "twin/record/segment.hpp"

namespace twin::record {

struct Finding {
  std::string file;
  std::uint64_t offset = 0;  // [bytes] in it
  std::string what;
  bool operator==(const Finding&) const = default;
};
[[nodiscard]] std::string to_string(const Finding& finding);  // "FILE, byte N: WHAT"

struct Verdict {
  std::uint64_t first = 0;  // index of the first entry that is there
  std::uint64_t segments = 0;
  std::uint64_t blocks = 0;
  std::uint64_t entries = 0;     // read and found good
  ChainHead chain = {};          // at the end
  std::uint64_t torn_bytes = 0;  // of an unfinished write at the end: no damage
  bool closed = false;           // by its writer; else the last block might be missing unseen
  std::vector<Finding> findings = {};
  [[nodiscard]] bool good() const { return findings.empty(); }
};

struct VerifyOptions {
  std::vector<ChainHead> known = {};  // heads that were kept outside: daily ones, a backup's
};

// Goes on behind a damage with the next segment. Throws core::Error if there is no journal.
[[nodiscard]] Verdict verify(Disk& disk, const std::string& folder,
                             const VerifyOptions& options = {});

}  // namespace twin::record
