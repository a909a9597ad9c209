// A small fab in which everything happens often, for tests of what watches or moves a fab: the
// reader's small fab with more breakdowns, maintenance, rework and sampling than any real one.
#pragma once
#include <memory>
#include <vector>

#include "twins/fab/import/small_fab.hpp"
#include "twins/fab/import/smt2020.hpp"
#include "twins/fab/layout.hpp"

namespace twins::fab {

inline Description lively_description() {
  Description d = import::read_smt2020(import::small_fab());
  for (ToolGroup& g : d.tool_groups) {
    if (g.tools > 10) continue;  // the hold
    const Duration up{Duration::Law::Exponential, 10.0 * HourMs, 0.0};
    const Duration repair{Duration::Law::Exponential, 0.5 * HourMs, 0.0};
    g.breakdowns = {{"chuck", up, up, repair}, {"robot", up, up, repair}};
    const Duration pm{Duration::Law::Uniform, 1.0 * HourMs, 0.5 * HourMs};
    g.maintenances = {{"weekly", Maintenance::Trigger::Calendar, 2.0 * DayMs, 1.0 * DayMs, pm},
                      {"wafers", Maintenance::Trigger::Wafers, 700.0, 300.0, pm}};
  }
  for (Route& r : d.routes) {
    for (Step& s : r.steps) {
      if (s.rework > 0.0) s.rework = 0.2;
    }
  }
  for (Stream& s : d.streams) {
    if (s.interval.mean_ms > 0.0) s.interval.mean_ms *= 1.7;  // such a fab has less capacity
  }
  return d;
}

inline std::shared_ptr<const Layout> lively_fab(LayoutOptions options = {}) {
  return compile(lively_description(), options);
}

}  // namespace twins::fab
