#include "twins/fab/event_names.hpp"

#include <algorithm>
#include <limits>
#include <set>
#include <string>

#include "twin/core/expect.hpp"

namespace twins::fab {

using twin::event::Table;

namespace {

// Names that differ among themselves and are not empty, whatever a description made in memory has.
class Distinct {
 public:
  explicit Distinct(std::string what) : what_(std::move(what)) {}
  std::string operator()(const std::string& name) {
    ++count_;
    std::string wanted = name.empty() ? what_ + " " + std::to_string(count_) : name;
    while (!taken_.insert(wanted).second) wanted += " (" + std::to_string(count_) + ")";
    return wanted;
  }

 private:
  std::string what_;
  std::set<std::string> taken_;
  std::size_t count_ = 0;
};

std::uint32_t index_in(const std::vector<std::uint32_t>& items, std::uint32_t first,
                       std::uint32_t count, std::uint32_t item) {
  for (std::uint32_t k = 0; k < count; ++k)
    if (items[first + k] == item) return k;
  return None;
}

}  // namespace

EventNames::EventNames(const Layout& m) {
  const Description& d = m.description;
  const auto add_item = [&](Distinct& distinct, const std::string& name) {
    return names.add(Table::Item, distinct(name));
  };
  Distinct tools("tool"), routes("route"), setups("setup"), products("product"), groups("group");
  Distinct sources("source");
  names.add(Table::Source, sources("fab"));
  for (std::uint32_t t = 0; t < m.tools(); ++t) {
    const std::string name = tools(m.tool_name(t));
    const std::uint32_t tool = names.add(Table::Tool, name);
    const std::uint32_t source = names.add(Table::Source, sources(name));
    TWIN_ENSURE(tool == t && source == source_of(t), tool, source, t);
  }
  for (std::uint32_t r = 0; r < d.routes.size(); ++r) {
    const std::uint32_t route = names.add(Table::Route, routes(d.routes[r].name));
    TWIN_ENSURE(route == r, route, r);
  }
  for (const Setup& s : d.setups) setup_item.push_back(add_item(setups, s.name));
  for (const Product& p : d.products) product_item.push_back(add_item(products, p.name));
  for (const ToolGroup& g : d.tool_groups) group_item.push_back(add_item(groups, g.name));
  for (std::size_t g = 0; g < m.groups.size(); ++g) {
    Distinct calendars("maintenance"), causes("breakdown");
    const ToolGroup& from = d.tool_groups[g];
    for (std::uint32_t k = 0; k < m.groups[g].pms; ++k)
      pm_item.push_back(add_item(calendars, from.maintenances[k].name));
    for (std::uint32_t k = 0; k < m.groups[g].breakdowns; ++k)
      breakdown_item.push_back(add_item(causes, from.breakdowns[k].name));
  }
}

std::uint32_t EventNames::setup(std::uint32_t item) const {
  return index_in(setup_item, 0, static_cast<std::uint32_t>(setup_item.size()), item);
}

std::uint32_t EventNames::product(std::uint32_t item) const {
  return index_in(product_item, 0, static_cast<std::uint32_t>(product_item.size()), item);
}

std::uint32_t EventNames::pm(const GroupInfo& group, std::uint32_t item) const {
  return index_in(pm_item, group.first_pm, group.pms, item);
}

std::uint32_t EventNames::breakdown(const GroupInfo& group, std::uint32_t item) const {
  return index_in(breakdown_item, group.first_breakdown, group.breakdowns, item);
}

std::int32_t usual_priority(const Layout& m, std::uint32_t product) {
  constexpr auto Highest = std::numeric_limits<std::int32_t>::max();
  std::int32_t lowest = Highest;
  for (const StreamInfo& s : m.streams)
    if (s.product == product) lowest = std::min(lowest, s.priority);
  if (lowest != Highest) return lowest;
  for (const ListedLot& l : m.description.lots)
    if (l.product == product) lowest = std::min(lowest, l.priority);
  return lowest == Highest ? 0 : lowest;
}

std::uint32_t class_of_lot(const Layout& m, std::uint32_t product, std::int32_t priority,
                           Origin origin) {
  const bool initial = origin == Origin::InitialWip;
  std::uint32_t same_origin = None, same_product = None;
  for (std::uint32_t c = 0; c < m.classes.size(); ++c) {
    const LotClass& k = m.classes[c];
    if (k.product != product) continue;
    if (same_product == None) same_product = c;
    if (k.initial != initial) continue;
    if (initial || k.priority == priority) return c;
    if (same_origin == None) same_origin = c;
  }
  return same_origin != None ? same_origin : same_product;
}

}  // namespace twins::fab
