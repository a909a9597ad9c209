// What enters a generated fab: release streams with their due dates, and the lots that are in it at
// time zero.
#pragma once
#include <cstdint>

#include "twin/core/draw.hpp"
#include "twins/fab/description.hpp"
#include "twins/fab/load.hpp"

namespace twins::fab::generator {

struct ReleaseOptions {
  double wafers_per_week = 0.0;
  double hot_share = 0.025;  // of the lots; super-hot lots come on top, one in four weeks
  bool operator==(const ReleaseOptions&) const = default;
};

// One stream of normal lots a product, one of hot lots where the share is positive, one super-hot
// stream of the first product. Every product gets the same starts. Due dates are left at zero.
void add_streams(Description& fab, const ReleaseOptions& options);

// Due date = release + flow factor x RPT: 2.0 for normal lots, 1.25 for hot, 1.2 for super-hot
// ones.
void set_due_dates(Description& fab, const FabLoad& load);

// Lots on their way at time zero, as Little's law has them when every step takes `flow_factor`
// times its share of the RPT: release rate x time at the step. Evenly spread in time along the
// route, the latest first in the list.
void add_wip(Description& fab, const FabLoad& load, double flow_factor,
             const twin::core::Draw& draw);

}  // namespace twins::fab::generator
