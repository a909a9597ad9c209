#include "apps/fabtwin/group_schedule_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <vector>

#include "apps/fabtwin/table.hpp"

namespace apps::fabtwin {

namespace {

using twin::decide::MachineRun;
using twins::fab::decide::ScheduleUnitMs;

constexpr std::size_t BarColumns = 64;
constexpr std::size_t JobRows = 40;

double hours_of(std::int64_t units) {
  return static_cast<double>(units) * ScheduleUnitMs / twins::fab::HourMs;
}

struct Shares {
  std::size_t waiting = 0, coming = 0, left = 0;
};

Shares shares_of(const GroupScheduleShown& s) {
  Shares shares;
  for (const auto& job : s.schedule.problem.machines.jobs)
    (job.release == 0 ? shares.waiting : shares.coming) += 1;
  shares.left = s.schedule.found.schedule.left.size();
  return shares;
}

std::string lots_of(const GroupScheduleShown& s, const MachineRun& run) {
  std::string lots;
  for (const std::uint32_t j : run.jobs)
    lots += fmt::format("{}{}", lots.empty() ? "" : "+", s.schedule.problem.lots[j].lot);
  return lots;
}

std::string planned_tool_of(const GroupScheduleShown& s, const MachineRun& run) {
  return s.layout.tool_name(s.layout.groups[s.asked.group].first_tool + run.machine);
}

// What a tool does in each of the bar's stretches of time; where it does several things, the last one.
std::string bar_of(const GroupScheduleShown& s, std::uint32_t machine) {
  std::string bar(BarColumns, '.');
  const double width = s.asked.hours / static_cast<double>(BarColumns);
  const auto column = [&](std::int64_t units) {
    return std::min(static_cast<std::size_t>(std::max(hours_of(units) / width, 0.0)), BarColumns);
  };
  const std::size_t ready = column(s.schedule.problem.machines.machines[machine].ready);
  std::fill_n(bar.begin(), ready, ' ');
  bool odd = false;
  for (const MachineRun& run : s.schedule.found.schedule.runs) {
    if (run.machine != machine || hours_of(run.start) >= s.asked.hours) continue;
    for (std::size_t c = column(run.start); c < column(run.changed); ++c) bar[c] = '~';
    const std::size_t last =
        std::max(column(run.done), std::min(column(run.changed) + 1, BarColumns));
    for (std::size_t c = column(run.changed); c < last; ++c) bar[c] = odd ? '=' : '#';
    odd = !odd;
  }
  return bar;
}

}  // namespace

std::string group_schedule_text(const GroupScheduleShown& s) {
  const auto& group = s.layout.description.tool_groups[s.asked.group];
  const auto& p = s.schedule.problem.machines;
  const Shares shares = shares_of(s);
  std::string text = fmt::format(
      "day {:.1f}, {}: {} tools, the next {:g} h; {} lots wait, {} are expected (of {} at most)\n",
      s.day, group.name, p.machines.size(), s.asked.hours, shares.waiting, shares.coming,
      s.asked.lots_most);
  if (p.jobs.empty()) return text + "Nothing to plan.\n";
  const auto before = static_cast<double>(s.schedule.dispatched.cost);
  const auto after = static_cast<double>(s.schedule.found.schedule.cost);
  text += fmt::format(
      "in its own terms (weighted tardiness and time at the group) {:.1f} % less than the best "
      "dispatcher's order; {}\n",
      before > 0.0 ? 100.0 * (before - after) / before : 0.0,
      s.schedule.found.optimal
          ? "proved: no plan is better"
          : fmt::format("{} neighbourhoods looked through", s.schedule.found.rounds));
  if (shares.left > 0)
    text += fmt::format("{} lots are too few for a batch within the plan\n", shares.left);
  std::size_t name_width = 0;
  for (const MachineRun& run : s.schedule.found.schedule.runs)
    name_width = std::max(name_width, planned_tool_of(s, run).size());
  text += "\n";
  std::vector<bool> has_bar(p.machines.size(), false);
  for (const MachineRun& run : s.schedule.found.schedule.runs) {
    if (has_bar[run.machine]) continue;
    has_bar[run.machine] = true;
    text +=
        fmt::format("{:<{}} |{}|\n", planned_tool_of(s, run), name_width, bar_of(s, run.machine));
  }
  text += fmt::format("{:<{}} 0{:>{}}\n", "", name_width + 1, fmt::format("{:g} h", s.asked.hours),
                      BarColumns);
  text += "# = jobs in turns, ~ changeover, . idle, blank: not free yet\n\n";
  Table table({"Tool", "from h", "to h", "changeover h", "lots"});
  std::vector<const MachineRun*> runs;
  for (const MachineRun& run : s.schedule.found.schedule.runs)
    if (hours_of(run.start) < s.asked.hours) runs.push_back(&run);
  std::stable_sort(runs.begin(), runs.end(),
                   [](const MachineRun* a, const MachineRun* b) { return a->start < b->start; });
  for (std::size_t r = 0; r < std::min(runs.size(), JobRows); ++r)
    table.row({planned_tool_of(s, *runs[r]), fmt::format("{:.2f}", hours_of(runs[r]->start)),
               fmt::format("{:.2f}", hours_of(runs[r]->done)),
               fmt::format("{:.2f}", hours_of(runs[r]->changed - runs[r]->start)),
               lots_of(s, *runs[r])});
  text += table.text();
  if (runs.size() > JobRows) text += fmt::format("{} of {} jobs\n", JobRows, runs.size());
  return text;
}

Json group_schedule_json(const GroupScheduleShown& s) {
  const Shares shares = shares_of(s);
  Json json;
  json["day"] = s.day;
  json["tool_group"] = s.layout.description.tool_groups[s.asked.group].name;
  json["hours"] = s.asked.hours;
  json["lots_waiting"] = shares.waiting;
  json["lots_expected"] = shares.coming;
  json["lots_left"] = shares.left;
  json["cost_dispatched"] = s.schedule.dispatched.cost;
  json["cost"] = s.schedule.found.schedule.cost;
  json["optimal"] = s.schedule.found.optimal;
  json["neighbourhoods"] = s.schedule.found.rounds;
  json["rule"] = s.schedule.alternative.rule;
  Json jobs = Json::array();
  for (const MachineRun& run : s.schedule.found.schedule.runs) {
    if (hours_of(run.start) >= s.asked.hours) continue;
    Json lots = Json::array();
    for (const std::uint32_t j : run.jobs)
      lots.push_back({{"lot", s.schedule.problem.lots[j].lot},
                      {"step", s.layout.step_name(s.schedule.problem.steps[j])}});
    jobs.push_back({{"tool", planned_tool_of(s, run)},
                    {"from_hours", hours_of(run.start)},
                    {"changed_hours", hours_of(run.changed)},
                    {"to_hours", hours_of(run.done)},
                    {"lots", std::move(lots)}});
  }
  json["jobs"] = std::move(jobs);
  return json;
}

}  // namespace apps::fabtwin
