#include "twins/fab/fluid/fluid_plan.hpp"

#include <algorithm>
#include <cmath>

#include "twins/fab/load.hpp"
#include "twins/fab/route_time.hpp"

namespace twins::fab::fluid {
namespace {

constexpr std::uint32_t UsualWafers = 25;

// Squared coefficient of variation.
double variability_of(const Duration& d) {
  if (d.mean_ms <= 0.0 || d.law == Duration::Law::Constant) return 0.0;
  if (d.law == Duration::Law::Exponential) return 1.0;
  return d.half_width_ms * d.half_width_ms / (3.0 * d.mean_ms * d.mean_ms);
}

// Means over what a group processes, each step by how often.
struct GroupMeans {
  double lots = 0.0;                           // [1/h]
  double jobs_time = 0.0, jobs_squares = 0.0;  // [h], [h^2] of times alone
  double within = 0.0;                         // [h^2] variances of them
  double work_fixed = 0.0, work_paced = 0.0;   // [h] as FluidGroup, setups left out
  double fullest = 0.0;                        // [lots]
  double bursts = 0.0;                         // [1/h] FluidGroup::bursts, of so many lots
};

// [lots] that a job needs, and that it can take.
struct BatchSize {
  double least = 1.0, full = 1.0;
};

BatchSize batch_size(const Step& step, std::uint32_t wafers) {
  if (step.per != Step::Per::Batch || step.batch_max == 0) return {};
  const double full = std::max(1.0, std::floor(static_cast<double>(step.batch_max) / wafers));
  return {std::clamp(std::ceil(static_cast<double>(step.batch_min) / wafers), 1.0, full), full};
}

// Of the lots behind a step. Those of a batch leave together; busy tools even out what comes to them (W. Whitt,
// The Queueing Network Analyzer, Bell System Technical Journal 62, 1983, with jobs that vary as much as lots by
// themselves do).
double bursts_behind(double before, const BatchSize& batch, double sampling, double utilisation) {
  const double u = std::min(1.0, utilisation);
  const double after = batch.full > 1.0 ? batch.full : 1.0 + (1.0 - u * u) * (before - 1.0);
  return before + sampling * (after - before);
}

void add_step(const ToolGroup& group, const Step& step, std::uint32_t wafers, double lots,
              GroupMeans& to) {
  const double handling = (group.load_ms + group.unload_ms) / HourMs;
  const double alone = process_alone_ms(group, step, wafers) / HourMs;
  to.lots += lots;
  to.jobs_time += lots * alone;
  to.jobs_squares += lots * alone * alone;
  to.within += lots * alone * alone * variability_of(step.process);
  const double fullest = batch_size(step, wafers).full;
  to.fullest += lots * fullest;
  double interval = 0.0;
  if (group.job_slots > 1 && fullest <= 1.0)
    interval = step.cascade_interval_ms / HourMs * (step.per == Step::Per::Piece ? wafers : 1.0);
  // A follower in a cascade costs its interval, where that is less than a job of its own.
  if (interval > 0.0 && interval < handling + alone) {
    to.work_paced += lots * interval;
  } else {
    to.work_fixed += lots * handling / fullest;
    to.work_paced += lots * alone / fullest;
  }
}

FluidGroup group_of(const ToolGroup& from, const GroupMeans& means, const GroupLoad& load) {
  FluidGroup to{.tools = static_cast<double>(from.tools), .lots = means.lots};
  if (means.lots <= 0.0) return to;
  const double mean = means.jobs_time / means.lots;
  to.work_fixed = means.work_fixed / means.lots;
  if (load.lots_per_week > 0.0) to.work_fixed += load.setup_h / load.lots_per_week;
  to.work_paced = means.work_paced / means.lots;
  to.batch = means.fullest / means.lots;
  to.bursts = means.bursts / means.lots;
  if (mean > 0.0) {
    to.mix = std::max(0.0, means.jobs_squares / means.lots / (mean * mean) - 1.0);
    to.within = means.within / means.lots / (mean * mean);
  }
  for (const Breakdown& b : from.breakdowns)
    to.downs.push_back({b.time_to_failure.mean_ms / HourMs, b.time_to_repair.mean_ms / HourMs,
                        variability_of(b.time_to_repair)});
  for (const Maintenance& m : from.maintenances) {
    if (m.interval <= 0.0) continue;
    const double wafers_per_hour = load.wafers_per_week / HoursPerWeek / from.tools;
    const double interval = m.trigger == Maintenance::Trigger::Calendar ? m.interval / HourMs
                            : wafers_per_hour > 0.0 ? m.interval / wafers_per_hour
                                                    : 0.0;
    if (interval > 0.0) to.maintenances.push_back({interval, m.duration.mean_ms / HourMs});
  }
  return to;
}

}  // namespace

FluidPlan fluid_plan(const Layout& layout) {
  const Description& fab = layout.description;
  const FabLoad load = fab_load(fab);
  FluidPlan plan;
  plan.initial.assign(layout.steps.size(), 0.0);
  for (const RouteInfo& r : layout.routes) plan.routes.push_back({r.first_step, r.steps, 0.0});
  std::vector<double> wafers(plan.routes.size(), 0.0);
  for (const StreamInfo& s : layout.streams) {
    if (s.interval_ms <= 0.0) continue;
    const std::uint32_t route = fab.products[s.product].route;
    const double lots = s.lots_per_release * HourMs / s.interval_ms;
    plan.routes[route].lots += lots;
    wafers[route] += lots * s.wafers;
  }
  std::vector<GroupMeans> means(fab.tool_groups.size());
  for (std::uint32_t r = 0; r < plan.routes.size(); ++r) {
    const Route& route = fab.routes[r];
    const double lots = plan.routes[r].lots;
    const auto size =
        lots > 0.0 ? static_cast<std::uint32_t>(std::lround(wafers[r] / lots)) : UsualWafers;
    std::uint32_t before = None;  // location
    double bursts = 1.0;          // of the lots that come to the step
    for (std::size_t i = 0; i < route.steps.size(); ++i) {
      const Step& step = route.steps[i];
      const ToolGroup& group = fab.tool_groups[step.group];
      const std::uint32_t here = layout.groups[step.group].location;
      const double way =
          before == None ? 0.0 : layout.transport[before * layout.locations.size() + here].mean_ms;
      const double flow = lots * load.routes[r].visits[i] * step.sampling;
      const BatchSize batch = batch_size(step, size);
      plan.steps.push_back({.group = step.group,
                            .back = step.rework > 0.0 ? step.rework_to : None,
                            .handling = (group.load_ms + group.unload_ms) / HourMs,
                            .transport = way / HourMs,
                            .process = process_alone_ms(group, step, size) / HourMs,
                            .forming = flow > 0.0 ? 0.5 * (batch.least - 1.0) / flow : 0.0,
                            .sampling = step.sampling,
                            .rework = step.rework});
      before = here;
      add_step(group, step, size, flow, means[step.group]);
      means[step.group].bursts += flow * bursts;
      bursts = bursts_behind(bursts, batch, step.sampling, load.groups[step.group].utilisation);
    }
  }
  for (const FluidRoute& r : plan.routes)
    for (std::uint32_t i = 0; i < r.steps; ++i)
      if (const std::uint32_t to = plan.steps[r.first + i].back; to != None)
        plan.steps[r.first + to].is_gone_back_to = true;
  for (std::uint32_t g = 0; g < means.size(); ++g)
    plan.groups.push_back(group_of(fab.tool_groups[g], means[g], load.groups[g]));
  for (const ListedLot& lot : fab.lots)
    if (lot.step != None)
      plan.initial[plan.routes[fab.products[lot.product].route].first + lot.step] += 1.0;
  return plan;
}

}  // namespace twins::fab::fluid
