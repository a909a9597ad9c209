#include "apps/plant/secs_bytes.hpp"

#include <algorithm>
#include <string_view>
#include <utility>
#include <variant>

#include "apps/plant/tool_class.hpp"
#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"
#include "twin/link/hsms/frame.hpp"
#include "twin/link/secs/codec.hpp"
#include "twin/link/uns.hpp"

namespace apps::plant {

namespace hsms = twin::link::hsms;
namespace secs = twin::link::secs;
namespace tool = twin::link::tool;

SecsBytes::SecsBytes(const Sources& sources, const twins::fab::EventNames& names)
    : sources_(sources),
      arrivals_(sources, names),
      model_(tool::read_description(tool_class_text(), "tools.toml")),
      telling_(model_.description) {}

std::vector<std::uint8_t> SecsBytes::bytes(const Message& m) {
  twin::link::Arrival a = arrivals_.arrival(m, m.at);
  if (is_mes(m.source)) {
    a.source.erase(0, a.source.find('/') + 1);
    const std::string text = write_payload(a, arrivals_.names());
    return {text.begin(), text.end()};
  }
  const tool::Description& d = model_.description;
  const auto saying = telling_.say(a.events.front(), arrivals_.names());
  TWIN_ENSURE(saying.has_value(), to_string(m.event.kind));
  const tool::CollectionEvent& event = d.events[saying->event];
  secs::Item reports = secs::list();
  for (const std::uint32_t r : event.reports) {
    secs::Item values = secs::list();
    for (const std::uint32_t v : d.reports[r].variables) {
      const tool::Variable& variable = d.variables[v];
      const auto told =
          std::ranges::find(saying->variables, v, [](const auto& p) { return p.first; });
      if (variable.role == tool::Role::Clock) {
        values.add(secs::ascii(*tool::clock_text(m.clock, d.time_format, d.utc_offset_minutes)));
      } else if (variable.role == tool::Role::Counter) {
        values.add(*secs::item_of(variable.format, static_cast<std::int64_t>(m.seq)));
      } else if (variable.role == tool::Role::Epoch) {
        values.add(*secs::item_of(variable.format, m.epoch));
      } else {
        values.add(told == saying->variables.end() ? variable.initial : told->second);
      }
    }
    reports.add(secs::list(*secs::item_of(d.formats.rptid, d.reports[r].id), std::move(values)));
  }
  secs::Message message = secs::primary(
      6, 11, secs::Reply::Wanted,
      secs::list(secs::u4(0), *secs::item_of(d.formats.ceid, event.id), std::move(reports)));
  message.system = static_cast<std::uint32_t>(m.seq);
  std::vector<std::uint8_t> frame;
  hsms::append_frame(message, frame);
  return frame;
}

std::vector<std::uint8_t> SecsBytes::broken(const Message& m, std::uint32_t damage) {
  std::vector<std::uint8_t> out = bytes(m);
  if (is_mes(m.source)) {
    out.resize(1 + damage % (out.size() - 1));  // torn: an object that does not end
    return out;
  }
  std::uint8_t& format = out[hsms::LengthBytes + hsms::HeaderBytes];  // of the body, a list
  switch (damage % 3) {
    case 0: format = 0xFD; break;    // a kind that there is not
    case 1: format = 0x00; break;    // a length of no bytes
    default: ++(&format)[1]; break;  // an element more than there are
  }
  return out;
}

std::optional<twin::link::Arrival> SecsBytes::read(std::uint32_t source,
                                                   std::span<const std::uint8_t> bytes,
                                                   Tick arrived) {
  twin::link::Arrival a;
  if (is_mes(source)) {
    try {
      const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
      a = twin::link::read_payload(text, "mqtt/", heard_);
    } catch (const twin::core::Error&) {
      return std::nullopt;
    }
  } else {
    constexpr std::size_t Head = hsms::LengthBytes + hsms::HeaderBytes;
    if (bytes.size() < Head || hsms::length_from(bytes) != bytes.size() - hsms::LengthBytes)
      return std::nullopt;
    const auto body = secs::decode(bytes.subspan(Head));
    if (!std::holds_alternative<secs::Item>(body)) return std::nullopt;
    std::uint32_t event = 0;
    std::vector<tool::Told> told;
    const std::string& name = sources_.name(source);
    const bool understood =
        model_.hearing.values(std::get<secs::Item>(body), event, told) == tool::Heard::Understood &&
        model_.hearing.events(event, told, std::string_view(name).substr(name.find('/') + 1),
                              heard_, a.events) == tool::Heard::Understood;
    const tool::Stamp stamp = model_.hearing.stamp(told);
    if (!understood || !stamp.counter || !stamp.epoch || !stamp.clock) return std::nullopt;
    a.source = name;
    a.seq = *stamp.counter;
    a.epoch = *stamp.epoch;
    a.clock = *stamp.clock;
    for (twin::event::Event& e : a.events) e.at = a.clock;
  }
  a.arrived = sources_.time_zero_ms() + arrived;
  for (twin::event::Event& e : a.events) e.arrived = a.arrived;
  a.raw.assign(bytes.begin(), bytes.end());
  return a;
}

}  // namespace apps::plant
