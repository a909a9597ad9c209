// What tools did lately, as bars for a Gantt: jobs, setups, outages and maintenance, from the events that the mirror
// still remembers, the last day or so.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "apps/fabtwin/serve/living.hpp"
#include "twins/fab/live/told.hpp"

namespace apps::fabtwin::serve {

struct JobBar {
  std::uint32_t tool = 0;
  std::uint8_t mode = 0;                 // index of ModeNames
  std::uint32_t lot = twins::fab::None;  // of several in one job: the first; None: no job
  std::uint32_t lots = 0;                // in it
  Tick from = 0, until = 0;              // [tick]
  bool operator==(const JobBar&) const = default;
};

// Bars that touch from <= t < until, by tool and then time. start: the fab before the first event; what goes on there
// began when the State says it did. events: by time. What is not over by `until` ends there.
std::vector<JobBar> job_bars(const twins::fab::Layout& layout, const twins::fab::State& start,
                             std::span<const twins::fab::live::Told> events, Tick from, Tick until);

struct JobsAsked {
  double hours = 12.0;
  std::string group = {}, tool = {};  // empty: all
};
// Of "hours=12&group=...&tool=...". twin::core::Error says which is wrong.
JobsAsked jobs_asked(std::string_view query);
// Columns, so that thousands of bars are small; nothing where there is no such group or tool.
std::optional<std::string> jobs_json(Living& living, const JobsAsked& asked, Tick now_ms);

}  // namespace apps::fabtwin::serve
