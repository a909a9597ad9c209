// Makes a wafer fab of a wished size from a seed: re-entrant routes over shared tool groups, sized
// so that litho is the bottleneck. The same options and seed give the same fab, to the bit, on
// every machine.
#pragma once
#include <cstdint>
#include <string>

#include "twins/fab/description.hpp"

namespace twins::fab {

struct GeneratorOptions {
  std::string name = "example-fab";
  std::uint32_t products = 3;      // 1..100
  std::uint32_t tool_groups = 40;  // about: without the delay; 15..400
  std::uint32_t tools = 400;  // about: without the delay; not used where wafers_per_week is given
  std::uint32_t steps_min = 250, steps_max = 500;  // of a route; 40..2,000, at least 30 apart
  double bottleneck_load = 0.93;                   // of available time; 0.3..0.99
  double wafers_per_week = 0.0;  // starts of all products; 0: as many as the tools carry
  double hot_share = 0.025;      // of the lots; 0..0.5
  double wip_flow_factor = 1.8;  // of the lots in the fab at time zero; 0: an empty fab
  std::uint64_t seed = 1;
};

// Throws twin::core::Error where an option is out of its range.
Description generate(const GeneratorOptions& options);

}  // namespace twins::fab
