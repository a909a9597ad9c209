#include "twin/link/tool/telling.hpp"

#include <algorithm>
#include <bit>
#include <string>

namespace twin::link::tool {
namespace {

using event::Event;
using event::Names;
using event::Table;
using secs::Item;

constexpr std::size_t LotsMax = 1'000;  // of one message: more is no load of a tool

std::optional<Table> table_of(Field field, event::Kind kind) {
  switch (field) {
    case Field::Lot: return Table::Lot;
    case Field::Carrier: return Table::Carrier;
    case Field::Tool: return Table::Tool;
    case Field::Chamber: return Table::Chamber;
    case Field::Route: return Table::Route;
    case Field::Recipe: return Table::Recipe;
    case Field::Item: return event::item_table(kind);
    default: return std::nullopt;
  }
}

std::uint32_t& number_of(Event& e, Field field) {
  switch (field) {
    case Field::Lot: return e.lot;
    case Field::Wafers: return e.wafers;
    case Field::Carrier: return e.carrier;
    case Field::Tool: return e.tool;
    case Field::Chamber: return e.chamber;
    case Field::Route: return e.route;
    case Field::Step: return e.step;
    case Field::Visit: return e.visit;
    case Field::Recipe: return e.recipe;
    case Field::Job: return e.job;
    default: return e.item;
  }
}

// A name that may have come as a number: some tools have numbers for recipes.
std::optional<std::string> name_in(const Item& item) {
  if (const auto text = item.as_text()) {
    std::string_view name = *text;
    while (!name.empty() && (name.back() == ' ' || name.back() == '\0')) name.remove_suffix(1);
    return std::string(name);
  }
  if (item.is_list()) return std::nullopt;
  if (item.empty()) return std::string();
  const auto key = item.as_key();
  if (!key || key->is_text()) return std::nullopt;
  return std::to_string(key->number());
}

bool set_name(Event& e, Field field, std::string_view name, Names& names) {
  if (!name.empty()) number_of(e, field) = names.add(*table_of(field, e.kind), name);
  return true;
}

bool set(Event& e, Field field, const Item& item, Names& names) {
  if (field == Field::Value) {
    if (item.empty()) return true;
    const auto value = item.as_f64();
    if (value) e.value = *value;
    return value.has_value() && item.count() == 1;
  }
  if (field == Field::Unit) {
    const auto text = item.as_text();
    const auto unit = text ? event::parse_unit(*text) : std::nullopt;
    if (unit) e.unit = *unit;
    return unit.has_value();
  }
  if (field == Field::Quality) {
    if (item.empty()) return true;
    const auto number = item.as_u64();
    if (!number || *number > 3) return false;
    e.quality = static_cast<event::Quality>(*number);
    return true;
  }
  if (table_of(field, e.kind)) {
    const auto name = name_in(item);
    return name && set_name(e, field, *name, names);
  }
  if (item.empty()) return true;
  const auto number = item.as_u64();
  if (!number || *number >= None || item.count() != 1) return false;
  number_of(e, field) = static_cast<std::uint32_t>(*number);
  return true;
}

bool set_fixed(Event& e, Field field, const std::string& text, Names& names) {
  if (field == Field::Unit) return true;  // Meaning::unit
  if (table_of(field, e.kind)) return set_name(e, field, text, names);
  const auto digits = !text.empty() && text.size() < 10 &&
                      std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
  if (!digits || field == Field::Quality) return false;
  if (field == Field::Value) {
    e.value = std::stod(text);
  } else {
    number_of(e, field) = static_cast<std::uint32_t>(std::stoul(text));
  }
  return true;
}

std::uint32_t found(const std::map<secs::Key, std::uint32_t>& in, const secs::Key& id) {
  const auto it = in.find(id);
  return it == in.end() ? None : it->second;
}

}  // namespace

Hearing::Hearing(const Description& description)
    : d_(&description),
      counter_(description.variable(Role::Counter)),
      epoch_(description.variable(Role::Epoch)),
      clock_(description.variable(Role::Clock)) {
  const auto index = [](auto& map, const auto& all) {
    for (std::size_t k = 0; k < all.size(); ++k) map[all[k].id] = static_cast<std::uint32_t>(k);
  };
  index(variables_, description.variables);
  index(reports_, description.reports);
  index(events_, description.events);
  index(alarms_, description.alarms);
}

std::uint32_t Hearing::variable(const secs::Key& id) const { return found(variables_, id); }
std::uint32_t Hearing::event(const secs::Key& id) const { return found(events_, id); }
std::uint32_t Hearing::alarm(const secs::Key& id) const { return found(alarms_, id); }

Heard Hearing::values(const Item& body, std::uint32_t& event, std::vector<Told>& told) const {
  event = None;
  told.clear();
  const Item* id = body.at(1);
  const Item* reports = body.at(2);
  if (body.count() != 3 || id == nullptr || !reports->is_list()) return Heard::Malformed;
  const auto ceid = id->as_key();
  if (!ceid) return Heard::Malformed;
  for (const Item& one : reports->items()) {
    const Item* name = one.at(0);
    const Item* held = one.at(1);
    const auto rptid = name == nullptr ? std::nullopt : name->as_key();
    if (!rptid || one.count() != 2 || !held->is_list()) return Heard::Malformed;
    const std::uint32_t report = found(reports_, *rptid);
    if (report == None) return Heard::Malformed;
    const auto& variables = d_->reports[report].variables;
    if (variables.size() != held->count()) return Heard::Malformed;
    for (std::size_t k = 0; k < variables.size(); ++k) told.push_back({variables[k], held->at(k)});
  }
  event = found(events_, *ceid);
  return event == None ? Heard::UnknownEvent : Heard::Understood;
}

Stamp Hearing::stamp(std::span<const Told> told) const {
  Stamp stamp;
  for (const Told& t : told) {
    if (t.variable == counter_) stamp.counter = t.value->as_u64();
    if (t.variable == epoch_) {
      const auto epoch = t.value->as_u64();
      if (epoch && *epoch <= None) stamp.epoch = static_cast<std::uint32_t>(*epoch);
    }
    if (t.variable == clock_) {
      const auto text = t.value->as_text();
      if (text) stamp.clock = parse_clock(*text, d_->utc_offset_minutes);
    }
  }
  return stamp;
}

Heard Hearing::events(std::uint32_t event, std::span<const Told> told, std::string_view tool,
                      Names& names, std::vector<Event>& to) const {
  const auto& meaning = d_->events[event].meaning;
  if (!meaning) return Heard::Understood;
  Event e;
  e.kind = meaning->kind;
  e.unit = meaning->unit;
  const Item* lots = nullptr;
  for (std::size_t f = 0; f < FieldCount; ++f) {
    const auto field = static_cast<Field>(f);
    if (!meaning->fixed[f].empty() && !set_fixed(e, field, meaning->fixed[f], names)) {
      return Heard::BadValue;
    }
    if (meaning->from[f] == None) continue;
    const auto it = std::ranges::find(told, meaning->from[f], &Told::variable);
    if (it == told.end()) continue;  // a report that the tool was not told to link
    if (field == Field::Lot && it->value->is_list()) {
      lots = it->value;
    } else if (!set(e, field, *it->value, names)) {
      return Heard::BadValue;
    }
  }
  if (e.tool == None) e.tool = names.add(Table::Tool, tool);
  if (lots == nullptr) {
    to.push_back(e);
    return Heard::Understood;
  }
  if (lots->count() > LotsMax) return Heard::BadValue;
  const std::size_t before = to.size();
  for (const Item& lot : lots->items()) {
    if (!set(e, Field::Lot, lot, names)) {
      to.resize(before);
      return Heard::BadValue;
    }
    to.push_back(e);
  }
  return Heard::Understood;
}

Telling::Telling(const Description& description) : d_(&description) {
  for (std::size_t k = 0; k < description.events.size(); ++k) {
    const auto& meaning = description.events[k].meaning;
    if (!meaning) continue;
    const auto kind = static_cast<std::size_t>(meaning->kind);
    if (by_kind_.size() <= kind) by_kind_.resize(kind + 1, None);
    if (by_kind_[kind] == None) by_kind_[kind] = static_cast<std::uint32_t>(k);
  }
}

std::optional<Telling::Saying> Telling::say(const Event& event, const Names& names) const {
  const auto kind = static_cast<std::size_t>(event.kind);
  if (kind >= by_kind_.size() || by_kind_[kind] == None) return std::nullopt;
  Saying saying{.event = by_kind_[kind]};
  const Meaning& meaning = *d_->events[saying.event].meaning;
  Event e = event;
  for (std::size_t f = 0; f < FieldCount; ++f) {
    const auto field = static_cast<Field>(f);
    const std::uint32_t v = meaning.from[f];
    const secs::Kind format = v == None ? secs::Kind::Ascii : d_->variables[v].format;
    std::optional<Item> item;
    bool said = true;  // whether the event says anything by this field
    if (field == Field::Value) {
      said = std::bit_cast<std::uint64_t>(e.value) != 0;
      item = format == secs::Kind::F8 ? std::optional(secs::f8(e.value)) : std::nullopt;
    } else if (field == Field::Unit) {
      said = e.unit != meaning.unit;
      item = secs::ascii(event::to_string(e.unit));
    } else if (field == Field::Quality) {
      said = e.quality != event::Quality::Good;
      item = secs::item_of(format, static_cast<std::int64_t>(e.quality));
    } else if (const auto table = table_of(field, e.kind)) {
      const std::uint32_t id = number_of(e, field);
      said = id != None;
      item = secs::ascii(said ? event::label(names, *table, id) : std::string());
    } else {
      const std::uint32_t number = number_of(e, field);
      const std::uint32_t nothing = field == Field::Wafers ? 0 : None;
      said = number != nothing;
      if (format != secs::Kind::List)
        item = said ? secs::item_of(format, number) : Item(format, {});
    }
    if (v == None) {
      if (said) return std::nullopt;
      continue;
    }
    if (!item) return std::nullopt;
    saying.variables.emplace_back(v, std::move(*item));
  }
  return saying;
}

}  // namespace twin::link::tool
