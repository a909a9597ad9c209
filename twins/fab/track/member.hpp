// Whole fabs out of what is believed of its lots: States as the mirror would have them, each drawn from the belief, so
// that a forecast can start from a log with holes as an ensemble.
#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "twins/fab/any_fab.hpp"
#include "twins/fab/track/belief.hpp"

namespace twins::fab::track {

struct Member {
  State x;  // at the moment asked for; its agenda is empty, as a mirror's
  std::uint32_t squeezed =
      0;  // lots drawn into a tool that had no room or stood: they wait before it instead
  std::uint32_t left_out = 0;  // lots whose product nothing tells
};

struct MemberOptions {
  std::uint32_t count = 50;
  std::uint32_t first = 0;  // global number of member 0
  std::uint64_t seed = 1;
  unsigned threads = 1;
};

// Draws lots one by one from `beliefs` (those of one job together) and tools from `stopped`. Lots drawn into a tool
// that nobody told of get the first of its group that has room.
// What nobody tells stays as at time zero: counters, calendars of maintenance by wafers; open windows of queue time are
// not known; a job began when its present phase did. The same for any number of threads.
std::vector<Member> members(const AnyFab& fab, const Tracker& tracker,
                            std::span<const LotBelief> beliefs, std::span<const ToolBelief> stopped,
                            Tick at, const MemberOptions& options);

}  // namespace twins::fab::track
