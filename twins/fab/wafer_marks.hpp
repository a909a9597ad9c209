// Maintenance by wafers: each tool counts down to the nearest mark of its calendars, so that the end of a job costs one
// comparison however many calendars there are.
#pragma once
#include <algorithm>
#include <cmath>
#include <cstdint>

#include "twins/fab/layout.hpp"
#include "twins/fab/state.hpp"

namespace twins::fab {

inline std::int64_t wafers_done(const Tool& tool) { return tool.mark - tool.wafers_to_mark; }

// Lets the tool count down to the nearest mark of its calendars; looks again after 2^30 wafers where there is none.
inline void set_mark(const Layout& m, State& x, std::uint32_t t) {
  constexpr double Far = 1 << 30;  // [wafers]
  const GroupInfo& info = m.groups[m.tool_group[t]];
  Tool& tool = x.tools[t];
  const std::int64_t done = wafers_done(tool);
  double left = Far;
  for (std::uint32_t k = 0; k < info.pms; ++k)
    if (m.pms[info.first_pm + k].trigger == Maintenance::Trigger::Wafers)
      left = std::min(left, x.pms[t * m.max_pms + k].mark - static_cast<double>(done));
  tool.wafers_to_mark = static_cast<std::int32_t>(std::ceil(std::max(left, 0.0)));
  tool.mark = done + tool.wafers_to_mark;
}

}  // namespace twins::fab
