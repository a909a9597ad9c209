// How many tools each group of a generated fab gets, and how its process times are trimmed so that
// the whole number of tools carries its target load.
#pragma once
#include <cstdint>
#include <vector>

#include "twin/core/draw.hpp"
#include "twins/fab/generator/draft.hpp"
#include "twins/fab/generator/start.hpp"
#include "twins/fab/load.hpp"

namespace twins::fab::generator {

struct SizingOptions {
  double bottleneck_load = 0.93;  // of available time, of the busiest litho group
  std::uint32_t tools =
      400;  // about, without the delay; sets the wafer starts where they are not given
  ReleaseOptions release;  // wafers_per_week 0: as many as the tools carry
};

struct Sizing {
  Tuning tuning;
  ReleaseOptions release;  // with the wafer starts that were found
};

Sizing size_fab(const Flow& flow, const Park& park, const SizingOptions& options,
                const twin::core::Draw& draw);

// What sizing aims at and tests check: capacity used for cascading and plain groups, and for batch
// groups the utilisation with half-filled ranges, since full batches are not to be counted on.
double sized_load(const ToolGroup& group, const GroupLoad& load);

}  // namespace twins::fab::generator
