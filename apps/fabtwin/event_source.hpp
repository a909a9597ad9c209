// An event log read for a fab, the same way by every command that learns from one.
#pragma once
#include <functional>
#include <string>

#include "twin/event/log.hpp"
#include "twins/fab/layout.hpp"

namespace apps::fabtwin {

struct LogSpan {
  twin::core::Tick from = 0, until = 0;  // [tick] of the first event and the last
  std::uint64_t events = 0;
  std::int64_t time_zero_ms = 0;  // [ms since 1970] of tick 0
  std::string damage;             // where the log breaks off; empty: it is whole
};

enum class Reading : std::uint8_t { GoesOn, Enough };

// Gives each event in its order, until one is answered by Enough, which then does not count. A log that breaks off is
// given as far as it goes. Throws Failure (BadInput) for a file that cannot be read, is not of this data set or has no
// events, and what LogReader throws for one that is no log.
LogSpan read_events(const twins::fab::Layout& layout, const std::string& file,
                    const std::function<Reading(const twin::event::Event&)>& each);

}  // namespace apps::fabtwin
