// Static capacity analysis: what the released lots demand of each tool group in the long run,
// against the time its tools are available. The generator sizes a fab with it; `fabtwin check`
// prints it, bottlenecks first.
#pragma once
#include <cstdint>
#include <vector>

#include "twins/fab/description.hpp"
#include "twins/fab/route_time.hpp"

namespace twins::fab {

inline constexpr double HoursPerWeek = 168.0;

// A tool group's occupancy has a range: jobs that follow each other at once overlap in a cascading
// tool and batches can be full (least), or each job is alone and batches start at their minimum
// (most).
struct GroupLoad {
  std::uint32_t group = 0;     // index into tool_groups
  std::uint32_t steps = 0;     // route steps that use the group
  double lots_per_week = 0.0;  // expected performed steps, rework included
  double wafers_per_week = 0.0;
  double work_least_h = 0.0;  // [tool-hours per week] process, load and unload
  double work_most_h = 0.0;   // [tool-hours per week]
  double work_h = 0.0;        // [tool-hours per week] expected, see load.cpp
  double setup_h = 0.0;  // [tool-hours per week] estimated setups, as they lengthen the occupancy
  double breakdown_share = 0.0;    // of calendar time
  double maintenance_share = 0.0;  // of calendar time
  double availability = 1.0;       // 1 - breakdown_share - maintenance_share, not below 0
  double load = 0.0;  // (least work + setup) / available time: capacity used; from 1 on the queue
                      // grows forever
  double utilisation =
      0.0;  // (expected work + setup) / available time, as a machine report would count it
  bool operator==(const GroupLoad&) const = default;
};

struct FabLoad {
  std::vector<RouteTime> routes;        // [route] for a lot of the product's usual size
  std::vector<double> lots_per_week;    // [product] released
  std::vector<double> wafers_per_week;  // [product] released
  std::vector<GroupLoad> groups;        // [group]
  std::vector<std::uint32_t> ranking;   // [rank] group, highest load first
  double expected_wip_lots =
      0.0;  // Little: sum of release rate x RPT, a flow factor of 1; the fab will hold more
};

FabLoad fab_load(const Description& fab);

}  // namespace twins::fab
