#include "apps/fabtwin/operating_curve.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "apps/fabtwin/figures.hpp"
#include "apps/fabtwin/table.hpp"
#include "twin/core/expect.hpp"
#include "twins/fab/route_time.hpp"

namespace apps::fabtwin {
namespace {

using twins::fab::Estimate;
using twins::fab::Kpi;
using twins::fab::Layout;
using twins::fab::RunResult;

// Flow factors of the regular lots, one entry a class and histogram bin (1.5 % wide).
std::vector<WeightedValue> regular_flow_factors(const Layout& layout, const RunResult& result) {
  std::int32_t lowest = 0;
  bool any = false;
  for (const auto& s : layout.streams) {
    lowest = any ? std::min(lowest, s.priority) : s.priority;
    any = true;
  }
  std::vector<WeightedValue> values;
  for (std::size_t c = 0; c < layout.classes.size(); ++c) {
    const auto& info = layout.classes[c];
    if (info.initial || info.priority != lowest) continue;
    const auto& fab = layout.description;
    const double rpt_days =
        twins::fab::route_time(fab, fab.routes[fab.products[info.product].route],
                               {info.wafers, twins::fab::ReworkCount::AtEveryVisit})
            .rpt_ms /
        twins::fab::DayMs;
    if (rpt_days <= 0.0) continue;
    for (const auto& r : result.replications) {
      if (r.cycle_histogram.empty()) continue;
      const auto& histogram = r.cycle_histogram[c];
      for (std::size_t bin = 0; bin < histogram.size(); ++bin) {
        if (histogram[bin] > 0)
          values.push_back(
              {twins::fab::cycle_days_of_bin(bin) / rpt_days, static_cast<double>(histogram[bin])});
      }
    }
  }
  return values;
}

}  // namespace

double weighted_quantile(std::vector<WeightedValue> values, double q) {
  std::ranges::sort(values, {}, &WeightedValue::value);
  double total = 0.0;
  for (const auto& v : values) total += v.weight;
  double below = 0.0;
  for (const auto& v : values) {
    below += v.weight;
    if (below >= q * total) return v.value;
  }
  return values.empty() ? 0.0 : values.back().value;
}

CurvePoint curve_point(const Layout& layout, const RunResult& result) {
  TWIN_EXPECT(!result.replications.empty());
  CurvePoint p;
  p.load = layout.options.load;
  const auto of = [&](double (*figure)(const Kpi&)) { return over_replications(result, figure); };
  p.flow_factor = of([](const Kpi& k) { return k.regular.flow_factor; });
  p.cycle_days = of([](const Kpi& k) { return k.regular.cycle_days; });
  p.wip = of([](const Kpi& k) { return k.wip; });
  p.outs_per_day = of([](const Kpi& k) { return k.outs_per_day; });
  const auto values = regular_flow_factors(layout, result);
  p.p05 = weighted_quantile(values, 0.05);
  p.p50 = weighted_quantile(values, 0.50);
  p.p95 = weighted_quantile(values, 0.95);
  const auto& groups = result.replications.front().kpi.groups;
  for (std::size_t g = 0; g < groups.size(); ++g) {
    const Estimate used =
        over_replications(result, [g](const Kpi& k) { return k.groups[g].utilisation; });
    if (g > 0 && used.mean <= p.utilisation) continue;
    p.utilisation = used.mean;
    p.bottleneck = groups[g].name;
    p.tools = groups[g].tools;
  }
  return p;
}

std::string curve_table(const std::vector<CurvePoint>& curve) {
  Table table({"Load", "flow factor", "p5", "p50", "p95", "cycle time d", "WIP", "outs a day",
               "bottleneck used %", "bottleneck"});
  for (const CurvePoint& p : curve) {
    table.row({fmt::format("{:g}", p.load),
               with_half_width(p.flow_factor.mean, p.flow_factor.half_width, 3), grouped(p.p05, 2),
               grouped(p.p50, 2), grouped(p.p95, 2),
               with_half_width(p.cycle_days.mean, p.cycle_days.half_width, 2),
               with_half_width(p.wip.mean, p.wip.half_width, 0), grouped(p.outs_per_day.mean, 2),
               percent(p.utilisation), p.bottleneck});
  }
  return table.text() +
         "load: releases relative to the data set; flow factor (over raw process time with "
         "transport and rework) and cycle time: regular lots.\n";
}

std::vector<CsvColumn> curve_columns() {
  return {{"load", "releases, relative to the data set"},
          {"flow_factor", "mean of the regular lots"},
          {"flow_factor_half_width", "of its 95 % interval; blank for one replication"},
          {"flow_p05", "5 % quantile of the regular lots' flow factors"},
          {"flow_p50", "their median"},
          {"flow_p95", "their 95 % quantile"},
          {"cycle_days [day]", "mean cycle time of the regular lots"},
          {"wip [lots]", "lots in the fab, mean over time"},
          {"outs_per_day [lots/day]", "lots finished a day"},
          {"bottleneck_utilisation", "share of available time that the busiest tool group is used"},
          {"bottleneck", "its name"}};
}

std::string curve_csv(const std::vector<CurvePoint>& curve) {
  std::string text = title_line(curve_columns());
  for (const CurvePoint& p : curve) {
    const std::string half =
        p.flow_factor.n > 1 ? fmt::format("{}", p.flow_factor.half_width) : std::string();
    text += fmt::format("{},{},{},{},{},{},{},{},{},{},{}\n", p.load, p.flow_factor.mean, half,
                        p.p05, p.p50, p.p95, p.cycle_days.mean, p.wip.mean, p.outs_per_day.mean,
                        p.utilisation, csv_cell(p.bottleneck));
  }
  return text;
}

Json curve_json(const std::vector<CurvePoint>& curve) {
  Json json = Json::array();
  for (const CurvePoint& p : curve) {
    json.push_back(
        {{"load", p.load},
         {"flow_factor", json_estimate(p.flow_factor)},
         {"flow_p05", p.p05},
         {"flow_p50", p.p50},
         {"flow_p95", p.p95},
         {"cycle_days", json_estimate(p.cycle_days)},
         {"wip", json_estimate(p.wip)},
         {"outs_per_day", json_estimate(p.outs_per_day)},
         {"bottleneck",
          {{"name", p.bottleneck}, {"tools", p.tools}, {"utilisation", p.utilisation}}}});
  }
  return json;
}

}  // namespace apps::fabtwin
