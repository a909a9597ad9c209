// The canonical events of a journal, in the order in which they came, with the names they need: for
// export and for people. Times are [ms since 1970].
#pragma once
#include <cstdint>
#include <functional>
#include <string>

#include "twin/event/event.hpp"
#include "twin/event/names.hpp"
#include "twin/record/disk.hpp"

namespace apps::fabtwin {

struct JournalEvents {
  std::uint64_t entries = 0;      // of the journal
  std::uint64_t messages = 0;     // observations with events
  std::uint64_t events = 0;       // given
  std::uint64_t quarantined = 0;  // observations without events: set aside
  std::uint64_t unreadable = 0;   // whose bytes are no events
  bool torn = false;              // an unfinished write stands at the end
};

// Gives each event; `names` learns the journal's before they are used. A correction gives the events
// that it brings. Throws twin::record::JournalDamaged after all that stands before the damage.
JournalEvents read_journal(twin::record::Disk& disk, const std::string& folder,
                           twin::event::Names& names,
                           const std::function<void(const twin::event::Event&)>& each);

}  // namespace apps::fabtwin
