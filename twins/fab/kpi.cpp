#include "twins/fab/kpi.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "twin/core/expect.hpp"
#include "twin/math/share_place.hpp"
#include "twins/fab/engine/engine.hpp"
#include "twins/fab/route_time.hpp"

namespace twins::fab {

namespace {

double ratio(double a, double b) { return b != 0.0 ? a / b : 0.0; }

// Sums over a window for one class, and what the flow factors need.
struct ClassSum {
  double released = 0, finished = 0, wafers = 0, on_time = 0;
  double cycle_days = 0, cycle_days_squared = 0, tardy_days = 0, weighted_tardy_days = 0;
  double flow = 0, x = 0;  // sums over lots of cycle time over RPT, over raw process time
  double wip_days = 0;
  std::vector<std::uint64_t> histogram = std::vector<std::uint64_t>(CycleBins, 0);

  void add(const ClassSum& o) {
    released += o.released, finished += o.finished, wafers += o.wafers, on_time += o.on_time;
    cycle_days += o.cycle_days, cycle_days_squared += o.cycle_days_squared;
    tardy_days += o.tardy_days, weighted_tardy_days += o.weighted_tardy_days;
    flow += o.flow, x += o.x, wip_days += o.wip_days;
    for (std::size_t i = 0; i < CycleBins; ++i) histogram[i] += o.histogram[i];
  }
};

// The integral of a number in the system, in ticks: sums of exit and entry times, and who is still inside.
double integral(std::int64_t exits, std::int64_t entries, std::uint64_t inside, Tick at) {
  return static_cast<double>(exits - entries) +
         static_cast<double>(inside) * static_cast<double>(at);
}

ClassSum sum_of_kpi(const ClassTally& a, const ClassTally& b, Tick from, Tick to, double rpt_days,
                    double raw_days) {
  ClassSum s;
  s.released = static_cast<double>(b.released - a.released);
  s.finished = static_cast<double>(b.finished - a.finished);
  s.wafers = static_cast<double>(b.wafers_finished - a.wafers_finished);
  s.on_time = static_cast<double>(b.on_time - a.on_time);
  s.cycle_days = static_cast<double>(b.cycle_ticks - a.cycle_ticks) / DayMs;
  s.cycle_days_squared = b.cycle_days_squared - a.cycle_days_squared;
  s.tardy_days = static_cast<double>(b.tardy_ticks - a.tardy_ticks) / DayMs;
  s.weighted_tardy_days = b.weighted_tardy_days - a.weighted_tardy_days;
  s.flow = ratio(s.cycle_days, rpt_days);
  s.x = ratio(s.cycle_days, raw_days);
  s.wip_days =
      (integral(b.exit_ticks, b.release_ticks, b.released - b.finished - b.scrapped, to) -
       integral(a.exit_ticks, a.release_ticks, a.released - a.finished - a.scrapped, from)) /
      DayMs;
  for (std::size_t i = 0; i < CycleBins; ++i)
    s.histogram[i] = b.cycle_histogram[i] - a.cycle_histogram[i];
  return s;
}

ClassKpi kpi_of(const std::string& name, const ClassSum& s, double days) {
  ClassKpi k;
  k.name = name;
  k.released = s.released;
  k.finished = s.finished;
  k.wafers = s.wafers;
  k.throughput_per_day = s.finished / days;
  k.wip = s.wip_days / days;
  if (s.finished > 0.0) {
    k.cycle_days = s.cycle_days / s.finished;
    k.cycle_days_sd =
        std::sqrt(std::max(s.cycle_days_squared / s.finished - k.cycle_days * k.cycle_days, 0.0));
    k.cycle_p05 = cycle_quantile(s.histogram, 0.05);
    k.cycle_p50 = cycle_quantile(s.histogram, 0.50);
    k.cycle_p95 = cycle_quantile(s.histogram, 0.95);
    k.flow_factor = s.flow / s.finished;
    k.x_factor = s.x / s.finished;
    k.on_time = s.on_time / s.finished;
    k.tardy_days = s.tardy_days / s.finished;
    k.weighted_tardy_days = s.weighted_tardy_days / s.finished;
  }
  return k;
}

WindowKpi window_kpi(const WindowTally& a, const WindowTally& b) {
  WindowKpi k;
  k.closed = static_cast<double>(b.closed - a.closed);
  if (k.closed == 0.0) return k;
  k.violated = static_cast<double>(b.violated - a.violated) / k.closed;
  k.over_1h = static_cast<double>(b.over_1h - a.over_1h) / k.closed;
  k.over_2h = static_cast<double>(b.over_2h - a.over_2h) / k.closed;
  k.over_4h = static_cast<double>(b.over_4h - a.over_4h) / k.closed;
  k.violation_hours =
      static_cast<double>(b.violation_ticks - a.violation_ticks) / HourMs / k.closed;
  k.slack_hours = static_cast<double>(b.slack_ticks - a.slack_ticks) / HourMs / k.closed;
  return k;
}

WindowTally plus(WindowTally a, const WindowTally& b) {
  a.closed += b.closed, a.violated += b.violated;
  a.over_1h += b.over_1h, a.over_2h += b.over_2h, a.over_4h += b.over_4h;
  a.violation_ticks += b.violation_ticks, a.slack_ticks += b.slack_ticks;
  return a;
}

GroupKpi group_kpi(const Layout& m, std::uint32_t g, const Reading& from, const Reading& to) {
  GroupKpi k;
  k.name = m.description.tool_groups[g].name;
  k.area = m.description.tool_groups[g].area;
  k.tools = m.groups[g].tools;
  const double total = static_cast<double>(to.at - from.at) * k.tools;
  const auto share = [&](ToolTime t) {
    const auto i = static_cast<std::size_t>(t);
    return static_cast<double>(to.group_times[g][i] - from.group_times[g][i]) / total;
  };
  k.down = share(ToolTime::Down);
  k.pm = share(ToolTime::Pm);
  k.setup = share(ToolTime::Setup);
  k.process = share(ToolTime::Process);
  k.load = share(ToolTime::Load);
  k.unload = share(ToolTime::Unload);
  const double busy = k.setup + k.process + k.load + k.unload;
  k.availability = 1.0 - k.down - k.pm;
  k.idle = k.availability - busy;
  k.utilisation = ratio(busy, k.availability);
  const GroupTally &a = from.groups[g], &b = to.groups[g];
  k.jobs = static_cast<double>(b.jobs - a.jobs);
  k.lots = static_cast<double>(b.lots - a.lots);
  k.wafers = static_cast<double>(b.wafers - a.wafers);
  k.wait_hours = ratio(static_cast<double>(b.wait_ticks - a.wait_ticks) / HourMs, k.lots);
  k.queue = (integral(b.queue_ticks, 0, to.waiting[g], to.at) -
             integral(a.queue_ticks, 0, from.waiting[g], from.at)) /
            static_cast<double>(to.at - from.at);
  if (b.batch_wafers_max > a.batch_wafers_max)
    k.batch_fill = k.wafers / static_cast<double>(b.batch_wafers_max - a.batch_wafers_max);
  k.setup_share = ratio(static_cast<double>(b.setups - a.setups), k.jobs);
  k.reworks = static_cast<double>(b.reworks - a.reworks);
  k.skipped = static_cast<double>(b.skipped - a.skipped);
  return k;
}

}  // namespace

std::array<Tick, ToolTimes> tool_times_now(const Layout& m, const State& x, std::uint32_t t) {
  std::array<Tick, ToolTimes> times = x.tool_times[t];
  Tool tool = x.tools[t];
  const bool stopped = tool.breakdowns != 0 || tool.pm != 0xff;
  const Tick until = stopped ? tool.stopped_at : x.now;
  if (stopped)
    times[static_cast<std::size_t>(tool.breakdowns != 0 ? ToolTime::Down : ToolTime::Pm)] +=
        x.now - tool.stopped_at;
  if (m.groups[m.tool_group[t]].slots == 2) {
    account_tool_time(tool, times, until);
    return times;
  }
  const Job& job = tool.jobs[0];
  if (job.first_lot == None) return times;
  const auto passed = [until](Tick from, Tick to) {
    return std::clamp<Tick>(until - from, 0, to - from);
  };
  times[static_cast<std::size_t>(ToolTime::Setup)] += passed(job.setup_start, job.setup_end);
  times[static_cast<std::size_t>(ToolTime::Load)] += passed(job.setup_end, job.load_end);
  times[static_cast<std::size_t>(ToolTime::Process)] += passed(job.process_start, job.process_end);
  times[static_cast<std::size_t>(ToolTime::Unload)] += passed(job.process_end, job.end);
  return times;
}

Reading read_counters(const Layout& m, const State& x) {
  Reading r;
  r.at = x.now;
  r.events = x.events;
  r.wip = x.wip;
  r.classes = x.class_tally;
  r.groups = x.group_tally;
  r.windows = x.window_tally;
  for (std::size_t c = 0; c < m.classes.size(); ++c)
    if (m.classes[c].initial)
      r.wip_initial += static_cast<std::uint32_t>(
          x.class_tally[c].released - x.class_tally[c].finished - x.class_tally[c].scrapped);
  r.group_times.resize(m.groups.size());
  for (std::uint32_t t = 0; t < m.tools(); ++t) {
    const auto times = tool_times_now(m, x, t);
    for (std::size_t i = 0; i < ToolTimes; ++i) r.group_times[m.tool_group[t]][i] += times[i];
  }
  for (const Group& g : x.groups) r.waiting.push_back(g.waiting);
  return r;
}

Kpi key_figures(const Layout& m, const Reading& from, const Reading& to) {
  TWIN_EXPECT(from.at < to.at, from.at, to.at);
  Kpi kpi;
  const double days = static_cast<double>(to.at - from.at) / DayMs;
  kpi.from_day = static_cast<double>(from.at) / DayMs;
  kpi.to_day = static_cast<double>(to.at) / DayMs;
  std::int32_t lowest = 0;
  for (std::size_t s = 0; s < m.streams.size(); ++s)
    lowest = s == 0 ? m.streams[s].priority : std::min(lowest, m.streams[s].priority);
  ClassSum regular, all;
  double wip_days = 0.0;
  for (std::size_t c = 0; c < m.classes.size(); ++c) {
    const LotClass& info = m.classes[c];
    const Route& route = m.description.routes[m.description.products[info.product].route];
    const RouteTime time =
        route_time(m.description, route, {info.wafers, ReworkCount::AtEveryVisit});
    const ClassSum s = sum_of_kpi(from.classes[c], to.classes[c], from.at, to.at,
                                  time.rpt_ms / DayMs, time.process_ms / DayMs);
    ClassKpi k = kpi_of(info.name, s, days);
    k.product = info.product;
    k.priority = info.priority;
    k.initial = info.initial;
    if (info.initial)
      k.cycle_days = k.cycle_days_sd = k.cycle_p05 = k.cycle_p50 = k.cycle_p95 = k.flow_factor =
          k.x_factor = 0.0;
    kpi.classes.push_back(k);
    if (!info.initial) kpi.starts_per_day += s.released / days;
    kpi.outs_per_day += s.finished / days;
    wip_days += s.wip_days;
    if (info.initial) continue;
    all.add(s);
    if (info.priority == lowest) regular.add(s);
  }
  kpi.regular = kpi_of("regular lots", regular, days);
  kpi.all = kpi_of("all lots", all, days);
  kpi.wip = wip_days / days;
  double moves = 0.0;
  for (std::uint32_t g = 0; g < m.groups.size(); ++g) {
    kpi.groups.push_back(group_kpi(m, g, from, to));
    moves += kpi.groups.back().lots;
  }
  kpi.moves_per_day = moves / days;
  kpi.turns = ratio(kpi.moves_per_day, kpi.wip);
  kpi.windows_litho = window_kpi(from.windows[0], to.windows[0]);
  kpi.windows_rest = window_kpi(from.windows[1], to.windows[1]);
  kpi.windows =
      window_kpi(plus(from.windows[0], from.windows[1]), plus(to.windows[0], to.windows[1]));
  kpi.events = static_cast<double>(to.events - from.events);
  return kpi;
}

std::vector<std::uint32_t> bottlenecks(const Kpi& kpi) {
  std::vector<std::uint32_t> order(kpi.groups.size());
  std::iota(order.begin(), order.end(), 0U);
  std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return kpi.groups[a].utilisation > kpi.groups[b].utilisation;
  });
  return order;
}

double cycle_days_at(double place) {
  return std::exp2(place / CycleBinsPerOctave) * MinuteMs / DayMs;
}

double cycle_place_of(double days) {
  return std::log2(days * DayMs / MinuteMs) * CycleBinsPerOctave;
}

double cycle_days_of_bin(std::size_t bin) { return cycle_days_at(static_cast<double>(bin) + 0.5); }

double cycle_quantile(const std::vector<std::uint64_t>& histogram, double q) {
  const auto place = twin::math::place_of_share(histogram, q);
  if (!place) return 0.0;
  return cycle_days_at(static_cast<double>(place->bin) + place->within);
}

}  // namespace twins::fab
