// What the replications of a run say together: means with their intervals, pooled distributions,
// series over time. Plots and tables read this and nothing else, so they cannot disagree.
#pragma once
#include <string>
#include <vector>

#include "twins/fab/report/svg.hpp"
#include "twins/fab/simulate.hpp"

namespace twins::fab::report {

struct ClassSummary {
  std::string name;
  std::int32_t priority = 0;
  bool initial = false;       // in the fab at time zero: counts only
  double replications = 0.0;  // in which a lot of the class finished
  double released = 0.0, finished = 0.0, per_day = 0.0, wip = 0.0;  // means; lots, lots/day, lots
  Estimate cycle;  // [day] mean cycle time, over the replications that finished one
  double p05 = 0.0, p50 = 0.0, p95 = 0.0;       // [day] of all replications' lots together
  [[nodiscard]] int quantile_decimals() const;  // that tell the quantiles apart
  double sd = 0.0;                              // [day] over lots, within a replication
  double flow_factor = 0.0, x_factor = 0.0, on_time = 0.0, tardy_days = 0.0;
  std::vector<std::uint64_t> histogram;  // [cycle-time bin] lots of all replications
};

// One figure over time: a line for each replication and their mean.
struct Series {
  std::vector<std::vector<Point>> lines;  // [replication][day] x: end of the day [day], y: value
  std::vector<Point> mean;                // [day] over the replications that have the day
};

struct Summary {
  std::size_t replications = 0;
  double days = 0.0, warmup_days = 0.0;
  double counted_days = 0.0;  // length of the window that figures count, mean over replications
  Estimate wip, starts, outs, moves, turns;  // lots, lots/day twice, lot-steps/day, 1/day
  Estimate cycle, flow_factor, on_time;      // of the regular lots
  bool within_run = false;  // one replication: the interval of `cycle` is from its batch means
  ClassSummary regular;
  std::vector<ClassSummary> classes;
  std::vector<GroupKpi> groups;            // means; highest utilisation first
  WindowKpi litho, rest, all;              // means; closed: per replication
  Estimate violated;                       // share of closed windows
  Series wip_days, outs_days, cycle_days;  // the last two: moving means, see MovingDays
};

inline constexpr std::size_t MovingDays = 7;  // a week, so that weekly rhythms do not show

Summary summarise(const Layout& layout, const RunResult& result);

// Mean over the last MovingDays days of sum(value) / sum(weight); days without weight give none.
std::vector<Point> moving_ratio(const std::vector<Day>& days, double Day::*value,
                                double Day::*weight);

}  // namespace twins::fab::report
