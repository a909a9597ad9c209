// Events as XES (IEEE 1849-2016), the exchange format of classical process mining: one trace a lot.
// Events without a lot belong to no trace and are left out. The mapping is in docs/event-log.md.
#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <string>
#include <string_view>

#include "twin/event/event.hpp"
#include "twin/event/names.hpp"

namespace twin::event {

struct XesOptions {
  std::int64_t time_zero_ms = 0;  // moment of tick 0 [ms since 1970-01-01T00:00:00Z]
  std::size_t events_held_max =
      4'000'000;  // more are read in several passes; a lot is always held whole
};

// Goes through all events once, in order, each time it is called.
using EventPass = std::function<void(const std::function<void(const Event&)>& each)>;

// Writes the traces in the order in which the lots first appear, each with its events in the log's
// order. Throws Error where the stream refuses or a time has no date.
void write_xes(std::ostream& out, const Names& names, const EventPass& pass,
               const XesOptions& options);

// What an event is in a trace: the operation with its life cycle where it is a step's, else the
// kind itself.
struct XesActivity {
  bool operation = false;       // the activity's name is the operation's
  std::string_view transition;  // lifecycle:transition of the standard's extension
};
XesActivity xes_activity(const Event& event) noexcept;

}  // namespace twin::event
