#include "apps/fabtwin/summary.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "apps/fabtwin/figures.hpp"
#include "apps/fabtwin/run_flags.hpp"
#include "apps/fabtwin/table.hpp"
#include "twin/core/expect.hpp"

namespace apps::fabtwin {
namespace {

using twins::fab::ClassKpi;
using twins::fab::Estimate;
using twins::fab::GroupKpi;
using twins::fab::Kpi;
using twins::fab::Layout;
using twins::fab::RunResult;
using twins::fab::WindowKpi;

constexpr std::size_t BottlenecksShown = 10;

using OfClass = std::function<const ClassKpi&(const Kpi&)>;

// A figure of lots with its interval; "-" where no lot finished.
std::string cell_summary(const RunResult& result, const OfClass& of, double ClassKpi::*value,
                         int digits, double factor = 1.0) {
  const Estimate e = over_replications(result, of, {"", "", value, Basis::Lots});
  return e.n == 0 ? "-" : with_half_width(factor * e.mean, factor * e.half_width, digits);
}

std::string plain(const RunResult& result, const OfClass& of, double ClassKpi::*value, int digits,
                  double factor = 1.0) {
  const Estimate e = over_replications(result, of, {"", "", value, Basis::Lots});
  return e.n == 0 ? "-" : grouped(factor * e.mean, digits);
}

std::string count(const RunResult& result, const OfClass& of, double ClassKpi::*value) {
  const Estimate e = over_replications(result, of, {"", "", value, Basis::Time});
  return grouped(e.mean, result.replications.size() > 1 ? 1 : 0);
}

void lot_row(Table& table, const RunResult& result, const std::string& name, const OfClass& of,
             const std::string& cycle) {
  table.row(
      {name, count(result, of, &ClassKpi::finished),
       with_half_width(over_replications(result, of, {"", "", &ClassKpi::throughput_per_day}).mean,
                       0.0, 2),
       cycle, plain(result, of, &ClassKpi::cycle_p05, 1),
       plain(result, of, &ClassKpi::cycle_p50, 1), plain(result, of, &ClassKpi::cycle_p95, 1),
       plain(result, of, &ClassKpi::flow_factor, 2), plain(result, of, &ClassKpi::x_factor, 2),
       cell_summary(result, of, &ClassKpi::on_time, 1, 100.0),
       plain(result, of, &ClassKpi::tardy_days, 2), plain(result, of, &ClassKpi::wip, 1)});
}

std::string lot_table(const Layout& layout, const RunResult& result) {
  Table table({"Lots released in the run", "finished", "per day", "cycle time d", "p5", "p50",
               "p95", "flow", "X", "on time %", "tardy d", "WIP"});
  bool any = false;
  for (std::size_t c = 0; c < layout.classes.size(); ++c) {
    const auto& info = layout.classes[c];
    if (info.initial) continue;
    any = true;
    const OfClass of = [c](const Kpi& kpi) -> const ClassKpi& { return kpi.classes[c]; };
    const std::string product = layout.description.products[info.product].name;
    lot_row(table, result, fmt::format("{} ({}, priority {})", info.name, product, info.priority),
            of, cell_summary(result, of, &ClassKpi::cycle_days, 2));
  }
  if (!any) return {};
  const OfClass regular = [](const Kpi& kpi) -> const ClassKpi& { return kpi.regular; };
  const OfClass all = [](const Kpi& kpi) -> const ClassKpi& { return kpi.all; };
  lot_row(table, result, "regular lots (lowest priority)", regular,
          cell_summary(result, regular, &ClassKpi::cycle_days, 2));
  std::string cycle = cell_summary(result, all, &ClassKpi::cycle_days, 2);
  std::string note;
  const std::size_t n = result.replications.size();
  if (n > 1) {
    note = fmt::format("±: 95 % interval over {} replications (Student t).\n", n);
  } else {
    const Estimate batches =
        batch_means_cycle(result.replications.front(), result.options.warmup_days);
    if (batches.n > 1) {
      cycle =
          with_half_width(result.replications.front().kpi.all.cycle_days, batches.half_width, 2);
      note = fmt::format(
          "±: 95 % interval from {} batch means within the one replication (Student "
          "t), for all lots; --replications 5 gives one for each figure.\n",
          batches.n);
    } else {
      note =
          "No interval: one replication, too short for batch means (40 days); --replications 5 "
          "gives one.\n";
    }
  }
  lot_row(table, result, "all lots", all, cycle);
  return table.text() +
         "p5, p50, p95 [d] quantiles of cycle time; flow: over raw process time with transport and "
         "rework; X: over raw process time.\n" +
         note;
}

std::string initial_table(const Layout& layout, const RunResult& result) {
  Table table({"Lots in the fab at time zero", "finished", "WIP"});
  for (std::size_t c = 0; c < layout.classes.size(); ++c) {
    if (!layout.classes[c].initial) continue;
    const OfClass of = [c](const Kpi& kpi) -> const ClassKpi& { return kpi.classes[c]; };
    table.row({layout.classes[c].name, count(result, of, &ClassKpi::finished),
               grouped(over_replications(result, of, {"", "", &ClassKpi::wip}).mean, 1)});
  }
  if (table.empty()) return {};
  return "\n" + table.text() + "Their age is unknown: they count, but have no cycle time.\n";
}

std::string fab_lines(const RunResult& result) {
  const auto figure = [&](double Kpi::*value, int digits) {
    const Estimate e = over_replications(result, [value](const Kpi& kpi) { return kpi.*value; });
    return with_half_width(e.mean, e.half_width, digits);
  };
  return fmt::format(
      "\nFab  WIP {} lots; moves {} a day; turns {} a day; starts {}, outs {} lots a "
      "day\n",
      figure(&Kpi::wip, 1), figure(&Kpi::moves_per_day, 0), figure(&Kpi::turns, 2),
      figure(&Kpi::starts_per_day, 2), figure(&Kpi::outs_per_day, 2));
}

std::string group_table_summary(const RunResult& result) {
  const std::size_t groups = result.replications.front().kpi.groups.size();
  Kpi mean;
  for (std::size_t g = 0; g < groups; ++g) {
    mean.groups.push_back(mean_of(
        result, group_figures(), [g](const Kpi& kpi) -> const GroupKpi& { return kpi.groups[g]; }));
  }
  Table table({"Bottlenecks", "tools", "used %", "avail %", "down %", "PM %", "setup %", "idle %",
               "queue", "wait h", "fill %"});
  const auto order = bottlenecks(mean);
  for (std::size_t i = 0; i < std::min(order.size(), BottlenecksShown); ++i) {
    const GroupKpi& k = mean.groups[order[i]];
    table.row({k.name, grouped(k.tools, 0), percent(k.utilisation), percent(k.availability),
               percent(k.down), percent(k.pm), percent(k.setup), percent(k.idle),
               grouped(k.queue, 1), grouped(k.wait_hours, 2),
               k.batch_fill > 0.0 ? percent(k.batch_fill) : "-"});
  }
  return "\n" + table.text() +
         fmt::format("used: of available time; the others: of all time. {} of {} tool groups.\n",
                     std::min(order.size(), BottlenecksShown), groups);
}

std::string window_table(const RunResult& result) {
  Table table({"Queue-time windows", "closed", "violated %", ">1 h %", ">2 h %", ">4 h %",
               "violation h", "slack h"});
  const auto row = [&](const char* name, WindowKpi Kpi::*part) {
    const WindowKpi k = mean_of(result, window_figures(),
                                [part](const Kpi& kpi) -> const WindowKpi& { return kpi.*part; });
    if (k.closed <= 0.0) return;
    table.row({name, grouped(k.closed, 0), percent(k.violated), percent(k.over_1h),
               percent(k.over_2h), percent(k.over_4h), grouped(k.violation_hours, 2),
               grouped(k.slack_hours, 2)});
  };
  row("to litho", &Kpi::windows_litho);
  row("others", &Kpi::windows_rest);
  row("all", &Kpi::windows);
  return table.empty() ? std::string() : "\n" + table.text();
}

}  // namespace

std::string run_line(const twins::fab::RunOptions& run) {
  std::string line =
      fmt::format("{} days", grouped(run.days, run.days == static_cast<int>(run.days) ? 0 : 2));
  line += run.warmup_days > 0.0 ? fmt::format(" (warm-up {})", run.warmup_days) : " (no warm-up)";
  line += run.replications == 1 ? ", 1 replication"
                                : fmt::format(", {} replications", run.replications);
  if (run.first_replication > 0) line += fmt::format(" from number {}", run.first_replication);
  return line + fmt::format(", seed {}, rule {}", run.seed, run.rule);
}

bool is_complete(const twins::fab::ReplicationResult& r, const twins::fab::RunOptions& run) {
  constexpr double Ms = 1.0 / twins::fab::DayMs;  // [day] a run's end is rounded to it
  return !r.kpi.groups.empty() && r.kpi.to_day > run.days - Ms;
}

std::string stop_line(const RunResult& result) {
  std::size_t complete = 0;
  double lowest = result.options.days, highest = 0.0;
  for (const auto& r : result.replications) {
    if (is_complete(r, result.options)) {
      ++complete;
      continue;
    }
    lowest = std::min(lowest, r.kpi.to_day);
    highest = std::max(highest, r.kpi.to_day);
  }
  if (complete == result.options.replications) return {};
  std::string line = fmt::format("interrupted: {} of {} replications complete", complete,
                                 result.options.replications);
  if (highest > 0.0)
    line += lowest == highest ? fmt::format(", one at day {:.0f}", highest)
                              : fmt::format(", others at day {:.0f} to {:.0f}", lowest, highest);
  return line + "; figures are those of what there is";
}

std::string summary(const Layout& layout, const RunResult& result, const Effort& effort) {
  TWIN_EXPECT(!result.replications.empty());
  std::string text = title_of(layout) + "; " + run_line(result.options) + "\n";
  const std::string stopped = stop_line(result);
  if (!stopped.empty()) text += stopped + "\n";
  text += "\n" + lot_table(layout, result) + initial_table(layout, result) + fab_lines(result) +
          group_table_summary(result) + window_table(result);
  text += fmt::format("\n{} events in {:.2f} s: {} a second\n", grouped(effort.events, 0),
                      effort.seconds,
                      grouped(effort.seconds > 0.0 ? effort.events / effort.seconds : 0.0, 0));
  return text;
}

}  // namespace apps::fabtwin
