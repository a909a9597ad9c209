// All that the door remembers, as a regular value: it is saved with snapshots, and learning the
// record's entries one by one gives the same value again.
#pragma once
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "twin/core/containers.hpp"
#include "twin/core/record.hpp"
#include "twin/event/names.hpp"
#include "twin/link/clock_offset.hpp"
#include "twin/link/plausible.hpp"
#include "twin/link/sequence.hpp"

namespace twin::link {

struct EpochMemory {
  std::uint32_t epoch = 0;
  Sequence met = {};
  bool operator==(const EpochMemory&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("epoch", self.epoch);
    archive("met", self.met);
  }
};

struct OpenHole {  // numbers that have not come
  std::uint32_t epoch = 0;
  SeqRange missing = {};
  core::Tick since = 0;    // when the message behind it arrived [ms since 1970]
  std::uint8_t noted = 0;  // 1: a Note "gap" says so
  bool operator==(const OpenHole&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("epoch", self.epoch);
    archive("missing", self.missing);
    archive("since", self.since);
    archive("noted", self.noted);
  }
};

struct SourceMemory {
  static constexpr std::size_t HolesKept = 10'000;  // with their times; `epochs` knows all
  std::vector<EpochMemory> epochs = {};             // rising by epoch
  std::vector<OpenHole> holes = {};                 // as they were met
  ClockOffset clock = {};
  core::Tick last_arrived = 0;  // of its newest message [ms since 1970]
  std::uint64_t accepted = 0;   // messages in the record
  std::uint64_t quarantined = 0;
  std::uint64_t jumps = 0;  // of its counter, too far for a gap
  std::uint8_t raised = 0;  // 1: a Note says that its clock is skewed
  bool operator==(const SourceMemory&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("epochs", self.epochs);
    archive("holes", self.holes);
    archive("clock", self.clock);
    archive("last_arrived", self.last_arrived);
    archive("accepted", self.accepted);
    archive("quarantined", self.quarantined);
    archive("jumps", self.jumps);
    archive("raised", self.raised);
  }
};

// A message that was set aside, or what could not be read at all: then it has no observation.
struct Quarantined {
  std::uint64_t note = 0;                         // index of the Note in the record: reason, events
  std::optional<std::uint64_t> observation = {};  // index of the Observation: its bytes
  core::Tick arrived = 0;
  std::string source = {}, reason = {}, words = {};
  std::uint32_t epoch = 0;
  std::uint64_t seq = 0;
  bool released = false;
  bool operator==(const Quarantined&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("note", self.note);
    archive("observation", self.observation);
    archive("arrived", self.arrived);
    archive("source", self.source);
    archive("reason", self.reason);
    archive("words", self.words);
    archive("epoch", self.epoch);
    archive("seq", self.seq);
    archive("released", self.released);
  }
};

struct DoorMemory {
  // The newest are listed; the record has them all.
  static constexpr std::size_t QuarantineListed = 2'000;

  event::Names names = {};                 // the record's: all tables
  std::string unnoted = {};                // new names that stand in no Note yet
  std::vector<SourceMemory> sources = {};  // [number among Table::Source]
  Plausible plausible = {};
  std::deque<Quarantined> quarantine = {};  // the oldest first
  std::uint64_t quarantined = 0;            // ever
  std::uint64_t entries = 0;                // of the record that were learnt
  bool operator==(const DoorMemory&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("names", self.names);
    archive("unnoted", self.unnoted);
    archive("sources", self.sources);
    archive("plausible", self.plausible);
    archive("quarantine", self.quarantine);
    archive("quarantined", self.quarantined);
    archive("entries", self.entries);
  }
};

}  // namespace twin::link
