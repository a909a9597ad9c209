#include "twins/fab/generator/draft.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "twin/core/expect.hpp"
#include "twins/fab/generator/question.hpp"

namespace twins::fab::generator {
namespace {

constexpr double SpreadOfProcess = 0.05;      // half-width / mean, as in SMT2020
constexpr double SpreadOfMaintenance = 0.20;  // half-width / mean, as in SMT2020
constexpr double WeekMinutes = 10'080.0;
constexpr std::uint32_t MinimumRun = 7;  // lots, as in SMT2020
constexpr std::uint32_t Gases = 3;       // setups of an implanter with minimum run

double rounded(double x, double per_unit) { return std::round(x * per_unit) / per_unit; }

Duration uniform(double mean, double half_width, double unit_ms) {
  return {Duration::Law::Uniform, mean * unit_ms, half_width * unit_ms};
}

// Two thirds of the implant groups change gas and keep it; the others need no setup.
bool keeps_gas(const Park& park, std::uint32_t g) {
  const Park::Group& group = park.groups[g];
  if (group.family != Family::Implant) return false;
  std::uint32_t groups = 0;
  for (const Park::Group& other : park.groups) groups += other.family == Family::Implant;
  return groups == 1 || 3 * group.number <= 2 * groups;
}

// The last dry etch group alternates between two chambers' conditions, with times that depend on
// the order.
bool alternates(const Park& park, std::uint32_t g) {
  return park.groups[g].family == Family::DryEtch &&
         (g + 1 == park.groups.size() || park.groups[g + 1].family != Family::DryEtch);
}

class Drafting {
 public:
  Drafting(const Flow& flow, const Park& park, const Tuning& tuning, const twin::core::Draw& draw)
      : flow_(flow),
        park_(park),
        tuning_(tuning),
        draw_(draw),
        operations_(park.groups.size(), 0),
        first_setup_(park.groups.size(), None) {
    for (const auto& layer : park.group_of) {
      nth_.emplace_back();
      for (const std::uint32_t g : layer) nth_.back().push_back(operations_[g]++);
    }
  }

  Description make() {
    for (std::uint32_t g = 0; g < park_.groups.size(); ++g) add_group(g);
    for (std::uint32_t g = 0; g < park_.groups.size(); ++g) add_gases(g);
    for (std::uint32_t g = 0; g < park_.groups.size(); ++g) add_conditions(g);
    for (std::uint32_t p = 0; p < flow_.products.size(); ++p) add_product(p);
    fab_.transports.push_back({"Fab", "Fab", uniform(7.5, 2.5, MinuteMs)});
    return std::move(fab_);
  }

 private:
  void add_group(std::uint32_t g) {
    const Profile& p = profile(park_.groups[g].family);
    ToolGroup group;
    group.name = group_name(park_.groups[g]);
    group.area = p.area;
    group.tools = tuning_.tools[g];
    group.job_slots = p.cascade > 0.0 ? 2 : 1;
    group.batch = p.per == Step::Per::Batch;
    group.rank = {Criterion::HighestPriority, Criterion::LeastSetup, Criterion::Fifo};
    group.location = park_.groups[g].family == Family::Delay ? "Delay" : "Fab";
    if (park_.groups[g].family != Family::Delay) {
      group.load_ms = group.unload_ms = MinuteMs;
      group.breakdowns.push_back(breakdown(p));
      add_maintenances(g, group);
    }
    group.wakes_least_setup =
        keeps_gas(park_, g) || takes_turns(g) || park_.groups[g].family == Family::LithoTrack;
    group.keeps_minimum_run = keeps_gas(park_, g);
    fab_.tool_groups.push_back(std::move(group));
  }

  static Breakdown breakdown(const Profile& p) {
    const Duration week{Duration::Law::Exponential, WeekMinutes * MinuteMs, 0.0};
    return {fmt::format("BREAK_{}", p.area),
            week,
            week,
            {Duration::Law::Exponential, p.repair_minutes * MinuteMs, 0.0}};
  }

  // Weekly, monthly and quarterly, by days or by the wafers of so many days; first ones up to a
  // tenth early or late, so that the groups' calendars drift apart.
  void add_maintenances(std::uint32_t g, ToolGroup& group) const {
    const Profile& p = profile(park_.groups[g].family);
    struct Calendar {
      const char* suffix;
      double days, hours;
    };
    const std::array<Calendar, 3> calendars = {{{"WK", 7.0, p.week_pm_hours},
                                                {"MN", 30.0, p.month_pm_hours},
                                                {"QT", 91.0, 2.0 * p.month_pm_hours}}};
    for (std::uint32_t k = 0; k < calendars.size(); ++k) {
      const Calendar& c = calendars[k];
      const double shift = 0.9 + 0.2 * draw_.uniform(number(Question::FirstPm), g, k);
      Maintenance m;
      m.name = fmt::format("{}_{}", group.name, c.suffix);
      m.duration = uniform(c.hours, rounded(SpreadOfMaintenance * c.hours, 100.0), HourMs);
      if (p.counts_wafers) {
        m.trigger = Maintenance::Trigger::Wafers;
        m.interval = std::round(tuning_.wafers_per_tool_week[g] * c.days / 7.0);
        m.first = std::max(1.0, std::round(m.interval * shift));
      } else {
        m.interval = c.days * DayMs;
        m.first = rounded(c.days * shift, 10.0) * DayMs;
      }
      if (c.hours > 0.0 && m.interval > 0.0) group.maintenances.push_back(std::move(m));
    }
  }

  // Setups stand in the order in which the files name them: minimum runs, the setup table, the
  // routes.
  void add_gases(std::uint32_t g) {
    if (!keeps_gas(park_, g)) return;
    first_setup_[g] = static_cast<std::uint32_t>(fab_.setups.size());
    const double minutes = 60.0 + 10.0 * (park_.groups[g].number % 3);
    for (std::uint32_t k = 0; k < std::min(Gases, operations_[g]); ++k) {
      const auto setup = static_cast<std::uint32_t>(fab_.setups.size());
      fab_.setups.push_back(
          {fmt::format("{}_Gas_{}", fab_.tool_groups[g].name, k + 1), MinimumRun});
      fab_.setup_changes.push_back({None, setup, minutes * MinuteMs});
      fab_.tool_groups[g].min_run_setups.push_back(setup);
    }
  }

  // One operation alone would never change the conditions.
  bool takes_turns(std::uint32_t g) const { return alternates(park_, g) && operations_[g] > 1; }

  void add_conditions(std::uint32_t g) {
    if (!takes_turns(g)) return;
    first_setup_[g] = static_cast<std::uint32_t>(fab_.setups.size());
    const auto a = first_setup_[g], b = a + 1;
    fab_.setups.push_back({fab_.tool_groups[g].name + "_A", 0});
    fab_.setups.push_back({fab_.tool_groups[g].name + "_B", 0});
    fab_.setup_changes.push_back({a, b, 8.0 * MinuteMs});
    fab_.setup_changes.push_back({b, a, 12.0 * MinuteMs});
  }

  void add_product(std::uint32_t p) {
    Route route;
    route.name = fmt::format("r_{}", p + 1);
    std::map<std::uint32_t, std::uint32_t> last_critical;  // [group] step
    for (const std::uint32_t l : flow_.products[p]) {
      const std::vector<Operation>& operations = flow_.layers[l].operations;
      for (std::uint32_t o = 0; o < operations.size(); ++o) {
        const auto at = static_cast<std::uint32_t>(route.steps.size());
        const std::uint32_t g = park_.group_of[l][o];
        route.steps.push_back(step(l, o, at));
        if (!operations[o].critical) continue;
        if (const auto it = last_critical.find(g); it != last_critical.end())
          route.steps[it->second].dedicates = at;
        last_critical[g] = at;
      }
    }
    fab_.routes.push_back(std::move(route));
    fab_.products.push_back({fmt::format("part_{}", p + 1), fmt::format("product_{}", p + 1), p});
  }

  Step step(std::uint32_t l, std::uint32_t o, std::uint32_t at) {
    const Operation& op = flow_.layers[l].operations[o];
    const Profile& p = profile(op.family);
    const std::uint32_t g = park_.group_of[l][o];
    Step s;
    s.name = fmt::format("{:03}_{:02}_{}", l + 1, o + 1, p.area);
    s.group = g;
    const double minutes = rounded(op.minutes * tuning_.time_factor[g], 1000.0);
    s.process = uniform(minutes, rounded(minutes * SpreadOfProcess, 10'000.0), MinuteMs);
    s.per = p.per;
    if (p.cascade > 0.0) s.cascade_interval_ms = rounded(minutes * p.cascade, 10'000.0) * MinuteMs;
    if (p.per == Step::Per::Batch) {  // three, four or five lots; a full batch holds one more
      const auto lots =
          static_cast<std::uint32_t>(3.0 + 3.0 * draw_.uniform(number(Question::GroupBatch), g, 0));
      s.batch_min = 25 * lots, s.batch_max = 25 * (lots + 1);
    }
    s.sampling = op.sampling;
    s.rework = op.rework;
    if (op.rework > 0.0) s.rework_to = at - op.rework_back;
    if (op.window_ahead > 0) {
      s.queue_time_exit = at + op.window_ahead;
      s.queue_time_ms = op.window_hours * HourMs;
    }
    if (keeps_gas(park_, g)) s.setup = first_setup_[g] + nth_[l][o] % Gases;
    if (takes_turns(g)) s.setup = first_setup_[g] + nth_[l][o] % 2;
    if (op.own_setup) {
      s.setup = reticle(l);
      s.setup_ms = (flow_.layers[l].stage == Stage::FrontEnd ? 8.0 : 15.0) * MinuteMs;
    }
    return s;
  }

  std::uint32_t reticle(std::uint32_t layer) {
    const auto [it, added] =
        reticles_.emplace(layer, static_cast<std::uint32_t>(fab_.setups.size()));
    if (added) fab_.setups.push_back({fmt::format("Resist_{:03}", layer + 1), 0});
    return it->second;
  }

  const Flow& flow_;
  const Park& park_;
  const Tuning& tuning_;
  const twin::core::Draw& draw_;
  std::vector<std::uint32_t> operations_;        // [group] how many of the flow's it does
  std::vector<std::vector<std::uint32_t>> nth_;  // [layer][operation] which of its group's it is
  std::vector<std::uint32_t> first_setup_;       // [group] None: it has none of its own
  std::map<std::uint32_t, std::uint32_t> reticles_;  // [layer] setup
  Description fab_;
};

}  // namespace

std::string group_name(const Park::Group& group) {
  if (group.family == Family::Delay) return profile(group.family).name;
  return fmt::format("{}_{}", profile(group.family).name, group.number);
}

Description draft(const Flow& flow, const Park& park, const Tuning& tuning,
                  const twin::core::Draw& draw) {
  TWIN_EXPECT(tuning.tools.size() == park.groups.size(), tuning.tools.size(), park.groups.size());
  return Drafting(flow, park, tuning, draw).make();
}

}  // namespace twins::fab::generator
