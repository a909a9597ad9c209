#include "apps/plant/scenario.hpp"

#include <algorithm>
#include <cmath>

#include "twin/core/nearest.hpp"
#include "twin/sheet/sheet.hpp"

namespace apps::plant {
namespace {

using twin::sheet::Range;
using twin::sheet::Sheet;
using twins::fab::HourMs;
using twins::fab::Layout;
using twins::fab::None;

constexpr double Days = 36'500.0;  // a hundred years: later means nothing

Tick days(double n) { return static_cast<Tick>(std::llround(n * twins::fab::DayMs)); }
Tick hours(double n) { return static_cast<Tick>(std::llround(n * HourMs)); }

// The number of what is named at this key, among `known`.
std::uint32_t named(Sheet& sheet, const std::string& key, const std::string& what,
                    const std::vector<std::string>& known) {
  const std::string name = sheet.text(key);
  const auto at = std::ranges::find(known, name);
  if (at != known.end()) return static_cast<std::uint32_t>(at - known.begin());
  std::string message = "no " + what + " '" + name + "' in the data set";
  if (const auto near = twin::core::nearest(name, known)) message += " did you mean " + *near + "?";
  sheet.refuse(key, message);
}

struct Span {
  Tick from = 0, until = twin::core::Never;
};
Span span_of(Sheet& sheet) {
  Span span;
  span.from = days(sheet.number("from_day", {0.0, Days}));
  if (!sheet.has("until_day")) return span;
  span.until = days(sheet.number("until_day", {0.0, Days}));
  if (span.until <= span.from) sheet.refuse("until_day", "until_day must be after from_day");
  return span;
}

class Reading {
 public:
  Reading(std::string_view text, const std::string& file, const Layout& layout)
      : m_(layout), top_(twin::sheet::read_toml(text, file), file, "scenario") {
    for (const auto& g : m_.description.tool_groups) groups_.push_back(g.name);
    for (const auto& p : m_.description.products) products_.push_back(p.name);
    for (std::uint32_t t = 0; t < m_.tools(); ++t) tools_.push_back(m_.tool_name(t));
  }

  Scenario read() {
    Scenario s;
    each("drift", [&](Sheet& t) {
      const Span span = span_of(t);
      s.drifts.push_back({named(t, "group", "tool group", groups_), span.from, span.until,
                          t.number("percent_per_day", {-50.0, 100.0}) / 100.0});
    });
    each("slow_tool", [&](Sheet& t) {
      const Span span = span_of(t);
      s.slow_tools.push_back({named(t, "tool", "tool", tools_), span.from, span.until,
                              1.0 + t.number("percent", {-90.0, 1000.0}, 0.0) / 100.0,
                              t.number("percent_per_day", {0.0, 100.0}, 0.0) / 100.0});
    });
    each("long_repairs", [&](Sheet& t) {
      const Span span = span_of(t);
      s.repairs.push_back({named(t, "group", "tool group", groups_), span.from, span.until,
                           t.number("factor", {0.01, 100.0})});
    });
    each("hot_lots", [&](Sheet& t) {
      HotLots h;
      h.product = named(t, "product", "product", products_);
      h.from = days(t.number("from_day", {0.0, Days}));
      h.lots = static_cast<std::uint32_t>(t.integer("lots", {1.0, 10'000.0}));
      h.every = hours(t.number("every_hours", {0.0, 10'000.0}, 1.0));
      h.wafers = static_cast<std::uint32_t>(t.integer("wafers", {1.0, 1'000.0}, 25));
      h.priority = static_cast<std::int32_t>(t.integer("priority", {0.0, 1'000.0}, 20));
      h.due = days(t.number("due_days", {0.0, Days}, 30.0));
      s.hot_lots.push_back(h);
    });
    each("operator", [&](Sheet& t) {
      const Span span = span_of(t);
      Operator o{.from = span.from, .until = span.until};
      if (t.has("group")) o.group = named(t, "group", "tool group", groups_);
      o.every = hours(t.number("every_hours", {0.01, 10'000.0}));
      o.hold = hours(t.number("hold_hours", {0.001, 10'000.0}));
      s.operators.push_back(o);
    });
    top_.finish();
    return s;
  }

 private:
  template <class F>
  void each(const std::string& key, const F& f) {
    if (!top_.has(key)) return void(top_.text(key, ""));  // asked for, so that it is a known word
    for (Sheet& table : top_.tables(key)) {
      f(table);
      table.finish();
    }
  }

  const Layout& m_;
  Sheet top_;
  std::vector<std::string> groups_, products_, tools_;
};

}  // namespace

Scenario read_scenario(std::string_view text, const std::string& file, const Layout& layout) {
  return Reading(text, file, layout).read();
}

std::shared_ptr<const Layout> layout_with(const std::shared_ptr<const Layout>& layout,
                                          const Scenario& scenario) {
  if (scenario.hot_lots.empty()) return layout;
  twins::fab::Description fab = layout->description;
  for (const HotLots& h : scenario.hot_lots) {
    for (std::uint32_t k = 0; k < h.lots; ++k) {
      twins::fab::ListedLot lot;
      lot.name = "hot";
      lot.product = h.product;
      lot.priority = h.priority;
      lot.wafers = h.wafers;
      lot.start_ms = static_cast<double>(h.from + static_cast<Tick>(k) * h.every);
      lot.due_ms = lot.start_ms + static_cast<double>(h.due);
      fab.lots.push_back(std::move(lot));
    }
  }
  std::ranges::stable_sort(fab.lots, {}, &twins::fab::ListedLot::start_ms);
  return twins::fab::compile(std::move(fab), layout->options);
}

}  // namespace apps::plant
