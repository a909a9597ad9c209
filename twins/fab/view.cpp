#include "twins/fab/view.hpp"

#include <algorithm>
#include <array>

#include "twin/core/diff.hpp"

namespace twins::fab {

namespace {

JobPhase phase_of(const Job& job, Tick at) {
  if (at >= job.process_end) return JobPhase::Unload;
  if (at >= job.process_start) return JobPhase::Process;
  if (at >= job.setup_end) return JobPhase::Load;
  if (at >= job.setup_start) return JobPhase::Setup;
  return JobPhase::Entered;
}

ToolMode mode_of(const Tool& tool, const ToolView& view) {
  if (tool.breakdowns != 0) return ToolMode::Down;
  if (tool.pm != 0xff) return ToolMode::Pm;
  ToolMode mode = ToolMode::Idle;
  for (const JobView& job : view.jobs) {
    constexpr std::array Modes = {ToolMode::Idle, ToolMode::Setup, ToolMode::Load,
                                  ToolMode::Process, ToolMode::Unload};
    mode = std::min(mode, Modes[static_cast<std::size_t>(job.phase)]);
  }
  return mode;
}

ToolView view_of(const State& x, const Tool& tool) {
  ToolView view;
  view.setup = tool.setup;
  view.run_left = tool.run_left;
  view.breakdowns = tool.breakdowns;
  view.pm = tool.pm;
  view.pms_pending = tool.pms_pending;
  const Tick at = tool.breakdowns != 0 ? tool.stopped_at : x.now;  // jobs stand still meanwhile
  for (const Job& job : tool.jobs) {
    if (job.first_lot == None) continue;
    JobView& j = view.jobs.emplace_back();
    j.phase = phase_of(job, at);
    j.start = job.start;
    j.step = job.step;
    j.wafers = job.wafers;
    for (std::uint32_t l = job.first_lot; l != None; l = x.lots[l].next)
      j.lots.push_back(x.lots[l].id);
  }
  view.mode = mode_of(tool, view);
  return view;
}

std::string place_name(LotPlace place) {
  constexpr std::array Names = {"free", "moving", "queued", "processing", "held", "finished"};
  return Names[static_cast<std::size_t>(place)];
}

}  // namespace

std::string to_string(ToolMode mode) {
  constexpr std::array Names = {"down", "pm", "setup", "process", "load", "unload", "idle"};
  return Names[static_cast<std::size_t>(mode)];
}

ToolView observe_tool(const State& x, std::uint32_t tool) { return view_of(x, x.tools.at(tool)); }

View observe(const Layout& m, const State& x) {
  View v;
  v.wip = x.wip;
  v.groups.resize(m.groups.size());
  for (std::size_t g = 0; g < m.groups.size(); ++g) {
    const GroupInfo& info = m.groups[g];
    const auto add = [&](std::uint32_t line) {
      for (std::uint32_t l = x.lines[line].head; l != None; l = x.lots[l].next)
        v.groups[g].queue.push_back({line, x.lots[l].id, x.lots[l].step});
    };
    for (std::uint32_t line = info.first_line; line < info.first_line + info.lines; ++line)
      add(line);
    if (info.dedicated_line != None)
      for (std::uint32_t k = 0; k < info.tools; ++k) add(info.dedicated_line + k);
  }
  v.tools.reserve(x.tools.size());
  for (const Tool& tool : x.tools) v.tools.push_back(view_of(x, tool));
  for (std::size_t slot = 0; slot < x.lots.size(); ++slot) {
    const Lot& lot = x.lots[slot];
    if (lot.place == LotPlace::Free || lot.place == LotPlace::Finished) continue;
    LotView l;
    l.id = lot.id;
    l.step = lot.step;
    l.visit = lot.visit;
    l.tool = lot.tool;
    l.lot_class = lot.lot_class;
    l.wafers = lot.wafers;
    l.location = lot.location;
    l.priority = lot.priority;
    l.place = lot.place;
    l.release = lot.release;
    l.due = lot.due;
    l.since = lot.since;
    l.window_step = lot.window_step;
    if (lot.window_open) l.window_from = lot.window_from;  // of no meaning otherwise
    const auto first =
        x.dedication.begin() + static_cast<std::ptrdiff_t>(slot * m.dedication_slots);
    l.dedication.assign(first, first + m.dedication_slots);
    v.lots.push_back(std::move(l));
  }
  std::sort(v.lots.begin(), v.lots.end(),
            [](const LotView& a, const LotView& b) { return a.id < b.id; });
  return v;
}

View without_times(View view) {
  for (ToolView& tool : view.tools)
    for (JobView& job : tool.jobs) job.start = 0;
  for (LotView& lot : view.lots) lot.release = lot.due = lot.since = lot.window_from = 0;
  return view;
}

std::string first_difference(const Layout& m, const View& a, const View& b) {
  using twin::core::diff;
  for (std::size_t i = 0; i < std::min(a.lots.size(), b.lots.size()); ++i) {
    if (a.lots[i] == b.lots[i]) continue;
    const LotView &p = a.lots[i], &q = b.lots[i];
    if (p.id != q.id)
      return "lot " + std::to_string(std::min(p.id, q.id)) + ": only in one of the two";
    return "lot " + std::to_string(p.id) + " (" + place_name(p.place) + " at " +
           m.step_name(p.step) + "; " + place_name(q.place) + " at " + m.step_name(q.step) +
           "): " + diff(p, q);
  }
  if (a.lots.size() != b.lots.size())
    return "lots in the fab: " + std::to_string(a.lots.size()) +
           " != " + std::to_string(b.lots.size());
  for (std::size_t t = 0; t < std::min(a.tools.size(), b.tools.size()); ++t)
    if (a.tools[t] != b.tools[t])
      return "tool " + m.tool_name(static_cast<std::uint32_t>(t)) + " (" +
             to_string(a.tools[t].mode) + "; " + to_string(b.tools[t].mode) +
             "): " + diff(a.tools[t], b.tools[t]);
  for (std::size_t g = 0; g < std::min(a.groups.size(), b.groups.size()); ++g)
    if (a.groups[g] != b.groups[g])
      return "queue of " + m.description.tool_groups[g].name + ": " +
             diff(a.groups[g], b.groups[g]);
  return diff(a, b);
}

}  // namespace twins::fab
