#include "apps/fabtwin/serve/rows.hpp"

#include "apps/fabtwin/serve/answers.hpp"
#include "apps/fabtwin/serve/state_json.hpp"

namespace apps::fabtwin::serve {

using nlohmann::ordered_json;

ordered_json lot_row(const twins::fab::Layout& m, const twins::fab::live::Dialect& dialect,
                     const twins::fab::LotView& lot, twin::core::Tick zero) {
  ordered_json one = {{"name", lot_name(dialect, lot.id)},
                      {"place", word(lot.place)},
                      {"step", m.step_name(lot.step)},
                      {"group", m.description.tool_groups[m.steps[lot.step].group].name},
                      {"since_ms", lot.since + zero},
                      {"wafers", lot.wafers},
                      {"priority", lot.priority},
                      {"release_ms", lot.release + zero},
                      {"due_ms", lot.due + zero}};
  if (lot.tool != twins::fab::None) one["tool"] = m.tool_name(lot.tool);
  const std::uint32_t product =
      lot.lot_class < m.classes.size() ? m.classes[lot.lot_class].product : twins::fab::None;
  if (product != twins::fab::None) one["product"] = m.description.products[product].name;
  return one;
}

ordered_json group_rows(const twins::fab::Layout& m, const twins::fab::State& x) {
  ordered_json rows = ordered_json::array();
  const std::vector<GroupNow> all = groups_now(m, x);
  for (std::size_t g = 0; g < all.size(); ++g) {
    ordered_json modes = ordered_json::object();
    for (std::size_t k = 0; k < ModeNames.size(); ++k) modes[ModeNames[k]] = all[g].modes[k];
    rows.push_back({{"name", m.description.tool_groups[g].name},
                    {"area", m.areas[m.groups[g].area]},
                    {"tools", m.groups[g].tools},
                    {"able", all[g].able},
                    {"queue", all[g].queue},
                    {"wip", all[g].wip},
                    {"modes", std::move(modes)}});
  }
  return rows;
}

}  // namespace apps::fabtwin::serve
