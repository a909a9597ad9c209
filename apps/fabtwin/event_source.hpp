// An event log read for a fab: its numbers mean something only where its tables are those of the data set.
#pragma once
#include <functional>
#include <string>

#include "twin/event/log.hpp"
#include "twins/fab/layout.hpp"

namespace apps::fabtwin {

struct LogSpan {
  twin::core::Tick from = 0, until = 0;  // [tick] of the first event and the last
  std::uint64_t events = 0;
  std::string damage;  // where the log breaks off; empty: it is whole
};

// Gives each event in its order. A log that breaks off is given as far as it goes. Throws twin::core::Error for a file
// that cannot be read, is no log, is not of this data set or has no events.
LogSpan read_events(const twins::fab::Layout& layout, const std::string& file,
                    const std::function<void(const twin::event::Event&)>& each);

}  // namespace apps::fabtwin
