#include "twins/fab/forecast/json.hpp"

#include "twin/score/vvuq/json.hpp"

namespace twins::fab::forecast {

namespace {

struct Page {  // the forecast and the names of its numbers
  const Forecast& forecast;
  std::string time_unit = "tick";  // [ms]
  std::vector<double> levels{Levels.begin(), Levels.end()};
  std::string staleness{};
  std::vector<std::string> group_names{}, product_names{}, tool_names{}, step_names{};

  template <class Archive>
  static void fields(Archive& a, auto& self) {
    a("time_unit", self.time_unit);
    a("levels", self.levels);
    a("staleness", self.staleness);
    Forecast::fields(a, self.forecast);
    a("group_names", self.group_names);
    a("product_names", self.product_names);
    a("tool_names", self.tool_names);
    a("step_names", self.step_names);
  }
};

}  // namespace

std::string to_json(const Layout& m, const Forecast& forecast) {
  Page page{forecast};
  page.staleness = staleness_text(forecast);
  for (const ToolGroup& g : m.description.tool_groups) page.group_names.push_back(g.name);
  for (const Product& p : m.description.products) page.product_names.push_back(p.name);
  for (std::uint32_t t = 0; t < m.tools(); ++t) page.tool_names.push_back(m.tool_name(t));
  for (std::uint32_t s = 0; s < m.steps.size(); ++s) page.step_names.push_back(m.step_name(s));
  twin::score::vvuq::JsonWriter writer;
  writer.value(page);
  return writer.text() + "\n";
}

}  // namespace twins::fab::forecast
