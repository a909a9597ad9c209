#include "apps/fabtwin/serve/lists.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>

#include "apps/fabtwin/serve/answers.hpp"
#include "apps/fabtwin/serve/rows.hpp"
#include "apps/fabtwin/serve/shown.hpp"
#include "apps/fabtwin/serve/state_json.hpp"
#include "twins/fab/view.hpp"

namespace apps::fabtwin::serve {
namespace {

namespace forecast = twins::fab::forecast;
using nlohmann::ordered_json;
using twins::fab::Layout;

std::string text_of_lists(const ordered_json& json) {
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

// 5 %, median, 95 %; null: beyond the horizon.
ordered_json middle(const forecast::Quantiles& q) {
  const auto value = [](float v) {
    return std::isfinite(v) ? ordered_json(shown(v)) : ordered_json(nullptr);
  };
  return {value(q[1]), value(q[forecast::Median]), value(q[7])};
}

const forecast::GroupForecast* expected(const Living& living, std::size_t group) {
  const auto& f = living.forecast();
  return f && group < f->groups.size() ? &f->groups[group] : nullptr;
}

// The rows of all groups, with what is expected of their queues.
ordered_json groups_ahead(const Living& living, const twins::fab::State& x) {
  ordered_json rows = group_rows(living.fab().layout(), x);
  for (std::size_t g = 0; g < rows.size(); ++g)
    if (const auto* f = expected(living, g); f != nullptr && f->queue.size() > 24)
      rows[g]["queue_in_24_h"] = middle(f->queue[24]);
  return rows;
}

}  // namespace

std::string lots_json(Living& living, Tick now_ms) {
  const Layout& m = living.fab().layout();
  const Tick zero = living.site().time_zero_ms;
  const auto view = twins::fab::observe(m, living.believed(now_ms).x);
  std::map<std::uint32_t, const forecast::LotForecast*> ahead;
  if (const auto& f = living.forecast())
    for (const auto& lot : f->lots) ahead[lot.lot] = &lot;
  ordered_json lots = ordered_json::array();
  for (const auto& lot : view.lots) {
    ordered_json one = lot_row(m, living.belief().live.dialect, lot, zero);
    const auto at = ahead.find(lot.id);
    if (at != ahead.end()) {
      one["done_hours"] = middle(at->second->done_hours);
      one["on_time"] = on_time_json(*living.forecast(), *at->second);
    }
    lots.push_back(std::move(one));
  }
  ordered_json all = {{"now_ms", now_ms}};
  if (const auto& f = living.forecast()) all["forecast_ms"] = f->now + zero;
  all["lots"] = std::move(lots);
  return text_of_lists(all);
}

std::string groups_json(Living& living, Tick now_ms) {
  return text_of_lists(
      {{"now_ms", now_ms}, {"groups", groups_ahead(living, living.believed(now_ms).x)}});
}

std::optional<std::string> group_json(Living& living, std::string_view name, Tick now_ms) {
  const Layout& m = living.fab().layout();
  const auto& all = m.description.tool_groups;
  const auto found =
      std::ranges::find_if(all, [&](const auto& group) { return group.name == name; });
  if (found == all.end()) return std::nullopt;
  const auto g = static_cast<std::uint32_t>(found - all.begin());
  const auto fold = living.believed(now_ms);
  const auto view = twins::fab::observe(m, fold.x);
  ordered_json one = groups_ahead(living, fold.x)[g];
  ordered_json tools = ordered_json::array(), queue = tools;
  for (std::uint32_t t = 0; t < m.tools(); ++t) {
    if (m.tool_group[t] != g) continue;
    ordered_json tool = {{"name", m.tool_name(t)},
                         {"mode", ModeNames[mode_index(view.tools[t].mode)]},
                         {"lots", ordered_json::array()}};
    for (const auto& job : view.tools[t].jobs)
      for (const std::uint32_t lot : job.lots)
        tool["lots"].push_back(lot_name(living.belief().live.dialect, lot));
    tools.push_back(std::move(tool));
  }
  for (const auto& waiting : view.groups[g].queue)
    queue.push_back({{"lot", lot_name(living.belief().live.dialect, waiting.lot)},
                     {"step", m.step_name(waiting.step)}});
  one["now_ms"] = now_ms;
  one["tools_now"] = std::move(tools);
  one["queue_now"] = std::move(queue);
  return text_of_lists(one);
}

std::string tools_json(Living& living, Tick now_ms) {
  const Layout& m = living.fab().layout();
  const auto fold = living.believed(now_ms);
  const auto doubted = living.follower().doubted(fold);
  ordered_json tools = ordered_json::array();
  for (std::uint32_t t = 0; t < m.tools(); ++t) {
    const auto view = twins::fab::observe_tool(fold.x, t);
    ordered_json lots = ordered_json::array();
    for (const auto& job : view.jobs)
      for (const std::uint32_t lot : job.lots)
        lots.push_back(lot_name(living.belief().live.dialect, lot));
    tools.push_back({{"name", m.tool_name(t)},
                     {"group", m.description.tool_groups[m.tool_group[t]].name},
                     {"mode", ModeNames[mode_index(view.mode)]},
                     {"lots", std::move(lots)},
                     {"doubtful", std::ranges::find(doubted.tools, t) != doubted.tools.end()},
                     {"factor", living.learner().tools().factor(t)}});
  }
  return text_of_lists({{"now_ms", now_ms}, {"tools", std::move(tools)}});
}

}  // namespace apps::fabtwin::serve
