#include "apps/fabtwin/serve/lists.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>

#include "apps/fabtwin/serve/answers.hpp"
#include "apps/fabtwin/serve/shown.hpp"
#include "twins/fab/forecast/count.hpp"
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

ordered_json group_of(Living& living, const forecast::Count& count, std::uint32_t g) {
  const Layout& m = living.fab().layout();
  ordered_json one = {{"name", m.description.tool_groups[g].name},
                      {"tools", m.groups[g].tools},
                      {"able", count.able[g]},
                      {"queue", count.queue[g]},
                      {"wip", count.wip[g]}};
  if (const auto* f = expected(living, g); f != nullptr && f->queue.size() > 24)
    one["queue_in_24_h"] = middle(f->queue[24]);
  return one;
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
    ordered_json one = {{"name", lot_name(living.belief().live.dialect, lot.id)},
                        {"place", word(lot.place)},
                        {"step", m.step_name(lot.step)},
                        {"group", m.description.tool_groups[m.steps[lot.step].group].name},
                        {"since_ms", lot.since + zero},
                        {"wafers", lot.wafers},
                        {"priority", lot.priority},
                        {"release_ms", lot.release + zero},
                        {"due_ms", lot.due + zero}};
    if (lot.tool != twins::fab::None) one["tool"] = m.tool_name(lot.tool);
    const auto at = ahead.find(lot.id);
    if (at != ahead.end()) {
      one["product"] = m.description.products[at->second->product].name;
      one["done_hours"] = middle(at->second->done_hours);
      one["on_time"] = shown(at->second->on_time);
    }
    lots.push_back(std::move(one));
  }
  ordered_json all = {{"now_ms", now_ms}};
  if (const auto& f = living.forecast()) all["forecast_ms"] = f->now + zero;
  all["lots"] = std::move(lots);
  return text_of_lists(all);
}

std::string groups_json(Living& living, Tick now_ms) {
  const Layout& m = living.fab().layout();
  forecast::Count count;
  forecast::count(m, living.believed(now_ms).x, count);
  ordered_json groups = ordered_json::array();
  for (std::uint32_t g = 0; g < m.groups.size(); ++g) groups.push_back(group_of(living, count, g));
  return text_of_lists({{"now_ms", now_ms}, {"groups", std::move(groups)}});
}

std::optional<std::string> group_json(Living& living, std::string_view name, Tick now_ms) {
  const Layout& m = living.fab().layout();
  const auto& all = m.description.tool_groups;
  const auto found =
      std::ranges::find_if(all, [&](const auto& group) { return group.name == name; });
  if (found == all.end()) return std::nullopt;
  const auto g = static_cast<std::uint32_t>(found - all.begin());
  const auto fold = living.believed(now_ms);
  forecast::Count count;
  forecast::count(m, fold.x, count);
  const auto view = twins::fab::observe(m, fold.x);
  ordered_json one = group_of(living, count, g);
  ordered_json tools = ordered_json::array(), queue = tools;
  for (std::uint32_t t = 0; t < m.tools(); ++t) {
    if (m.tool_group[t] != g) continue;
    ordered_json tool = {{"name", m.tool_name(t)},
                         {"mode", twins::fab::to_string(view.tools[t].mode)},
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

}  // namespace apps::fabtwin::serve
