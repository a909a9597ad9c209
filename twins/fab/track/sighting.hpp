// Where a lot was when it was last heard of, and where it may be now: the words of the tracker.
#pragma once
#include <cstdint>
#include <string_view>

#include "twins/fab/state.hpp"

namespace twins::fab::track {

// A lot's way through a step. The two of no duration stand for what is decided at one instant: whether a step just done
// is to be done again, and whether the next one is left out.
enum class Phase : std::uint8_t {
  Done,      // unloaded: rework?                                                       (at once)
  Deciding,  // may be processed at `step` next, or skip it                              (at once)
  Moving,    // on its way to `step`
  Waiting,  // in its queue; the tool's setup before the load counts here where nobody told that it entered
  Entered,  // in a tool that must be set up first
  Loading,
  Processing,
  Unloading,
  Held,  // until somebody says otherwise
  Left,  // finished or scrapped
};
std::string_view to_string(Phase phase);

inline bool in_tool(Phase phase) { return phase >= Phase::Entered && phase <= Phase::Unloading; }

// What the last event of a lot says, and what other events have said about it since.
struct Sighting {
  Tick since = 0;   // [tick] when the phase began
  Tick inside = 0;  // [tick] until when it is sure to have stayed in this phase
  Tick out = -1;    // [tick] it had left the tool by then; -1: not known
  std::uint32_t lot = None, route = None, tool = None, job = None;
  std::uint32_t step = None;      // global; of Deciding it may stand one behind the route's last
  std::uint32_t visit = 0;        // route positions passed before
  std::uint32_t location = None;  // of the last performed step
  std::uint32_t wafers = 0;       // of the lot
  std::uint32_t job_wafers = 0;   // of the job it is in, as far as known
  std::uint32_t ahead = 0;        // lots that waited in its queue when it came there
  std::uint32_t product = None;
  std::int32_t priority = 0;
  Tick release = 0, due = -1;  // [tick]; -1: not known
  Phase phase = Phase::Deciding;
  bool silent = true;  // nothing was heard of its tool since
  bool operator==(const Sighting&) const = default;
};

struct Window {
  Tick from = 0, to = 0;  // [tick]
  bool operator==(const Window&) const = default;
};

// One place where a lot may be, with its probability. No phase that ends at once.
struct Whereabouts {
  Phase phase = Phase::Waiting;
  std::uint32_t step = None;  // global; of Left the last one
  std::uint32_t tool = None;  // None: in none, or in one of its group that nobody told
  std::uint32_t visit = 0;
  std::uint32_t location = None;  // of the last performed step
  Tick since = 0;                 // [tick] when the phase began
  double weight = 0.0;            // of all of a lot together 1
  bool operator==(const Whereabouts&) const = default;
};

}  // namespace twins::fab::track
