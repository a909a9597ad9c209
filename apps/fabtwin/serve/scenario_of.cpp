#include "apps/fabtwin/serve/scenario_of.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <memory>
#include <nlohmann/json.hpp>

#include "apps/fabtwin/serve/shown.hpp"
#include "twin/core/error.hpp"
#include "twins/fab/ahead.hpp"
#include "twins/fab/decide/outlook.hpp"
#include "twins/fab/occasions.hpp"

namespace apps::fabtwin::serve {
namespace {

namespace decide = twins::fab::decide;
using nlohmann::ordered_json;
using twins::fab::Layout;
using twins::fab::None;

constexpr double ScenarioOfOutlookDays = 60.0;
constexpr std::uint32_t ScenarioOfOutlookMembers = 2;
constexpr std::uint32_t CoursePoints = 72;

// What cannot be understood, as a sentence that comes out of what_if_of.
struct Unknown {
  std::string why;
};

std::uint32_t tool_of(const Layout& m, const std::string& name) {
  for (std::uint32_t t = 0; t < m.tools(); ++t)
    if (m.tool_name(t) == name) return t;
  throw Unknown{fmt::format("tool '{}' (is not known)", name)};
}

template <class Named>
std::uint32_t number_of(const std::vector<Named>& all, const std::string& name, const char* what) {
  const auto at = std::ranges::find_if(all, [&](const Named& one) { return one.name == name; });
  if (at == all.end()) throw Unknown{fmt::format("{} '{}' (is not known)", what, name)};
  return static_cast<std::uint32_t>(at - all.begin());
}

struct Reading {
  const Tongue& t;
  const twins::fab::AnyFab& fab;
  const twins::fab::State& x;
  const Layout& m = t.layout;

  [[nodiscard]] Tick tick(std::optional<Tick> ms, Tick otherwise) const {
    return ms ? *ms - t.time_zero_ms : otherwise;
  }

  decide::Act hot(const api::Change& c) const {
    const auto lot = t.dialect.lot_of.find(c.lot.value_or(""));
    if (lot == t.dialect.lot_of.end())
      throw Unknown{fmt::format("lot '{}' (is not known)", c.lot.value_or(""))};
    std::int32_t highest = 0;
    for (const auto& l : x.lots)
      if (l.place != twins::fab::LotPlace::Free) highest = std::max(highest, l.priority);
    return decide::SetPriority{lot->second, highest + 1, twin::core::Never};
  }

  // The maintenance by days that is planned nearest to that moment.
  decide::Act moved(const api::Change& c) const {
    const std::uint32_t tool = tool_of(m, c.tool.value_or(""));
    const Tick planned = tick(c.from, x.now);
    const auto theta = m.nominal_theta();
    const auto ahead = with_future(fab, x, theta, {});  // calendars keep their marks
    std::optional<twin::des::Event> nearest;
    for (const twin::des::Event& e : ahead.agenda.sorted()) {
      if (e.kind != static_cast<std::uint16_t>(twins::fab::Happens::PmDue) || e.who != tool)
        continue;
      if (!nearest || std::abs(e.at - planned) < std::abs(nearest->at - planned)) nearest = e;
    }
    if (!nearest)
      throw Unknown{fmt::format("tool '{}' (no maintenance by days is planned)", *c.tool)};
    return decide::ShiftPm{tool, nearest->arg, tick(c.to, x.now)};
  }

  // Any that this fab can follow.
  std::string policy(const std::string& text) const {
    try {
      (void)twins::fab::make_fab({std::shared_ptr<void>(), &m}, text);  // which does not outlive m
    } catch (const twin::core::Error& e) {
      throw Unknown{fmt::format("policy '{}' ({})", text, e.what())};
    }
    return text;
  }

  void take(const api::Change& c, decide::WhatIf& what_if) const {
    switch (c.kind) {
      case api::ChangeKind::ToolDown:
        what_if.downs.push_back({.tool = tool_of(m, c.tool.value_or("")),
                                 .from = tick(c.from, x.now),
                                 .until = tick(c.to, twin::core::Never)});
        return;
      case api::ChangeKind::Mix:
        what_if.mixes.push_back(
            {.product = number_of(m.description.products, c.product.value_or(""), "product"),
             .starts_per_day = c.starts_per_day.value_or(0.0)});
        return;
      case api::ChangeKind::HotLot: what_if.acts.push_back(hot(c)); return;
      case api::ChangeKind::MaintenanceMoved: what_if.acts.push_back(moved(c)); return;
      case api::ChangeKind::ToolBought:
        what_if.bought.push_back(
            {.group = number_of(m.description.tool_groups, c.group.value_or(""), "group"),
             .count = c.count.value_or(1),
             .from = tick(c.from, x.now)});
        return;
      case api::ChangeKind::Policy: what_if.rule = policy(c.policy.value_or("")); return;
    }
  }
};

ordered_json json_of_scenario_of(const decide::Changed& c) {
  return {{"as_it_is", c.as_it_is},
          {"otherwise", c.otherwise},
          {"change", c.by.mean},
          {"half_width", c.by.half_width},
          {"confidence", c.by.confidence}};
}

// The way of one quantity, [moment]: both means, and the interval of their difference.
ordered_json course_of(const std::vector<decide::CoursePoint>& course,
                       decide::Changed decide::CoursePoint::*of) {
  ordered_json as_it_is = ordered_json::array(), otherwise = as_it_is, low = as_it_is,
               difference = as_it_is, high = as_it_is;
  const auto number = [](double v) {
    return std::isfinite(v) ? ordered_json(shown(static_cast<float>(v))) : ordered_json();
  };
  for (const decide::CoursePoint& point : course) {
    const decide::Changed& c = point.*of;
    as_it_is.push_back(number(c.as_it_is));
    otherwise.push_back(number(c.otherwise));
    low.push_back(number(c.by.low()));
    difference.push_back(number(c.by.mean));
    high.push_back(number(c.by.high()));
  }
  return {{"as_it_is", as_it_is},
          {"otherwise", otherwise},
          {"low", low},
          {"difference", difference},
          {"high", high}};
}

}  // namespace

std::variant<decide::WhatIf, std::string> what_if_of(const Tongue& tongue,
                                                     const twins::fab::AnyFab& fab,
                                                     const twins::fab::State& x,
                                                     const api::Scenario& scenario) {
  decide::WhatIf what_if;
  try {
    const Reading reading{tongue, fab, x};
    for (const api::Change& change : scenario.changes) reading.take(change, what_if);
  } catch (const Unknown& unknown) {
    return unknown.why;
  }
  return what_if;
}

std::string answered(const std::shared_ptr<const Layout>& layout, const api::Scenario& scenario,
                     decide::WhatIf what_if, const AdviceWork& work, unsigned threads) {
  // What was to begin when it was asked begins now: the fab has gone on since.
  for (decide::Down& down : what_if.downs)
    if (down.until > work.now) down.from = std::max(down.from, work.now);
  for (decide::Bought& bought : what_if.bought) bought.from = std::max(bought.from, work.now);
  const auto fab = twins::fab::make_fab(layout, work.standing);
  decide::WhatIfAsked asked;
  asked.now = work.now;
  asked.horizon_hours = scenario.horizon_h;
  asked.standing = work.standing;
  asked.seed = work.seed;
  asked.pairs = scenario.runs;
  asked.threads = threads;
  asked.course_points = CoursePoints;
  asked.outlook = decide::learn_outlook(
      *fab, work.x, work.posterior,
      {ScenarioOfOutlookMembers, ScenarioOfOutlookDays, work.seed + 1, threads});
  const auto texts = decide::texts_of(*layout, what_if, work.now);
  const decide::WhatIfResult r =
      decide::compare(layout, work.x, work.posterior, what_if, std::move(asked));
  ordered_json queues = ordered_json::array();
  for (const decide::QueueChanged& q : r.queues) {
    ordered_json one = {{"group", layout->description.tool_groups[q.group].name}};
    one.update(json_of_scenario_of(q.lots));
    queues.push_back(std::move(one));
  }
  ordered_json hours = ordered_json::array();
  for (const decide::CoursePoint& point : r.course)
    hours.push_back(shown(static_cast<float>(point.hours)));
  const ordered_json answer = {
      {"words", scenario.words},
      {"changes", texts},
      {"state_at_ms", work.assumed.state_at},
      {"rule", work.standing},
      {"horizon_h", scenario.horizon_h},
      {"pairs", r.pairs},
      {"seed", work.assumed.seed.show()},
      {"tardiness_h", json_of_scenario_of(r.tardy_hours)},
      {"weighted_tardiness_h", json_of_scenario_of(r.weighted_tardy_hours)},
      {"hot_tardiness_h", json_of_scenario_of(r.hot_tardy_hours)},
      {"cycle_time_h", json_of_scenario_of(r.cycle_hours)},
      {"lots_out", json_of_scenario_of(r.out)},
      {"wip", json_of_scenario_of(r.wip)},
      {"queue_time_violations", json_of_scenario_of(r.violations)},
      {"queues", queues},
      {"course",
       {{"hours", hours},
        {"wip", course_of(r.course, &decide::CoursePoint::wip)},
        {"out", course_of(r.course, &decide::CoursePoint::out)}}}};
  return answer.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace apps::fabtwin::serve
