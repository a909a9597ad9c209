// A plant and its twin in one process under one virtual clock, and everything that can go wrong
// between and under them, by seed: the wire, the clocks, the twin's process, its disk. Then all is
// healed, and the promises are checked. For tests and `fabtwin torture`; docs/torture.md.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "apps/plant/faults.hpp"
#include "twins/fab/layout.hpp"

namespace apps::fabtwin::serve {

using twin::core::Tick;

struct TortureOptions {
  std::uint64_t seed = 1;
  Tick length = 86'400'000;      // [tick] of the plant's life
  plant::Faults faults = {};     // of wire, clocks and sources
  double strokes_per_day = 0.0;  // mean: what befalls the twin's process and its disk
  Tick away_max = 0;             // [ms] the longest that the twin is away or stands still
};

// The faults of a level (plant::FaultLevels) as this seed has them: each rate is 0 in one seed of
// four and up to one and a half times the level's in the others; clocks are set in one seed of four.
// Throws twin::core::Error for another level.
TortureOptions torture_options(std::string_view level, std::uint64_t seed, Tick length);

struct TortureCounts {
  std::uint64_t messages = 0;    // said by the plant's sources
  std::uint64_t deliveries = 0;  // that came in, broken ones included
  std::uint64_t acknowledged = 0, duplicates = 0, quarantined = 0, refused = 0;
  std::uint64_t released = 0;               // of the quarantined, for they were true
  std::uint64_t late = 0;                   // events beyond the watermark
  std::uint64_t untrue = 0, anomalies = 0;  // messages that lied; events that the mirror refused
  std::uint64_t strokes = 0, kills = 0, power_cuts = 0, disk_errors = 0, pauses = 0;
  std::uint64_t openings = 0, openings_failed = 0;
  std::uint64_t audits = 0, exact = 0;  // instants compared; with no difference
  std::uint64_t lots = 0, lots_wrong = 0, tools_wrong = 0;
  std::uint64_t entries = 0;   // of the record
  std::uint64_t kept_max = 0;  // events that the mirror had in memory
  bool operator==(const TortureCounts&) const = default;
  template <class A>
  static void fields(A& a, auto& self) {
    a("messages", self.messages);
    a("deliveries", self.deliveries);
    a("acknowledged", self.acknowledged);
    a("duplicates", self.duplicates);
    a("quarantined", self.quarantined);
    a("refused", self.refused);
    a("released", self.released);
    a("late", self.late);
    a("untrue", self.untrue);
    a("anomalies", self.anomalies);
    a("strokes", self.strokes);
    a("kills", self.kills);
    a("power_cuts", self.power_cuts);
    a("disk_errors", self.disk_errors);
    a("pauses", self.pauses);
    a("openings", self.openings);
    a("openings_failed", self.openings_failed);
    a("audits", self.audits);
    a("exact", self.exact);
    a("lots", self.lots);
    a("lots_wrong", self.lots_wrong);
    a("tools_wrong", self.tools_wrong);
    a("entries", self.entries);
    a("kept_max", self.kept_max);
  }
};

struct Tortured {
  TortureCounts counts = {};
  std::uint64_t fingerprint = 0;  // of all that came out: equal for equal options
  std::string broken = {};        // the first promise that was not kept, in words; empty: none
};

Tortured torture(const std::shared_ptr<const twins::fab::Layout>& layout,
                 const TortureOptions& options);

}  // namespace apps::fabtwin::serve
