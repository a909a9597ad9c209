#include "apps/fabtwin/inventory.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "apps/fabtwin/saved_run.hpp"
#include "apps/fabtwin/table.hpp"
#include "twins/fab/load.hpp"

namespace apps::fabtwin {
namespace {

using twins::fab::DayMs;
using twins::fab::Description;
using twins::fab::FabLoad;
using twins::fab::GroupLoad;
using twins::fab::None;
using twins::fab::Step;

struct Sizes {
  std::size_t tools = 0, areas = 0, steps = 0, sampled = 0, rework = 0, setup = 0, batch = 0;
  std::size_t cascading = 0, dedicated = 0, windows = 0, breakdowns = 0, maintenances = 0;
  std::size_t wip = 0, listed = 0;
};

Sizes sizes_of(const Description& fab) {
  Sizes s;
  std::set<std::string> areas;
  for (const auto& g : fab.tool_groups) {
    s.tools += g.tools;
    areas.insert(g.area);
    s.breakdowns += g.breakdowns.size();
    s.maintenances += g.maintenances.size();
  }
  s.areas = areas.size();
  for (const auto& route : fab.routes) {
    s.steps += route.steps.size();
    for (const Step& step : route.steps) {
      s.sampled += step.sampling < 1.0 ? 1 : 0;
      s.rework += step.rework > 0.0 ? 1 : 0;
      s.setup += step.setup != None ? 1 : 0;
      s.batch += step.per == Step::Per::Batch ? 1 : 0;
      s.cascading += step.cascade_interval_ms > 0.0 ? 1 : 0;
      s.dedicated += step.dedicates != None ? 1 : 0;
      s.windows += step.queue_time_exit != None ? 1 : 0;
    }
  }
  for (const auto& lot : fab.lots) ++(lot.step != None ? s.wip : s.listed);
  return s;
}

std::string number_inventory(std::size_t n) { return grouped(static_cast<double>(n), 0); }

std::string size_lines(const Description& fab, const Sizes& s) {
  return fmt::format(
             "{}: {} tool groups in {} areas, {} tools; {} products on {} routes of {} steps\n",
             fab.name, number_inventory(fab.tool_groups.size()), s.areas, number_inventory(s.tools),
             fab.products.size(), fab.routes.size(), number_inventory(s.steps)) +
         fmt::format(
             "Steps: {} sampled, {} with rework, {} with a setup, {} batch, {} cascading, "
             "{} tool dedications, {} queue-time windows\n",
             number_inventory(s.sampled), number_inventory(s.rework), number_inventory(s.setup),
             number_inventory(s.batch), number_inventory(s.cascading),
             number_inventory(s.dedicated), number_inventory(s.windows)) +
         fmt::format("Calendars: {} of maintenance, {} of breakdowns; setups: {}; transports: {}\n",
                     s.maintenances, s.breakdowns, fab.setups.size(), fab.transports.size()) +
         fmt::format(
             "Lots: {} release streams, {} released at listed times, {} in the fab at time "
             "zero\n",
             fab.streams.size(), number_inventory(s.listed), number_inventory(s.wip));
}

std::string product_table(const Description& fab, const FabLoad& load) {
  Table table({"Product", "route", "steps", "performed", "raw process d", "work d", "RPT d",
               "lots/week", "wafers/week"});
  for (std::size_t p = 0; p < fab.products.size(); ++p) {
    const auto& product = fab.products[p];
    const auto& time = load.routes[product.route];
    table.row({product.name, fab.routes[product.route].name,
               number_inventory(fab.routes[product.route].steps.size()),
               grouped(time.performed_steps, 1), grouped(time.process_ms / DayMs, 2),
               grouped(time.work_ms / DayMs, 2), grouped(time.rpt_ms / DayMs, 2),
               grouped(load.lots_per_week[p], 1), grouped(load.wafers_per_week[p], 0)});
  }
  return "\n" + table.text() +
         "performed: expected, sampling and rework counted; work: remaining at the first step, "
         "with "
         "load and unload; RPT: with transport and rework.\n";
}

std::string group_table(const Description& fab, const FabLoad& load, std::size_t count) {
  Table table({"Tool group", "area", "tools", "steps", "lots/week", "load %", "used %", "avail %",
               "down %", "PM %", "setup h", "work h"});
  for (std::size_t i = 0; i < std::min(count, load.ranking.size()); ++i) {
    const GroupLoad& g = load.groups[load.ranking[i]];
    const auto& group = fab.tool_groups[g.group];
    table.row({group.name, group.area, number_inventory(group.tools), number_inventory(g.steps),
               grouped(g.lots_per_week, 1), percent(g.load), percent(g.utilisation),
               percent(g.availability), percent(g.breakdown_share), percent(g.maintenance_share),
               grouped(g.setup_h, 1), grouped(g.work_h, 1)});
  }
  std::string text = "\n" + table.text() +
                     "load: capacity used at best (full batches, tools cascading); used: expected; "
                     "both of available time. setup and work: tool-hours a week.\n";
  if (count < load.ranking.size())
    text +=
        fmt::format("{} of {} tool groups; --all lists the others.\n", count, load.ranking.size());
  return text;
}

}  // namespace

std::string inventory(const Description& fab, std::size_t groups) {
  const FabLoad load = twins::fab::fab_load(fab);
  std::string text =
      size_lines(fab, sizes_of(fab)) + product_table(fab, load) + group_table(fab, load, groups);
  const auto overloaded =
      std::ranges::count_if(load.groups, [](const GroupLoad& g) { return g.load >= 1.0; });
  text += fmt::format("\nExpected WIP {} lots at a flow factor of 1 (a loaded fab holds more).\n",
                      grouped(load.expected_wip_lots, 0));
  if (overloaded > 0)
    text += fmt::format(
        "{} tool groups are asked for more than they can do: their queues grow "
        "without end.\n",
        overloaded);
  text +=
      fab.warnings.empty() ? "No warnings.\n" : fmt::format("{} warnings:\n", fab.warnings.size());
  for (const std::string& warning : fab.warnings) text += "  " + warning + "\n";
  return text;
}

Json inventory_json(const Description& fab) {
  const FabLoad load = twins::fab::fab_load(fab);
  const Sizes s = sizes_of(fab);
  Json json = json_head("check");
  json["data_set"] = {{"name", fab.name},
                      {"fingerprint", fmt::format("{:016x}", fingerprint_of(fab))},
                      {"tool_groups", fab.tool_groups.size()},
                      {"areas", s.areas},
                      {"tools", s.tools},
                      {"products", fab.products.size()},
                      {"routes", fab.routes.size()},
                      {"steps", s.steps},
                      {"streams", fab.streams.size()},
                      {"lots_listed", s.listed},
                      {"lots_at_time_zero", s.wip},
                      {"queue_time_windows", s.windows},
                      {"warnings", fab.warnings}};
  json["expected_wip_lots"] = load.expected_wip_lots;
  json["products"] = Json::array();
  for (std::size_t p = 0; p < fab.products.size(); ++p) {
    const auto& product = fab.products[p];
    const auto& time = load.routes[product.route];
    json["products"].push_back({{"name", product.name},
                                {"route", fab.routes[product.route].name},
                                {"steps", fab.routes[product.route].steps.size()},
                                {"performed_steps", time.performed_steps},
                                {"raw_process_days", time.process_ms / DayMs},
                                {"work_days", time.work_ms / DayMs},
                                {"rpt_days", time.rpt_ms / DayMs},
                                {"lots_per_week", load.lots_per_week[p]},
                                {"wafers_per_week", load.wafers_per_week[p]}});
  }
  json["groups"] = Json::array();
  for (const std::uint32_t i : load.ranking) {
    const GroupLoad& g = load.groups[i];
    const auto& group = fab.tool_groups[g.group];
    json["groups"].push_back({{"name", group.name},
                              {"area", group.area},
                              {"tools", group.tools},
                              {"steps", g.steps},
                              {"lots_per_week", g.lots_per_week},
                              {"wafers_per_week", g.wafers_per_week},
                              {"load", g.load},
                              {"utilisation", g.utilisation},
                              {"availability", g.availability},
                              {"breakdown_share", g.breakdown_share},
                              {"maintenance_share", g.maintenance_share},
                              {"setup_h", g.setup_h},
                              {"work_h", g.work_h}});
  }
  return json;
}

}  // namespace apps::fabtwin
