// What people do to a running fab from outside its laws: hold a lot and let it go, scrap, split and
// merge lots, change a priority, start a maintenance. Each acts at x.now and leaves a State that can simply run on.
#pragma once
#include <cstdint>
#include <string_view>

#include "twins/fab/any_fab.hpp"
#include "twins/fab/log_sink.hpp"

namespace twins::fab {

// Lots that people take in beside the streams have numbers and serials from here on, so that those of the streams keep
// theirs, and with them their luck (decide/act.hpp).
inline constexpr std::uint32_t FirstAccepted = 0xf0000000U;

// What became of it. From UnknownLot on, nothing was changed.
enum class Intervened : std::uint8_t {
  Now,          // done
  Later,        // will be done when the lot comes to its next queue, or the tool is free
  UnknownLot,   // no such lot is in the fab
  InTool,       // the lot is in a job: wait for its end
  OnItsWay,     // the lot is being moved
  HeldAlready,  // or is going to be
  NotHeld,
  BadWafers,      // a split must leave wafers on both sides
  SameLot,        // a lot cannot be merged with itself
  NotTogether,    // lots of different products, at different steps, or one of them not held
  TooManyWafers,  // more than a batch of a step ahead may have
  UnknownTool,
  UnknownCalendar,  // the tool's group has no such maintenance
  AskedAlready,     // that maintenance waits for the tool to be free, or is under way
};
std::string_view to_string(Intervened outcome);

[[nodiscard]] constexpr bool was_done(Intervened outcome) { return outcome <= Intervened::Later; }

class Interventions {
 public:
  // The log, where there is one, is told what was done. All must outlive this.
  Interventions(const AnyFab& fab, State& x, LogSink* log = nullptr)
      : fab_(fab), x_(x), log_(log) {}

  // At once where the lot waits in a queue; a lot in a tool or on its way is held when it comes to
  // its next queue. Time on hold does not count as waiting for a tool.
  Intervened hold(std::uint32_t lot);

  // Back into the queue of its step, as if it had arrived now; or takes back a hold still to come.
  Intervened release(std::uint32_t lot);

  // Not while it is in a tool.
  Intervened scrap(std::uint32_t lot);

  struct SplitOff {
    Intervened outcome = Intervened::UnknownLot;
    std::uint32_t lot = None;  // the new lot
  };
  // `wafers` of a lot that waits or is held become a lot of their own, of the same age, priority,
  // open queue-time window and dedication.
  SplitOff split(std::uint32_t lot, std::uint32_t wafers);

  // `other` ends in `lot`. Both wait, or both are held, at the same step of the same product.
  Intervened merge(std::uint32_t lot, std::uint32_t other);

  Intervened set_priority(std::uint32_t lot, std::int32_t priority);

  // A maintenance of the tool's group beside its calendar, which stays as it is: it begins when the
  // tool is free. `calendar`: from 0, in the order of the description.
  Intervened start_pm(std::uint32_t tool, std::uint32_t calendar);

 private:
  void look_again(std::uint32_t group);

  const AnyFab& fab_;
  State& x_;
  LogSink* log_;
};

}  // namespace twins::fab
