// A real process on the real disk that takes in events and is killed at random moments, again and
// again; what it acknowledged is told through a pipe and looked for afterwards.
#pragma once
#include <cstdint>
#include <string>

namespace cases::record {

struct KillCounts {
  std::uint64_t kills = 0;
  std::uint64_t acknowledged = 0;  // entries
  std::uint64_t resent = 0;        // messages sent again after a kill, and refused as known
  double running_s = 0.0;          // of all children together [s]
};

// Throws std::runtime_error with what was lost, doubled or changed. Same seed, same moments (but
// what a child has done by then depends on the machine).
KillCounts kill_again_and_again(const std::string& folder, std::uint64_t seed, std::uint64_t kills);

}  // namespace cases::record
