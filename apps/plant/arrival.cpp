#include "apps/plant/arrival.hpp"

#include <charconv>

namespace apps::plant {

using twin::event::Event;
using twin::event::Kind;
using twin::event::None;
using twin::event::Table;
using twin::event::Unit;

std::string lot_name(std::uint32_t lot) { return "L" + std::to_string(lot); }

std::optional<std::uint32_t> lot_number(std::string_view name) {
  if (name.size() < 2 || name.front() != 'L') return {};
  if (name.size() > 2 && name[1] == '0') return {};
  std::uint32_t lot = 0;
  const auto [end, failed] = std::from_chars(name.data() + 1, name.data() + name.size(), lot);
  if (failed != std::errc{} || end != name.data() + name.size()) return {};
  return lot;
}

Arrivals::Arrivals(const Sources& sources, const twins::fab::EventNames& names)
    : sources_(sources), names_(names.names) {}

twin::link::Arrival Arrivals::arrival(const Message& message, Tick arrived) {
  const Tick zero = sources_.time_zero_ms();
  twin::link::Arrival a;
  a.source = sources_.name(message.source);
  a.epoch = message.epoch;
  a.seq = message.seq;
  a.clock = message.clock;
  a.arrived = zero + arrived;
  Event& e = a.events.emplace_back(message.event);
  e.at = message.clock;
  e.arrived = a.arrived;
  e.source = None;
  e.source_seq = 0;
  if (e.lot != None) e.lot = names_.add(Table::Lot, lot_name(e.lot));
  if (e.item != None && item_table(e.kind) == Table::Lot)
    e.item = names_.add(Table::Lot, lot_name(e.item));
  if (e.tool != None && names_.name(Table::Tool, e.tool).empty())  // a source that lies
    e.tool = names_.add(Table::Tool, "tool " + std::to_string(e.tool));
  if (e.unit == Unit::Tick) e.value += static_cast<double>(zero);
  return a;
}

}  // namespace apps::plant
