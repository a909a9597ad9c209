// A plan for the next hours of one tool group: which of its tools does which lots in which order and together with
// whom, for the lots that wait there and those that are expected within the hours. The group is made a problem of
// parallel machines, a dispatcher's schedule of it is bettered by constraint programming, and what comes out is an
// alternative of a menu, to be run in the twin before anybody sees it: the problem knows no breakdown, no maintenance
// to come, no reservation and no lot that comes at another time than expected. docs/decisions/0034.
#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "twin/decide/machine_search.hpp"
#include "twins/fab/any_fab.hpp"
#include "twins/fab/calibrate/posterior.hpp"
#include "twins/fab/decide/rollouts.hpp"
#include "twins/fab/rules/group_plan.hpp"

namespace twins::fab::decide {

struct GroupScheduleAsked {
  std::uint32_t group = 0;
  double hours =
      8.0;  // lots that are expected within them are planned, and jobs that begin in them
  std::uint32_t lots_most = 60;  // those that come first
  std::uint32_t members = 8;     // runs under the standing rule that say who comes when
  // A planned job is void so long after it should have begun [h]: its tool is late, or a lot has not come.
  double grace_hours = 1.0;
  double hot =
      4.0;  // [-] weight of lots above the lowest priority; the others' is 1, times their own
  std::string standing = "published";
  std::uint64_t seed = 1;
  twin::decide::MachineSearchAsked search{};
};

inline constexpr double ScheduleUnitMs = 10'000.0;  // of the problem's time [ms]

// The group's next hours as a problem: jobs are lots, [job] is lots[job]; machines are its tools in their order.
struct GroupProblem {
  twin::decide::MachineProblem machines;
  std::vector<PlannedLot> lots;      // [job]
  std::vector<std::uint32_t> steps;  // [job] global step
  Tick from = 0;                     // [tick] unit 0 of the problem
};

// x: a mirror's State. Arrivals and the ends of what is under way are medians over the members; a lot counts that comes
// in at least half of them.
GroupProblem group_problem(const AnyFab& fab, const State& x,
                           std::span<const calibrate::Posterior> posterior,
                           const GroupScheduleAsked& asked);

struct GroupSchedule {
  GroupProblem problem;
  twin::decide::MachineSchedule dispatched;  // the best of the dispatchers' (ListOrder)
  twin::decide::MachineFound found;
  std::vector<PlannedJob> jobs;  // that begin within the hours
  Alternative
      alternative;  // "plan of Etch_1 for 8.0 h"; acts and rule empty where there is nothing to plan
};

// twin::core::Error where this build has no solver.
GroupSchedule schedule_group(const AnyFab& fab, const State& x,
                             std::span<const calibrate::Posterior> posterior,
                             const GroupScheduleAsked& asked,
                             const std::function<bool(std::uint64_t round)>& going = {});

}  // namespace twins::fab::decide
