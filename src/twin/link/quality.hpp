// What is wrong with a message by itself: its words, numbers and times, whatever came before it.
// What contradicts other messages is in plausible.hpp. Rules with their reasons:
// docs/data-quality.md.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "twin/event/event.hpp"
#include "twin/event/names.hpp"
#include "twin/link/arrival.hpp"

namespace twin::link {

// Why a message is set aside. The words stand in records.
enum class Fault : std::uint8_t {
  None,
  Unreadable,          // the adapter could make no events of it
  TooManyEvents,       // more events in a message than any honest one holds
  BadName,             // too long, or with control characters, or a table is full
  UnknownName,         // a tool, route, ... that the site does not have
  MissingObject,       // a lot event without a lot, a measurement without its parameter
  NotFinite,           // NaN or infinity
  WrongUnit,           // a state without the unit of states, a length in seconds
  OutOfRange,          // -300 Cel, 10^9 wafers, a tool state that there is not
  BeforeSite,          // before the site's time zero
  FarFuture,           // further ahead of us than a clock may be
  TooFast,             // more events of a kind in a second than a source can have
  TwoTools,            // a lot in two tools at once
  EndedBeforeStarted,  // done before started, unloaded before ended, by their own times
  TooLong,             // in a tool for longer than any lot can be
};
std::string_view to_string(Fault fault) noexcept;  // "two-tools"

struct Finding {
  Fault fault = Fault::None;
  std::string words = {};  // for people: "lot L7: temperature -300 Cel (at least -273.15)"
  [[nodiscard]] bool good() const { return fault == Fault::None; }
};

// What a parameter's values may be. The unit must be the same; values in other units are refused.
struct ItemRange {
  std::string item = {};
  event::Unit unit = event::Unit::None;
  double low = 0.0, high = 0.0;  // [unit], both allowed
};

struct QualityOptions {
  core::Tick site_zero_ms = 0;            // nothing happened before it [ms since 1970]
  core::Tick future_ms_max = 86'400'000;  // an event may be ahead of its arrival by so much
  std::size_t events_max = 100'000;       // in a message
  std::size_t name_bytes_max = 256;
  std::size_t names_max = 10'000'000;  // of a table
  std::uint32_t wafers_max = 1'000;    // of a lot
  event::Names known = {};             // a table without names here is open to any name
  std::vector<ItemRange> ranges = {};
  // Plausibility, by event times:
  std::uint32_t moves_per_second_max = 1'000;    // of one kind from one source
  std::uint32_t others_per_second_max = 20'000;  // snapshots, samples, states: they come in bulk
  core::Tick overlap_ms_max = 300'000;  // two tools' clocks may disagree by this about one lot
  core::Tick order_ms_max = 2'000;      // phases of one stay may be so far out of order
  core::Tick stay_ms_max = 30 * 86'400'000LL;  // of a lot in a tool
};

// Whether the words of the message can be true, alone; `names` are those that its events are
// numbered by. Not the names: check_name() is for each name when it is first met.
[[nodiscard]] Finding check_message(const Arrival& arrival, const event::Names& names,
                                    const QualityOptions& options);
[[nodiscard]] Finding check_name(event::Table table, std::string_view name,
                                 const QualityOptions& options);

}  // namespace twin::link
