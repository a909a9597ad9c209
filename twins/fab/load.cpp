#include "twins/fab/load.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "twin/core/expect.hpp"

namespace twins::fab {
namespace {

constexpr double WeekMs = 7.0 * DayMs;

// Lots of one product and size that are released steadily.
struct Release {
  std::uint32_t product = 0;
  std::uint32_t wafers = 25;
  double lots_per_week = 0.0;
};

// Streams run for as long as anybody looks (their count is not used). A list of single releases
// counts as steady over its own span.
std::vector<Release> releases(const Description& fab) {
  std::vector<Release> all;
  for (const Stream& s : fab.streams) {
    if (s.interval.mean_ms <= 0.0) continue;
    all.push_back({s.product, s.wafers, s.lots_per_release * WeekMs / s.interval.mean_ms});
  }
  double first = 0.0, last = 0.0;
  std::size_t listed = 0;
  for (const ListedLot& lot : fab.lots) {
    if (lot.step != None) continue;
    first = listed == 0 ? lot.start_ms : std::min(first, lot.start_ms);
    last = listed == 0 ? lot.start_ms : std::max(last, lot.start_ms);
    ++listed;
  }
  if (listed < 2 || last <= first) return all;
  const double span_ms =
      (last - first) * static_cast<double>(listed) / static_cast<double>(listed - 1);
  for (const ListedLot& lot : fab.lots) {
    if (lot.step == None) all.push_back({lot.product, lot.wafers, WeekMs / span_ms});
  }
  return all;
}

// Lots per week that visit a group for one setup, and the time to change to it.
struct SetupDemand {
  std::uint32_t setup = None;
  double lots_per_week = 0.0;
  double own_ms = -1.0;      // [ms] the step's own time; negative: the setup table's
  double interval_ms = 0.0;  // [ms] cascading: the job ahead hides so much of the setup
  bool always = false;
};

double change_ms(const Description& fab, std::uint32_t from, std::uint32_t to) {
  double any = 0.0;
  for (const SetupChange& c : fab.setup_changes) {
    if (c.to != to) continue;
    if (c.from == from) return c.ms;
    if (c.from == None) any = c.ms;
  }
  return any;
}

// Setup hours per week of a group. Lots of all setups come mixed, so a lot finds another setup with
// probability 1 - sum of shares squared. Two things reduce that: a queue ranked by least setup (it
// sees the table's times only) about halves it, and a minimum run of m lots bounds it by 1/m before
// that halving (runs are found about twice as long as they must be). Measured on the AutoSched
// report of SMT2020's high-volume set: 0.93 of the lots against 0.95 here for litho tracks,
// 0.33-0.36 against 0.25 for dry etch, 0.07 against 0.07 for implant; groups that are mostly idle
// and choose the tool by its setup change less often (0.23 against 0.5).
double setup_hours(const Description& fab, const ToolGroup& group,
                   const std::vector<SetupDemand>& demand) {
  double lots = 0.0;
  for (const SetupDemand& d : demand) lots += d.lots_per_week;
  if (lots <= 0.0) return 0.0;
  const auto share_of = [&](std::uint32_t setup) {
    double sum = 0.0;
    for (const SetupDemand& d : demand) sum += d.setup == setup ? d.lots_per_week : 0.0;
    return sum / lots;
  };
  const bool ranked =
      std::find(group.rank.begin(), group.rank.end(), Criterion::LeastSetup) != group.rank.end();
  double hours = 0.0;
  for (const SetupDemand& d : demand) {
    double change = 1.0 - share_of(d.setup);  // probability that the tool's setup is another one
    double ms = d.own_ms;
    if (ms < 0.0) {  // weighted over the setups it can come from
      double sum = 0.0, weight = 0.0;
      for (const SetupDemand& from : demand) {
        if (from.setup == d.setup) continue;
        sum += from.lots_per_week * change_ms(fab, from.setup, d.setup);
        weight += from.lots_per_week;
      }
      ms = weight > 0.0 ? sum / weight : 0.0;
      const std::uint32_t run = d.setup < fab.setups.size() ? fab.setups[d.setup].minimum_run : 0;
      if (group.keeps_minimum_run && run > 0) change = std::min(change, 1.0 / run);
      if (ranked) change *= 0.5;
    }
    if (d.always) change = 1.0;
    hours += d.lots_per_week * change * std::max(0.0, ms - d.interval_ms) / HourMs;
  }
  return hours;
}

// Tool time of one lot [ms]: least, most and, for batches, halfway between the smallest and the
// fullest.
struct Occupancy {
  double least_ms = 0.0, most_ms = 0.0, batch_ms = 0.0;
};

double cascade_interval_ms(const ToolGroup& group, const Step& step, std::uint32_t wafers) {
  if (group.job_slots < 2) return 0.0;
  return step.cascade_interval_ms * (step.per == Step::Per::Piece ? wafers : 1.0);
}

Occupancy occupancy(const ToolGroup& group, const Step& step, std::uint32_t wafers) {
  const double handling = group.load_ms + group.unload_ms;
  const double alone = handling + process_alone_ms(group, step, wafers);
  if (step.per == Step::Per::Batch && step.batch_max > 0) {
    // Whole lots: at least so many that the minimum is reached, at most so many that the maximum is
    // kept.
    const double fullest = std::max(1.0, std::floor(static_cast<double>(step.batch_max) / wafers));
    const double smallest =
        std::clamp(std::ceil(static_cast<double>(step.batch_min) / wafers), 1.0, fullest);
    return {alone / fullest, alone / smallest, 2.0 * alone / (fullest + smallest)};
  }
  const double interval = cascade_interval_ms(group, step, wafers);
  return {interval > 0.0 ? std::min(interval, alone) : alone, alone, alone};
}

void set_availability(const ToolGroup& group, GroupLoad& load) {
  for (const Breakdown& b :
       group.breakdowns) {  // alternating renewal process on the calendar clock
    const double cycle = b.time_to_failure.mean_ms + b.time_to_repair.mean_ms;
    if (cycle > 0.0) load.breakdown_share += b.time_to_repair.mean_ms / cycle;
  }
  for (const Maintenance& m : group.maintenances) {
    if (m.interval <= 0.0) continue;
    const double per_week = m.trigger == Maintenance::Trigger::Calendar
                                ? WeekMs / m.interval  // start to start
                                : load.wafers_per_week / group.tools / m.interval;
    load.maintenance_share += per_week * m.duration.mean_ms / WeekMs;
  }
  load.availability = std::max(0.0, 1.0 - load.breakdown_share - load.maintenance_share);
}

void set_utilisation(const ToolGroup& group, double batch_h, GroupLoad& load) {
  const double available_h = load.availability * group.tools * HoursPerWeek;
  const auto share = [&](double hours) {
    if (hours <= 0.0) return 0.0;
    return available_h > 0.0 ? hours / available_h : std::numeric_limits<double>::infinity();
  };
  load.load = share(load.work_least_h + load.setup_h);
  if (group.batch) {
    load.work_h = batch_h;
  } else {
    // A job overlaps the one ahead when it finds the tool at work, so with probability u: u =
    // u*least + (1-u)*most.
    const double least = load.load, most = share(load.work_most_h + load.setup_h);
    const double u = least < 1.0 ? most / (1.0 + most - least) : 1.0;
    load.work_h = u * load.work_least_h + (1.0 - u) * load.work_most_h;
  }
  load.utilisation = share(load.work_h + load.setup_h);
}

}  // namespace

FabLoad fab_load(const Description& fab) {
  FabLoad result;
  result.groups.resize(fab.tool_groups.size());
  result.lots_per_week.assign(fab.products.size(), 0.0);
  result.wafers_per_week.assign(fab.products.size(), 0.0);
  for (std::uint32_t g = 0; g < result.groups.size(); ++g) result.groups[g].group = g;

  const std::vector<Release> all = releases(fab);
  std::vector<std::uint32_t> usual_wafers(fab.routes.size(), 25);
  std::vector<double> most_lots(fab.routes.size(), 0.0);
  for (const Release& r : all) {
    TWIN_EXPECT(r.product < fab.products.size(), r.product);
    result.lots_per_week[r.product] += r.lots_per_week;
    result.wafers_per_week[r.product] += r.lots_per_week * r.wafers;
    const std::uint32_t route = fab.products[r.product].route;
    if (r.lots_per_week > most_lots[route]) {
      most_lots[route] = r.lots_per_week;
      usual_wafers[route] = r.wafers;
    }
  }
  for (std::uint32_t r = 0; r < fab.routes.size(); ++r) {
    result.routes.push_back(route_time(fab, fab.routes[r], {.wafers = usual_wafers[r]}));
    for (const Step& step : fab.routes[r].steps) ++result.groups[step.group].steps;
  }

  std::vector<double> batch_h(fab.tool_groups.size(), 0.0);
  std::vector<std::vector<SetupDemand>> setups(fab.tool_groups.size());
  for (const Release& release : all) {
    const std::uint32_t r = fab.products[release.product].route;
    const RouteTime& time = result.routes[r];
    result.expected_wip_lots += release.lots_per_week * time.rpt_ms / WeekMs;
    for (std::size_t i = 0; i < fab.routes[r].steps.size(); ++i) {
      const Step& step = fab.routes[r].steps[i];
      const ToolGroup& group = fab.tool_groups[step.group];
      GroupLoad& load = result.groups[step.group];
      const double lots = release.lots_per_week * time.visits[i] * step.sampling;
      const Occupancy lot = occupancy(group, step, release.wafers);
      load.lots_per_week += lots;
      load.wafers_per_week += lots * release.wafers;
      load.work_least_h += lots * lot.least_ms / HourMs;
      load.work_most_h += lots * lot.most_ms / HourMs;
      batch_h[step.group] += lots * lot.batch_ms / HourMs;
      if (step.setup != None) {
        setups[step.group].push_back({step.setup, lots, step.setup_ms,
                                      cascade_interval_ms(group, step, release.wafers),
                                      step.setup_always});
      }
    }
  }

  for (GroupLoad& load : result.groups) {
    const ToolGroup& group = fab.tool_groups[load.group];
    load.setup_h = setup_hours(fab, group, setups[load.group]);
    set_availability(group, load);
    set_utilisation(group, batch_h[load.group], load);
  }
  result.ranking.resize(result.groups.size());
  std::iota(result.ranking.begin(), result.ranking.end(), 0U);
  std::stable_sort(result.ranking.begin(), result.ranking.end(),
                   [&](std::uint32_t a, std::uint32_t b) {
                     return result.groups[a].load > result.groups[b].load;
                   });
  return result;
}

}  // namespace twins::fab
