#include "apps/fabtwin/serve/fab_json.hpp"

#include <map>
#include <nlohmann/json.hpp>
#include <vector>

#include "apps/fabtwin/serve/shown.hpp"
#include "twins/fab/any_fab.hpp"

namespace apps::fabtwin::serve {
namespace {

using nlohmann::ordered_json;
using twins::fab::Layout;

constexpr std::int64_t Outside = -1;
constexpr double FabJsonDay = 86'400'000.0;  // [ms]

std::vector<double> starts_of(const Layout& m) {  // [product] [lots/d]
  std::vector<double> starts(m.description.products.size(), 0.0);
  for (const auto& stream : m.streams)
    if (stream.interval_ms > 0.0)
      starts[stream.product] += stream.lots_per_release * FabJsonDay / stream.interval_ms;
  return starts;
}

ordered_json flows_of(const Layout& m, const std::vector<double>& starts) {
  std::map<std::pair<std::int64_t, std::int64_t>, double> flows;
  for (std::size_t p = 0; p < starts.size(); ++p) {
    if (starts[p] <= 0.0) continue;
    const auto& route = m.routes[m.description.products[p].route];
    std::int64_t from = Outside;
    for (std::uint32_t s = route.first_step; s < route.first_step + route.steps; ++s) {
      const std::int64_t to = m.groups[m.steps[s].group].area;
      if (to != from) flows[{from, to}] += starts[p];
      from = to;
    }
    flows[{from, Outside}] += starts[p];
  }
  ordered_json all = ordered_json::array();
  for (const auto& [way, lots] : flows)
    all.push_back({{"from", way.first},
                   {"to", way.second},
                   {"lots_per_day", shown(static_cast<float>(lots))}});
  return all;
}

}  // namespace

std::string fab_json(const Layout& m, std::string_view site) {
  ordered_json areas = ordered_json::array(), groups = areas, products = areas, rules = areas;
  for (const std::string& name : m.areas)
    areas.push_back({{"name", name}, {"groups", ordered_json::array()}});
  for (std::uint32_t g = 0; g < m.groups.size(); ++g) {
    const auto& group = m.groups[g];
    areas[group.area]["groups"].push_back(g);
    ordered_json tools = ordered_json::array();
    for (std::uint32_t t = group.first_tool; t < group.first_tool + group.tools; ++t)
      tools.push_back(m.tool_name(t));
    groups.push_back({{"name", m.description.tool_groups[g].name},
                      {"area", group.area},
                      {"tools", std::move(tools)},
                      {"batch", group.batch}});
  }
  const std::vector<double> starts = starts_of(m);
  for (std::size_t p = 0; p < starts.size(); ++p)
    products.push_back({{"name", m.description.products[p].name},
                        {"starts_per_day", shown(static_cast<float>(starts[p]))},
                        {"steps", m.routes[m.description.products[p].route].steps}});
  for (const auto& rule : twins::fab::rule_names()) rules.push_back(rule.name);
  const ordered_json fab = {{"site", site},     {"areas", areas},
                            {"groups", groups}, {"products", products},
                            {"rules", rules},   {"flows", flows_of(m, starts)}};
  return fab.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

}  // namespace apps::fabtwin::serve
