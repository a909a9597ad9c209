#include "cases/forecast/plant.hpp"

#include <algorithm>
#include <cmath>

#include "twins/fab/occasions.hpp"

namespace cases {

using namespace twins::fab;

namespace {

constexpr Tick Hour = 3'600'000, Minute = 60'000;

}  // namespace

Plant::Plant(const AnyFab& fab, const Hidden& hidden, std::uint32_t seed)
    : fab_(fab),
      hidden_(hidden),
      draw_{71, seed},
      x_(fab.initial(hidden.theta, draw_)),
      cursor_(LogSink(fab.layout(), x_, [](auto) {}).cursor()),
      stretched_(2 * std::size_t{fab.layout().tools()}, -1) {}

void Plant::make_group_slower(std::uint32_t group, double factor) {
  groups_.emplace_back(group, factor);
}

// A job that began since the last look gets the rest of its time now; its old end is void by the tool's epoch.
bool Plant::stretch(const Slower& slower) {
  if (x_.now < slower.from) return false;
  Tool& tool = x_.tools[slower.tool];
  if (tool.breakdowns != 0) return false;
  bool any = false;
  for (std::uint32_t entry = 0; entry < 2; ++entry) {
    Job& job = tool.jobs[entry];
    Tick& last = stretched_[2 * std::size_t{slower.tool} + entry];
    if (job.first_lot == None || job.start < slower.from || job.start == last ||
        job.process_end <= x_.now)
      continue;
    last = job.start;
    const auto extra = static_cast<Tick>(std::llround(
        (slower.factor - 1.0) * static_cast<double>(job.process_end - job.process_start)));
    job.process_end += extra;
    job.end += extra;
    tool.slot1_free += extra;
    tool.slot2_free = std::max(tool.slot2_free, job.process_end);
    any = true;
  }
  if (!any) return false;
  ++tool.epoch;
  for (std::uint32_t entry = 0; entry < 2; ++entry)
    if (tool.jobs[entry].first_lot != None)
      x_.agenda.push(std::max(tool.jobs[entry].end, x_.now + 1), slower.tool,
                     static_cast<std::uint16_t>(Happens::JobEnd),
                     static_cast<std::uint16_t>(entry | ((tool.epoch & 0x7fffU) << 1)));
  return true;
}

void Plant::advance(Tick until, const LogSink::Receive& receive) {
  while (x_.now < until) {
    // One sink an hour, or one until a job has been stretched: a sink tells the phases that it saw begin.
    const Tick end = std::min(until, (x_.now / Hour + 1) * Hour);
    std::vector<double> theta = hidden_.at((static_cast<double>(x_.now / Hour) + 0.5) / 24.0);
    for (const auto& [group, factor] : groups_)
      theta[fab_.layout().theta_map.process(group)] *= factor;
    LogSink log(fab_.layout(), x_, receive, cursor_);
    const bool watched =
        std::any_of(slower_.begin(), slower_.end(), [&](const Slower& s) { return s.from < end; });
    while (x_.now < end) {
      fab_.advance(x_, theta, watched ? std::min(end, x_.now + Minute) : end, draw_, log);
      bool changed = false;
      for (const Slower& s : slower_) changed |= stretch(s);
      if (changed) break;
    }
    cursor_ = log.cursor();
  }
}

}  // namespace cases
