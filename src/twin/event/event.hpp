// The canonical event of manufacturing: one plain value for what the fab model writes, what
// calibration reads and what every link delivers. Its words are in vocabulary.hpp, the names behind
// its numbers in names.hpp.
#pragma once
#include <cstdint>
#include <limits>
#include <type_traits>

#include "twin/core/tick.hpp"
#include "twin/event/vocabulary.hpp"

namespace twin::event {

using core::Tick;

inline constexpr std::uint32_t None =
    std::numeric_limits<std::uint32_t>::max();  // "no such object"

// Made in a simulator's inner loop: 96 bytes without a gap, no allocation, no constructor to run.
struct Event {
  Tick at = 0;                   // event time [ms since the log's time zero], by the source's clock
  Tick arrived = 0;              // when it reached us [ms since the log's time zero]
  std::uint64_t source_seq = 0;  // the source's own counter: gaps and duplicates show
  double value = 0.0;            // [unit]; what it means depends on the kind
  std::uint64_t raw_offset = 0;  // where the raw bytes begin in the source's raw file [bytes]
  std::uint32_t raw_length = 0;  // how many there are [bytes]; 0: none kept
  std::uint32_t source = None;   // link or tool that said it: Table::Source
  std::uint32_t lot = None;      // Table::Lot
  std::uint32_t wafers = 0;      // wafers concerned [wafers]; 0: not said
  std::uint32_t carrier = None;  // Table::Carrier
  std::uint32_t tool = None;     // Table::Tool
  std::uint32_t chamber = None;  // Table::Chamber
  std::uint32_t route = None;    // Table::Route; route and step together are the operation
  std::uint32_t step = None;     // position within the route, from 0
  std::uint32_t visit = None;  // how many steps the lot had begun before, from 0: rework comes back
  std::uint32_t recipe = None;  // Table::Recipe
  std::uint32_t job = None;     // job of the tool, or batch: a number of its own, without a name
  std::uint32_t item = None;  // what else the kind speaks of (parameter, alarm, reason): item_table
  Kind kind = Kind::Unknown;
  Unit unit = Unit::None;
  Quality quality = Quality::Good;

  bool operator==(const Event&) const = default;

  template <class A>
  static void fields(A& archive, auto& self) {
    archive("at", self.at);
    archive("arrived", self.arrived);
    archive("source_seq", self.source_seq);
    archive("value", self.value);
    archive("raw_offset", self.raw_offset);
    archive("raw_length", self.raw_length);
    archive("source", self.source);
    archive("lot", self.lot);
    archive("wafers", self.wafers);
    archive("carrier", self.carrier);
    archive("tool", self.tool);
    archive("chamber", self.chamber);
    archive("route", self.route);
    archive("step", self.step);
    archive("visit", self.visit);
    archive("recipe", self.recipe);
    archive("job", self.job);
    archive("item", self.item);
    archive("kind", self.kind);
    archive("unit", self.unit);
    archive("quality", self.quality);
  }
};

static_assert(sizeof(Event) == 96 && std::is_trivially_copyable_v<Event>);

}  // namespace twin::event
