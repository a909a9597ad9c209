// The figures of a fab that forecasts are judged by, taken from its counters: levels at an instant, and sums, means and
// shares over a window between two instants. Reality and every member are read by the same code.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "twins/fab/layout.hpp"
#include "twins/fab/state.hpp"

namespace twins::fab::validate {

struct Snapshot {
  Tick at = 0;
  double wip = 0.0;                         // [lots]
  std::vector<double> area_wip;             // [area] [lots]
  double released = 0.0, finished = 0.0;    // [lots] so far
  double cycle_days = 0.0, cycle_lots = 0;  // sums over finished lots of known age [day], [lots]
  std::vector<double> busy, able;  // [tool group] tool time so far: working, not stopped [day]
  double down = 0.0;               // [tools] broken down now
};

Snapshot snapshot(const Layout& layout, const State& x);

// A figure by name. Level: at the end of the window. The rest: over it.
struct Figure {
  enum class Kind : std::uint8_t { Wip, AreaWip, Finished, CycleTime, Utilisation };
  Kind kind = Kind::Wip;
  std::uint32_t index = 0;  // of the area or tool group
  std::string name, unit;
  [[nodiscard]] bool level() const { return kind == Kind::Wip || kind == Kind::AreaWip; }
};

// All that are judged: WIP, throughput, cycle time, WIP of each area, utilisation of these groups.
std::vector<Figure> figures(const Layout& layout, const std::vector<std::uint32_t>& groups);

// Nothing where the window has none: no lot finished, no tool able.
std::optional<double> value_of(const Figure& figure, const Snapshot& from, const Snapshot& to);

}  // namespace twins::fab::validate
