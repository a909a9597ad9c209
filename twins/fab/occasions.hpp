// The names of the fab's randomness ("what" of a Draw) and of its events ("kind" of an agenda entry).
#pragma once
#include <cstdint>

namespace twins::fab {

// what: who, occasion.
enum class What : std::uint32_t {
  LotVisit = 1,      // lot, visit: words {sampled?, transport, process time, rework?}
  FirstFailure = 2,  // breakdown process of a tool, 0
  Failure = 3,  // breakdown process of a tool, count: words {time to repair, time to next failure}
  Maintenance = 4,    // maintenance calendar of a tool, count
  Release = 5,        // stream, k: interval to the next release
  DueDate = 6,        // lot, 0: where due dates are drawn
  SetupUnderWay = 7,  // tool, 0: which setup a mirrored one began from (ahead.hpp)
  CauseDown = 8,      // tool, n: cause of the n-th breakdown of a mirrored tool
  RandomRank = 9,     // lot, instant: the rule "random"
};

enum class Happens : std::uint16_t {
  Release,    // who: stream
  Listed,     // the next listed lot comes in
  Arrive,     // who: lot slot
  JobEnd,     // who: tool; arg: entry slot + 2 * epoch
  Fail,       // who: tool; arg: breakdown process of its group
  Repair,     // who: tool; arg: the same
  PmDue,      // who: tool; arg: maintenance of its group
  PmDone,     // who: tool
  SlotFree,   // who: tool: slot 1 of a cascading tool may be free
  Dispatch,   // who: tool group: an action from outside changed its queue or its tools
  PmAsked,    // who: tool; arg: maintenance of its group: people want it now, beside its calendar
  TakenDown,  // who: tool: people take it out of work; one at a time, each with its PutBack
  PutBack,    // who: tool
  Enter,      // who: lot slot: waits outside, and no release control holds it there any more
};

}  // namespace twins::fab
