#include "apps/fabtwin/serve/state_json.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "apps/fabtwin/serve/shown.hpp"
#include "twins/fab/forecast/count.hpp"

namespace apps::fabtwin::serve {
namespace {

using nlohmann::ordered_json;

ordered_json json_of_state(const Interval& i) {
  return {{"p05", i.low}, {"p50", i.middle}, {"p95", i.high}};
}
ordered_json json_of_state(const std::optional<double>& number) {
  return number ? ordered_json(*number) : ordered_json();
}

ordered_json head_of_state(const Picture& p, const StateExtras& extras) {
  ordered_json silent = ordered_json::array();
  for (const SilentRow& row : p.silent)
    silent.push_back({{"lines", row.lines}, {"count", row.count}, {"age_ms", row.age_ms}});
  ordered_json bottlenecks = ordered_json::array();
  for (const BottleneckRow& row : p.bottlenecks) {
    ordered_json one = {
        {"group", row.group}, {"able", row.able}, {"tools", row.tools}, {"queue", row.queue}};
    if (row.forecast) one["queue_ahead"] = json_of_state(row.queue_ahead);
    bottlenecks.push_back(std::move(one));
  }
  ordered_json state = {{"site", p.site},
                        {"now_ms", p.now_ms},
                        {"speed", p.speed},
                        {"ready", p.missing.empty()},
                        {"missing", p.missing},
                        {"trouble", p.trouble},
                        {"data_age_ms", p.data_age_ms},
                        {"stale", p.stale},
                        {"diverged", p.diverged},
                        {"silent", silent},
                        {"wip", p.wip},
                        {"out_day", p.left.out_day},
                        {"out_week", p.left.out_week},
                        {"plan_day", p.left.due_day},
                        {"plan_week", p.left.due_week},
                        {"cycle_days", shown(static_cast<float>(p.left.cycle_days))},
                        {"flow_factor", shown(static_cast<float>(p.left.flow_factor))},
                        {"on_time", json_of_state(p.left.on_time)},
                        {"tools",
                         {{"processing", p.processing},
                          {"setup", p.setup},
                          {"loading", p.handling},
                          {"idle", p.idle},
                          {"maintenance", p.maintenance},
                          {"down", p.down}}},
                        {"entries", p.entries},
                        {"messages_s", shown(static_cast<float>(p.messages_s))},
                        {"duplicates", p.duplicates},
                        {"missing_messages", p.missing_messages},
                        {"quarantined", p.quarantined},
                        {"late", p.late},
                        {"anomalies", p.anomalies},
                        {"rule", p.rule},
                        {"open_cases", extras.open_cases},
                        {"alarms_open", extras.open_alarms},
                        {"bottlenecks", bottlenecks}};
  if (!p.forecast) return state;
  ordered_json outs = ordered_json::array(), out_days = outs;
  for (const OutRow& row : p.out_ahead) {
    ordered_json one = json_of_state(row.out);
    one["ahead"] = row.horizon;
    outs.push_back(std::move(one));
  }
  for (const Interval& day : p.out_days) out_days.push_back(json_of_state(day));
  state["forecast"] = {
      {"id", extras.forecast}, {"made_ms", p.forecast_ms},          {"members", p.members},
      {"ahead", p.horizon},    {"wip", json_of_state(p.wip_ahead)}, {"out", outs},
      {"out_days", out_days}};
  return state;
}

}  // namespace

StateExtras extras_of(const Living& living) {
  StateExtras e;
  if (const auto& f = living.forecast()) e.forecast = living.forecast_name(f->now);
  using twin::people::Stage;
  for (const auto& [_, one] : living.people().cases())
    e.open_cases += one.stage == Stage::Proposed || one.stage == Stage::Edited ? 1U : 0U;
  for (const AlarmRow& row : living.alarm_rows())
    e.open_alarms += row.announced && row.acknowledged.who.empty() ? 1U : 0U;
  return e;
}

ordered_json score_rows(const Picture& p) {
  ordered_json scores = ordered_json::array();
  for (const ScoreRow& row : p.scores) {
    scores.push_back({{"quantity", row.quantity},
                      {"ahead", row.horizon},
                      {"scores", row.scores},
                      {"coverage90", row.coverage},
                      {"coverage90_low", row.low},
                      {"coverage90_high", row.high},
                      {"rule", row.rule},
                      {"skill", json_of_state(row.skill)},
                      {"skill_nominal", json_of_state(row.skill_nominal)}});
  }
  return scores;
}

std::string state_json(const Picture& p, const StateExtras& extras) {
  ordered_json state = head_of_state(p, extras);
  ordered_json links = ordered_json::array();
  for (const LinkRow& row : p.links)
    links.push_back({{"name", row.name}, {"state", row.state}, {"well", row.well}});
  state["scores"] = score_rows(p);
  state["forecasts_missed"] = p.forecasts_missed;
  state["alarms"] = p.alarms;
  state["links"] = std::move(links);
  return state.dump(1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

std::string state_news(const Picture& p, const StateExtras& extras) {
  return head_of_state(p, extras).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::size_t mode_index(twins::fab::ToolMode mode) {
  using twins::fab::ToolMode;
  switch (mode) {
    case ToolMode::Process: return 0;
    case ToolMode::Setup: return 1;
    case ToolMode::Load:
    case ToolMode::Unload: return 2;
    case ToolMode::Idle: return 3;
    case ToolMode::Pm: return 4;
    case ToolMode::Down: break;
  }
  return 5;
}

std::vector<GroupNow> groups_now(const twins::fab::Layout& m, const twins::fab::State& x) {
  twins::fab::forecast::Count count;
  twins::fab::forecast::count(m, x, count);
  std::vector<GroupNow> groups(m.groups.size());
  for (std::size_t g = 0; g < groups.size(); ++g)
    groups[g] = {.able = count.able[g], .queue = count.queue[g], .wip = count.wip[g]};
  for (std::uint32_t t = 0; t < m.tools(); ++t)
    ++groups[m.tool_group[t]].modes[mode_index(twins::fab::observe_tool(x, t).mode)];
  return groups;
}

std::string groups_news(const twins::fab::Layout& m, const twins::fab::State& x, Tick now_ms,
                        std::vector<GroupNow>& before) {
  std::vector<GroupNow> now = groups_now(m, x);
  const bool all = before.size() != now.size();
  ordered_json changes = ordered_json::array();
  for (std::size_t g = 0; g < now.size(); ++g) {
    if (!all && now[g] == before[g]) continue;
    ordered_json one = {g, now[g].able, now[g].queue, now[g].wip};
    for (const std::uint32_t tools : now[g].modes) one.push_back(tools);
    changes.push_back(std::move(one));
  }
  before = std::move(now);
  if (changes.empty()) return {};
  return ordered_json{{"now_ms", now_ms}, {"changes", std::move(changes)}}.dump();
}

}  // namespace apps::fabtwin::serve
