// The same fold again: from a snapshot or the start over the entries of the record, to its end, an
// index or a moment. What comes out has the hash of the process that lived through it.
#pragma once
#include <cstdint>
#include <functional>
#include <limits>

#include "twins/fab/live/live.hpp"

namespace twins::fab::live {

// The record's entries in their order, from live.ledger.entries on; false at its end. A journal's
// Reader, sought to that index, is one: its view's entry().
using NextEntry = std::function<bool(twin::core::Entry&)>;

struct ReplayUntil {
  std::uint64_t entries = std::numeric_limits<std::uint64_t>::max();   // as many as the record has
  std::int64_t arrived_ms = std::numeric_limits<std::int64_t>::max();  // [ms since 1970] by then
};

// Absorbs entry by entry, then settles; how many there were.
std::uint64_t replay(Follower& follower, Live& live, const NextEntry& next,
                     const ReplayUntil& until = {});

// Reads a long stretch as one: whatever came in it, however late, takes its place, as far back as
// the value's oldest rung. For what came from beyond the reach of the living one
// (Ledger::beyond_from): begin with a snapshot from before that. Holds all events of the stretch in
// memory meanwhile (104 bytes each).
std::uint64_t refold(Follower& follower, Live& live, const NextEntry& next,
                     const ReplayUntil& until = {});

}  // namespace twins::fab::live
