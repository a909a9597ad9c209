// The next jobs of some tools, set down beforehand: each tool of a plan does its jobs in their order, those with lots
// at hand, and waits for the others of a batch until the latest time that the job has. From then on the job is no more
// and the rule decides, as it does for lots of no plan where a tool has no job to do. Named as parameters of the rule,
// "fifo:plan.etch_1#2= 17@3+18@3~12.5;21@7~13": lots 17 and 18 at the third step of their routes as one job, no later
// than 12.5 h after time zero, then lot 21 at the seventh step of its. docs/decisions/0034.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "twins/fab/layout.hpp"
#include "twins/fab/rules/dispatching.hpp"
#include "twins/fab/rules/release_control.hpp"

namespace twins::fab {

struct PlannedLot {
  std::uint32_t lot = None;    // its number
  std::uint32_t index = None;  // position in its route, from 0
  auto operator<=>(const PlannedLot&) const = default;
};

struct PlannedJob {
  std::uint32_t tool = None;
  Tick latest = 0;  // [tick] it is void from then on
  std::vector<PlannedLot> lots;
  bool operator==(const PlannedJob&) const = default;
};

struct GroupPlan {
  std::vector<PlannedJob> jobs;  // by tool, each tool's in its order
  Tick until = 0;                // [tick] nothing of it holds from then on

  // Made of the jobs.
  std::vector<std::uint8_t> group;                           // [group] 1: it has a plan
  std::vector<std::uint32_t> first_job;                      // [tool] into jobs; [tools] the end
  std::vector<std::pair<PlannedLot, std::uint32_t>> by_lot;  // with its job, sorted

  [[nodiscard]] std::uint32_t job_of(PlannedLot lot) const;  // None: it is of no job
};

bool is_plan_parameter(std::string_view name);  // "plan.TOOL"

// Of such parameters; nothing: of none. whole: for messages. Throws twin::core::Error: no such tool, a text that is no
// job, a lot that stands in two, a group without batches whose jobs are of several lots.
std::optional<GroupPlan> group_plan(const Layout& layout, std::span<const NamedValue> parameters,
                                    std::string_view whole);

// The parameters of these jobs, joined by commas.
std::string text_of(const Layout& layout, std::span<const PlannedJob> jobs);

inline constexpr std::array PlanParameters{DispatchingParameter{
    "plan.TOOL=JOBS",
    "the tool's next jobs, LOT@STEP+LOT@STEP~HOURS;...: in this order, each no later than so many "
    "hours after time zero (`fabtwin schedule` writes them)"}};

}  // namespace twins::fab
