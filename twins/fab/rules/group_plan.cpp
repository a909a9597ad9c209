#include "twins/fab/rules/group_plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "twin/core/error.hpp"
#include "twins/fab/rules/named.hpp"

namespace twins::fab {

namespace {

constexpr std::string_view Plan = "plan.";
constexpr double MostPlanHours = 1e7;

struct PlanReading {
  const Layout& m;
  std::string_view whole;
  const NamedValue& p;

  [[noreturn]] void wrong(const std::string& what, const std::string& why) const {
    throw twin::core::Error(fmt::format("{} in rule '{}' ({})", what, whole, why));
  }
  [[nodiscard]] std::uint32_t tool() const {
    const std::string_view name = p.name.substr(Plan.size());
    if (const std::uint32_t t = tool_named(m, name); t != None) return t;
    wrong(std::string(p.name), "no tool of this name" + guess_tool(m, name));
  }
  template <class T>
  [[nodiscard]] T number(std::string_view digits, std::string_view of) const {
    T value{};
    const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (failed != std::errc{} || end != digits.data() + digits.size())
      wrong(fmt::format("'{}' of {}", digits, p.name), fmt::format("must be {}", of));
    return value;
  }
  [[nodiscard]] PlannedLot lot(std::string_view text) const {
    const std::size_t at = text.find('@');
    if (at == std::string_view::npos)
      wrong(fmt::format("'{}' of {}", text, p.name), "must be LOT@STEP");
    const auto number_of = number<std::uint32_t>(text.substr(0, at), "the number of a lot");
    const auto step = number<std::uint32_t>(text.substr(at + 1), "a step, counted from 1");
    if (step == 0 || number_of == None)
      wrong(fmt::format("'{}' of {}", text, p.name), "lots count from 0, steps from 1");
    return {number_of, step - 1};
  }
  [[nodiscard]] PlannedJob job(std::uint32_t tool, std::string_view text) const {
    const std::size_t tilde = text.find('~');
    if (tilde == std::string_view::npos)
      wrong(fmt::format("'{}' of {}", text, p.name), "must be LOT@STEP~HOURS");
    const auto hours = number<double>(text.substr(tilde + 1), "hours after time zero");
    if (!(hours >= 0.0 && hours <= MostPlanHours))
      wrong(fmt::format("'{}' of {}", text, p.name), "hours must be 0 to 10000000");
    PlannedJob job{tool, static_cast<Tick>(std::llround(hours * HourMs)), {}};
    std::string_view lots = text.substr(0, tilde);
    while (true) {
      const std::size_t plus = lots.find('+');
      job.lots.push_back(lot(lots.substr(0, plus)));
      if (plus == std::string_view::npos) return job;
      lots.remove_prefix(plus + 1);
    }
  }
};

}  // namespace

std::uint32_t GroupPlan::job_of(PlannedLot lot) const {
  const auto at = std::lower_bound(by_lot.begin(), by_lot.end(), lot,
                                   [](const auto& a, const PlannedLot& b) { return a.first < b; });
  return at != by_lot.end() && at->first == lot ? at->second : None;
}

bool is_plan_parameter(std::string_view name) { return name.starts_with(Plan); }

std::optional<GroupPlan> group_plan(const Layout& m, std::span<const NamedValue> parameters,
                                    std::string_view whole) {
  if (parameters.empty()) return std::nullopt;
  GroupPlan plan;
  plan.group.assign(m.groups.size(), 0);
  for (const NamedValue& p : parameters) {
    const PlanReading reading{m, whole, p};
    const std::uint32_t tool = reading.tool();
    const std::uint32_t g = m.tool_group[tool];
    plan.group[g] = 1;
    std::string_view jobs = p.value;
    while (true) {
      const std::size_t end = jobs.find(';');
      plan.jobs.push_back(reading.job(tool, jobs.substr(0, end)));
      if (plan.jobs.back().lots.size() > 1 && !m.groups[g].batch)
        reading.wrong(fmt::format("'{}' of {}", jobs.substr(0, end), p.name),
                      "a tool that takes one lot at a time");
      if (end == std::string_view::npos) break;
      jobs.remove_prefix(end + 1);
    }
  }
  std::stable_sort(plan.jobs.begin(), plan.jobs.end(),
                   [](const PlannedJob& a, const PlannedJob& b) { return a.tool < b.tool; });
  plan.first_job.assign(m.tools() + 1, 0);
  for (std::uint32_t j = 0; j < plan.jobs.size(); ++j) {
    const PlannedJob& job = plan.jobs[j];
    ++plan.first_job[job.tool + 1];
    plan.until = std::max(plan.until, job.latest);
    for (const PlannedLot& lot : job.lots) plan.by_lot.emplace_back(lot, j);
  }
  for (std::size_t t = 0; t < m.tools(); ++t) plan.first_job[t + 1] += plan.first_job[t];
  std::sort(plan.by_lot.begin(), plan.by_lot.end());
  for (std::size_t i = 1; i < plan.by_lot.size(); ++i)
    if (plan.by_lot[i].first == plan.by_lot[i - 1].first)
      throw twin::core::Error(fmt::format("lot {}@{} in rule '{}' (stands in two jobs)",
                                          plan.by_lot[i].first.lot, plan.by_lot[i].first.index + 1,
                                          whole));
  return plan;
}

std::string text_of(const Layout& m, std::span<const PlannedJob> jobs) {
  std::vector<const PlannedJob*> by_tool;
  for (const PlannedJob& job : jobs) by_tool.push_back(&job);
  std::stable_sort(by_tool.begin(), by_tool.end(),
                   [](const PlannedJob* a, const PlannedJob* b) { return a->tool < b->tool; });
  std::string text;
  std::uint32_t tool = None;
  for (const PlannedJob* job : by_tool) {
    if (job->tool != tool)
      text += fmt::format("{}plan.{}=", text.empty() ? "" : ",", m.tool_name(job->tool));
    else
      text += ';';
    tool = job->tool;
    for (std::size_t l = 0; l < job->lots.size(); ++l)
      text += fmt::format("{}{}@{}", l == 0 ? "" : "+", job->lots[l].lot, job->lots[l].index + 1);
    // Whole milliseconds: 10^-7 h is 0.36 of one.
    text += fmt::format("~{:.7f}", static_cast<double>(job->latest) / HourMs);
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') text.pop_back();
  }
  return text;
}

}  // namespace twins::fab
