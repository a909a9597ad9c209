// All that the door remembers, as a regular value: it is saved with snapshots, and learning the
// record's entries one by one gives the same value again.
#pragma once
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

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

struct SourceMemory {
  std::vector<EpochMemory> epochs = {};  // rising by epoch
  ClockOffset clock = {};
  core::Tick last_arrived = 0;  // of its newest message [ms since 1970]
  std::uint64_t accepted = 0;   // messages in the record
  std::uint64_t quarantined = 0;
  std::uint64_t jumps = 0;  // of its counter, too far for a gap
  bool operator==(const SourceMemory&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("epochs", self.epochs);
    archive("clock", self.clock);
    archive("last_arrived", self.last_arrived);
    archive("accepted", self.accepted);
    archive("quarantined", self.quarantined);
    archive("jumps", self.jumps);
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
  static constexpr std::size_t QuarantineListed = 10'000;  // the newest; the record has them all

  event::Names names = {};                 // the record's: all tables
  std::vector<SourceMemory> sources = {};  // [number among Table::Source]
  Plausible plausible = {};
  std::vector<Quarantined> quarantine = {};  // the oldest first
  std::uint64_t quarantined = 0;             // ever
  std::uint64_t entries = 0;                 // of the record that were learnt
  bool operator==(const DoorMemory&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("names", self.names);
    archive("sources", self.sources);
    archive("plausible", self.plausible);
    archive("quarantine", self.quarantine);
    archive("quarantined", self.quarantined);
    archive("entries", self.entries);
  }
};

}  // namespace twin::link
