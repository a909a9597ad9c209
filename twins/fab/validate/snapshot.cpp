#include "twins/fab/validate/snapshot.hpp"

#include "twins/fab/kpi.hpp"

namespace twins::fab::validate {

Snapshot snapshot(const Layout& m, const State& x) {
  Snapshot s;
  s.at = x.now;
  s.wip = x.wip;
  s.area_wip.assign(m.areas.size(), 0.0);
  for (const Lot& lot : x.lots)
    if (lot.place != LotPlace::Free && lot.place != LotPlace::Finished)
      s.area_wip[m.groups[m.steps[lot.step].group].area] += 1.0;
  for (std::size_t c = 0; c < m.classes.size(); ++c) {
    const ClassTally& k = x.class_tally[c];
    s.released += static_cast<double>(k.released);
    s.finished += static_cast<double>(k.finished);
    if (m.classes[c].initial) continue;  // their age is not known
    s.cycle_days += static_cast<double>(k.cycle_ticks) / DayMs;
    s.cycle_lots += static_cast<double>(k.finished);
  }
  s.busy.assign(m.groups.size(), 0.0);
  s.able.assign(m.groups.size(), 0.0);
  for (std::uint32_t t = 0; t < m.tools(); ++t) {
    const auto times = tool_times_now(m, x, t);
    const auto days = [&](ToolTime k) {
      return static_cast<double>(times[static_cast<std::size_t>(k)]) / DayMs;
    };
    const std::uint32_t g = m.tool_group[t];
    s.busy[g] += days(ToolTime::Setup) + days(ToolTime::Process) + days(ToolTime::Load) +
                 days(ToolTime::Unload);
    s.able[g] += static_cast<double>(x.now) / DayMs - days(ToolTime::Down) - days(ToolTime::Pm);
    s.down += x.tools[t].breakdowns != 0;
  }
  return s;
}

std::vector<Figure> figures(const Layout& m, const std::vector<std::uint32_t>& groups) {
  std::vector<Figure> all = {{Figure::Kind::Wip, 0, "WIP", "lots"},
                             {Figure::Kind::Finished, 0, "Throughput", "lots"},
                             {Figure::Kind::CycleTime, 0, "Cycle time", "day"}};
  for (const std::uint32_t g : groups)
    all.push_back({Figure::Kind::Utilisation, g,
                   "Utilisation of " + m.description.tool_groups[g].name, "share"});
  for (std::uint32_t a = 0; a < m.areas.size(); ++a)
    all.push_back({Figure::Kind::AreaWip, a, "WIP of " + m.areas[a], "lots"});
  return all;
}

std::optional<double> value_of(const Figure& f, const Snapshot& from, const Snapshot& to) {
  switch (f.kind) {
    case Figure::Kind::Wip: return to.wip;
    case Figure::Kind::AreaWip: return to.area_wip[f.index];
    case Figure::Kind::Finished: return to.finished - from.finished;
    case Figure::Kind::CycleTime: {
      const double lots = to.cycle_lots - from.cycle_lots;
      if (!(lots > 0.0)) return {};
      return (to.cycle_days - from.cycle_days) / lots;
    }
    case Figure::Kind::Utilisation: {
      const double able = to.able[f.index] - from.able[f.index];
      if (!(able > 0.0)) return {};
      return (to.busy[f.index] - from.busy[f.index]) / able;
    }
  }
  return {};
}

}  // namespace twins::fab::validate
