// Lines that ought to speak all the time and have been silent: tools' lines while the MES goes on, or the other way
// round. Half a story must not be taken for the whole one.
#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "twin/core/tick.hpp"
#include "twins/fab/live/live.hpp"

namespace apps::fabtwin::serve {

struct Silence {               // of all sources of one kind of line
  std::string lines = {};      // "secs", "mqtt": what stands before the / of their names
  std::uint32_t count = 0;     // sources
  twins::fab::Tick since = 0;  // [tick] the newest thing that one of them told of
};

// Of each kind of line of which nothing later than `stale_after` before `now` is known, longest silent first. What is
// told late counts from when it happened, so lines that catch up are silent until they have. Files and HTTP come when
// somebody sends them, and are never silent. One tool with nothing to say is not either: one of its kind speaks.
// shown: when lines of a kind were last known to be up by themselves; nothing has happened there until then.
std::vector<Silence> silences(const twins::fab::live::Live& live,
                              const std::map<std::string, twins::fab::Tick, std::less<>>& shown,
                              twins::fab::Tick now, twins::fab::Tick stale_after);

}  // namespace apps::fabtwin::serve
