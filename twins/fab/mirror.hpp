// The mirror: the fab's State moved by events from outside instead of by its own laws of chance.
// Fed with the log of a simulation it has the simulation's queues, tool states and positions; fed
// by a live link it has the real fab's. It has no future: its agenda is empty.
#pragma once
#include <array>
#include <cstdint>
#include <string_view>

#include "twin/event/event.hpp"
#include "twins/fab/any_fab.hpp"
#include "twins/fab/event_names.hpp"
#include "twins/fab/floor.hpp"

namespace twins::fab {

// What became of an event. All but the first leave the State as it was.
enum class Applied : std::uint8_t {
  Moved,       // the State has moved to the event's time and by what it says
  NotAMove,    // it speaks of nothing that the State holds: a measurement, an alarm, a command
  Late,        // before the mirror's time: a matter for a correction
  BadTime,     // beyond all times that can be reckoned with
  BadValue,    // a number in it that cannot be
  UnknownLot,  // no such lot is in the fab
  KnownLot,    // a lot with this number is in the fab already
  UnknownTool,
  UnknownStep,  // no step of the lot's route
  UnknownItem,  // no such product, setup, calendar or cause
  WrongPlace,   // the lot is elsewhere: not in a queue, not in a tool, not on its way
  WrongTool,    // a tool that does not do the lot's step
  WrongStep,    // another step than the one the lot waits for or is processed at
  TwoTools,     // the lot is in another tool
  ToolBusy,     // no room for another job, or a job inside that must not be there
  ToolStopped,  // down or in maintenance
  OutOfOrder,   // ended before it started, started twice, up without having been down
};
std::string_view to_string(Applied outcome);

// Events are numbered as EventNames(fab.layout()) says. The fab must outlive the mirror.
class Mirror {
 public:
  explicit Mirror(const AnyFab& fab) : fab_(fab), names_(fab.layout()) { slots_.fill(None); }

  // The fab at time zero before its first event: all tools able, no lots.
  [[nodiscard]] State start() const;

  // A simulation's State as a mirror would have it: without its future. Jobs under way have no end
  // yet, reservations and breakdowns that wait for a job are not known. A mirror knows of a cascading
  // tool when a job last left its second slot, this one only if no job came after.
  [[nodiscard]] State follow(State x) const;

  [[nodiscard]] Applied apply(State& x, const twin::event::Event& event);
  [[nodiscard]] const EventNames& names() const { return names_; }

 private:
  struct Move;
  friend struct Move;

  // Lot numbers were last found in these slots: a memory that is checked before it is believed.
  std::uint32_t slot_of(const State& x, std::uint32_t id);

  const AnyFab& fab_;
  EventNames names_;
  std::array<std::uint32_t, 4096> slots_;  // [lot number mod 4096] slot
};

}  // namespace twins::fab
