// Tool time by state for tools in which two jobs overlap (reference 2.18).
#pragma once
#include <algorithm>

#include "twins/fab/state.hpp"

namespace twins::fab {

// Adds what the up to two jobs of a cascading tool did since the last call: where phases overlap, setup counts before
// process, process before load, load before unload.
inline void account_tool_time(Tool& tool, std::array<Tick, ToolTimes>& times, Tick until) {
  Tick t = tool.accounted;
  tool.accounted = until;
  if (tool.jobs_inside == 0) return;
  if (tool.jobs_inside == 1) {  // nothing overlaps
    const Job& job = tool.jobs[0].first_lot != None ? tool.jobs[0] : tool.jobs[1];
    const auto add = [&](ToolTime state, Tick from, Tick to) {
      times[static_cast<std::size_t>(state)] +=
          std::max<Tick>(std::min(to, until) - std::max(from, t), 0);
    };
    add(ToolTime::Setup, job.setup_start, job.setup_end);
    add(ToolTime::Load, job.setup_end, job.load_end);
    add(ToolTime::Process, job.process_start, job.process_end);
    add(ToolTime::Unload, job.process_end, job.end);
    return;
  }
  while (t < until) {
    std::size_t state = ToolTimes;
    Tick next = until;
    for (const Job& job : tool.jobs) {
      if (job.first_lot == None || t >= job.end) continue;
      std::size_t s = ToolTimes;
      Tick boundary = job.end;
      if (t < job.setup_start) {
        boundary = job.setup_start;
      } else if (t < job.setup_end) {
        s = static_cast<std::size_t>(ToolTime::Setup);
        boundary = job.setup_end;
      } else if (t < job.load_end) {
        s = static_cast<std::size_t>(ToolTime::Load);
        boundary = job.load_end;
      } else if (t < job.process_start) {
        boundary = job.process_start;
      } else if (t < job.process_end) {
        s = static_cast<std::size_t>(ToolTime::Process);
        boundary = job.process_end;
      } else {
        s = static_cast<std::size_t>(ToolTime::Unload);
      }
      state = std::min(state, s);
      next = std::min(next, boundary);
    }
    if (state != ToolTimes) times[state] += next - t;
    t = next;
  }
}

}  // namespace twins::fab
