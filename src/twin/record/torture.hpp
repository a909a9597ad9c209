// One life after another of a journal on a disk that fails by seed, with a source that resends what
// was not acknowledged, and a checker of the promises: what was acknowledged is there, in order,
// once, and nothing is there that was never sent. For the tests and for `fabtwin torture`.
#pragma once
#include <cstdint>
#include <string>

namespace twin::record {

struct TortureCounts {
  std::uint64_t lives = 0;
  std::uint64_t power_cuts = 0;
  std::uint64_t kills = 0;
  std::uint64_t disk_errors = 0;
  std::uint64_t acknowledged = 0;  // entries
  std::uint64_t torn = 0;          // recoveries that cut something off
};

// Throws core::Error "seed N: what was broken". The same seed does the same.
TortureCounts torture_journal(std::uint64_t seed);

// One fault-free run of a fixed load, stopped at operation `stop_at` of the disk, with or without a
// loss of power; then recovered and run to its end. False once the run has fewer operations.
enum class StopKind : std::uint8_t { Kill, PowerCut };
bool torture_at(std::uint64_t seed, std::uint64_t stop_at, StopKind kind);

}  // namespace twin::record
