// From flow and tool park to a Description: steps with their times and windows, setups, calendars
// and transport.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "twin/core/draw.hpp"
#include "twins/fab/description.hpp"
#include "twins/fab/generator/flow.hpp"
#include "twins/fab/generator/park.hpp"

namespace twins::fab::generator {

// What sizing finds out for each tool group.
struct Tuning {
  std::vector<std::uint32_t> tools;          // [group]
  std::vector<double> time_factor;           // [group] on the operations' process times
  std::vector<double> wafers_per_tool_week;  // [group] expected; sets the intervals of PM by wafers
};

// No streams and no lots yet. Maintenance by wafers is left out while its wafers_per_tool_week is
// 0.
Description draft(const Flow& flow, const Park& park, const Tuning& tuning,
                  const twin::core::Draw& draw);

std::string group_name(const Park::Group& group);  // "WetEtch_3"

}  // namespace twins::fab::generator
