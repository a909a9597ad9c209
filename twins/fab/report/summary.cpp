#include "twins/fab/report/summary.hpp"

#include <algorithm>
#include <array>

#include "twin/core/expect.hpp"
#include "twins/fab/report/text.hpp"

namespace twins::fab::report {

namespace {

template <class Read>
Estimate over(const std::vector<ReplicationResult>& rs, Read read) {
  std::vector<double> values;
  values.reserve(rs.size());
  for (const ReplicationResult& r : rs) values.push_back(read(r.kpi));
  return estimate(values);
}

// As over, where `counts` says that there is something to read.
template <class Read, class Counts>
Estimate over_those(const std::vector<ReplicationResult>& rs, Read read, Counts counts) {
  std::vector<double> values;
  for (const ReplicationResult& r : rs)
    if (counts(r.kpi)) values.push_back(read(r.kpi));
  return estimate(values);
}

// Kpi_of: the class's figures in one replication's Kpi.
template <class KpiOf>
ClassSummary class_summary(const std::vector<ReplicationResult>& rs, KpiOf kpi_of) {
  const auto mean = [&](double ClassKpi::*field) {
    return over(rs, [&](const Kpi& k) { return kpi_of(k).*field; }).mean;
  };
  const auto finished_any = [&](const Kpi& k) { return kpi_of(k).finished > 0.0; };
  const auto of_finished = [&](double ClassKpi::*field) {
    return over_those(
        rs, [&](const Kpi& k) { return kpi_of(k).*field; }, finished_any);
  };
  ClassSummary s;
  const ClassKpi& first = kpi_of(rs.front().kpi);
  s.name = first.name;
  s.priority = first.priority;
  s.initial = first.initial;
  s.released = mean(&ClassKpi::released);
  s.finished = mean(&ClassKpi::finished);
  s.per_day = mean(&ClassKpi::throughput_per_day);
  s.wip = mean(&ClassKpi::wip);
  s.cycle = of_finished(&ClassKpi::cycle_days);
  s.replications = static_cast<double>(s.cycle.n);
  s.sd = of_finished(&ClassKpi::cycle_days_sd).mean;
  s.flow_factor = of_finished(&ClassKpi::flow_factor).mean;
  s.x_factor = of_finished(&ClassKpi::x_factor).mean;
  s.on_time = of_finished(&ClassKpi::on_time).mean;
  s.tardy_days = of_finished(&ClassKpi::tardy_days).mean;
  s.histogram.assign(CycleBins, 0);
  return s;
}

void add_histogram(ClassSummary& s, const std::vector<std::uint64_t>& h) {
  for (std::size_t i = 0; i < std::min(h.size(), s.histogram.size()); ++i) s.histogram[i] += h[i];
}

void take_quantiles(ClassSummary& s) {
  s.p05 = cycle_quantile(s.histogram, 0.05);
  s.p50 = cycle_quantile(s.histogram, 0.50);
  s.p95 = cycle_quantile(s.histogram, 0.95);
}

GroupKpi group_mean(const std::vector<ReplicationResult>& rs, std::size_t g) {
  GroupKpi k;
  const GroupKpi& first = rs.front().kpi.groups[g];
  k.name = first.name;
  k.area = first.area;
  k.tools = first.tools;
  static constexpr std::array Fields = {
      &GroupKpi::down,    &GroupKpi::pm,          &GroupKpi::setup,      &GroupKpi::process,
      &GroupKpi::load,    &GroupKpi::unload,      &GroupKpi::idle,       &GroupKpi::availability,
      &GroupKpi::jobs,    &GroupKpi::utilisation, &GroupKpi::lots,       &GroupKpi::wafers,
      &GroupKpi::queue,   &GroupKpi::wait_hours,  &GroupKpi::batch_fill, &GroupKpi::setup_share,
      &GroupKpi::reworks, &GroupKpi::skipped,
  };
  for (const auto field : Fields)
    k.*field = over(rs, [&](const Kpi& kpi) { return kpi.groups[g].*field; }).mean;
  return k;
}

WindowKpi window_mean(const std::vector<ReplicationResult>& rs, WindowKpi Kpi::*which) {
  WindowKpi w;
  static constexpr std::array Fields = {
      &WindowKpi::closed,  &WindowKpi::violated,        &WindowKpi::over_1h,    &WindowKpi::over_2h,
      &WindowKpi::over_4h, &WindowKpi::violation_hours, &WindowKpi::slack_hours};
  for (const auto field : Fields)
    w.*field = over(rs, [&](const Kpi& kpi) { return kpi.*which.*field; }).mean;
  return w;
}

// The mean at each x that any line has, in ascending order.
std::vector<Point> mean_line(const std::vector<std::vector<Point>>& lines) {
  std::vector<Point> all;
  for (const auto& line : lines) all.insert(all.end(), line.begin(), line.end());
  std::stable_sort(all.begin(), all.end(), [](Point a, Point b) { return a.x < b.x; });
  std::vector<Point> mean;
  for (std::size_t i = 0; i < all.size();) {
    double sum = 0.0;
    const std::size_t from = i;
    for (; i < all.size() && all[i].x == all[from].x; ++i) sum += all[i].y;
    mean.push_back({all[from].x, sum / static_cast<double>(i - from)});
  }
  return mean;
}

template <class LineOf>
Series series(const std::vector<ReplicationResult>& rs, LineOf line_of) {
  Series s;
  for (const ReplicationResult& r : rs) s.lines.push_back(line_of(r.days));
  s.mean = mean_line(s.lines);
  return s;
}

std::vector<Point> wip_line(const std::vector<Day>& days) {
  std::vector<Point> line;
  line.reserve(days.size());
  for (const Day& d : days) line.push_back({d.day, d.wip});
  return line;
}

// Lots a day over the last week; the first days are left out until the week is full.
std::vector<Point> outs_line(const std::vector<Day>& days) {
  std::vector<Point> line;
  for (std::size_t i = MovingDays; i <= days.size(); ++i) {
    double sum = 0.0;
    for (std::size_t j = i - MovingDays; j < i; ++j) sum += days[j].finished;
    const double begin = i == MovingDays ? 0.0 : days[i - MovingDays - 1].day;
    const double length = days[i - 1].day - begin;
    if (length > 0.0) line.push_back({days[i - 1].day, sum / length});
  }
  return line;
}

}  // namespace

int ClassSummary::quantile_decimals() const { return std::max(1, decimals_of(p50)); }

std::vector<Point> moving_ratio(const std::vector<Day>& days, double Day::*value,
                                double Day::*weight) {
  std::vector<Point> line;
  for (std::size_t i = 0; i < days.size(); ++i) {
    double sum = 0.0, weights = 0.0;
    for (std::size_t j = i + 1 >= MovingDays ? i + 1 - MovingDays : 0; j <= i; ++j) {
      sum += days[j].*value;
      weights += days[j].*weight;
    }
    if (weights > 0.0) line.push_back({days[i].day, sum / weights});
  }
  return line;
}

Summary summarise(const Layout& layout, const RunResult& result) {
  const auto& rs = result.replications;
  Summary s;
  s.days = result.options.days;
  s.warmup_days = result.options.warmup_days;
  s.replications = rs.size();
  if (rs.empty()) return s;
  for (const ReplicationResult& r : rs)
    TWIN_EXPECT(r.kpi.classes.size() == layout.classes.size() &&
                    r.kpi.groups.size() == layout.groups.size() &&
                    r.cycle_histogram.size() == layout.classes.size(),
                r.member, r.kpi.classes.size(), r.kpi.groups.size(), r.cycle_histogram.size());
  s.counted_days = over(rs, [](const Kpi& k) { return k.to_day - k.from_day; }).mean;
  s.wip = over(rs, [](const Kpi& k) { return k.wip; });
  s.starts = over(rs, [](const Kpi& k) {  // what is in the fab at time zero was released before
    double lots = 0.0;
    for (const ClassKpi& c : k.classes)
      if (!c.initial) lots += c.released;
    return lots / (k.to_day - k.from_day);
  });
  s.outs = over(rs, [](const Kpi& k) { return k.outs_per_day; });
  s.moves = over(rs, [](const Kpi& k) { return k.moves_per_day; });
  s.turns = over(rs, [](const Kpi& k) { return k.turns; });
  s.regular = class_summary(rs, [](const Kpi& k) -> const ClassKpi& { return k.regular; });
  for (std::size_t c = 0; c < layout.classes.size(); ++c) {
    s.classes.push_back(
        class_summary(rs, [c](const Kpi& k) -> const ClassKpi& { return k.classes[c]; }));
    for (const ReplicationResult& r : rs) add_histogram(s.classes.back(), r.cycle_histogram[c]);
    take_quantiles(s.classes.back());
  }
  std::int32_t lowest = 0;
  for (std::size_t i = 0; i < layout.streams.size(); ++i)
    lowest = i == 0 ? layout.streams[i].priority : std::min(lowest, layout.streams[i].priority);
  for (const ClassSummary& c : s.classes)
    if (!c.initial && c.priority == lowest) add_histogram(s.regular, c.histogram);
  take_quantiles(s.regular);
  const auto any = [](const Kpi& k) { return k.regular.finished > 0.0; };
  s.cycle = s.regular.cycle;
  s.flow_factor = over_those(
      rs, [](const Kpi& k) { return k.regular.flow_factor; }, any);
  s.on_time = over_those(
      rs, [](const Kpi& k) { return k.regular.on_time; }, any);
  if (rs.size() == 1 && s.cycle.n == 1) {
    const Estimate inside = batch_means_cycle(rs.front(), s.warmup_days);
    s.within_run = inside.n > 1;
    s.cycle.half_width = inside.half_width;
  }
  for (std::size_t g = 0; g < layout.groups.size(); ++g) s.groups.push_back(group_mean(rs, g));
  std::stable_sort(s.groups.begin(), s.groups.end(), [](const GroupKpi& a, const GroupKpi& b) {
    return a.utilisation > b.utilisation;
  });
  s.litho = window_mean(rs, &Kpi::windows_litho);
  s.rest = window_mean(rs, &Kpi::windows_rest);
  s.all = window_mean(rs, &Kpi::windows);
  s.violated = over_those(
      rs, [](const Kpi& k) { return k.windows.violated; },
      [](const Kpi& k) { return k.windows.closed > 0.0; });
  s.wip_days = series(rs, wip_line);
  s.outs_days = series(rs, outs_line);
  s.cycle_days = series(rs, [](const std::vector<Day>& days) {
    return moving_ratio(days, &Day::cycle_days, &Day::cycle_lots);
  });
  return s;
}

}  // namespace twins::fab::report
