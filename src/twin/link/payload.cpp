// Canonical events as JSON and back. Topics are in uns.cpp.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "twin/core/error.hpp"
#include "twin/core/nearest.hpp"
#include "twin/event/iso_time.hpp"
#include "twin/link/uns.hpp"

namespace twin::link {
namespace {

using event::Event;
using event::None;
using event::Table;

enum class Key : std::uint8_t {
  T,
  V,
  U,
  Q,
  Src,
  Epoch,
  Seq,
  Events,
  Kind,
  Lot,
  Wafers,
  Carrier,
  Tool,
  Chamber,
  Route,
  Step,
  Visit,
  Recipe,
  Job,
  Item
};
constexpr std::array<std::string_view, 20> Keys = {
    "t",      "v",       "u",    "q",       "src",   "epoch", "seq",   "events", "kind", "lot",
    "wafers", "carrier", "tool", "chamber", "route", "step",  "visit", "recipe", "job",  "item"};

constexpr std::string_view NotANumber = "NaN", Infinity = "Infinity", MinusInfinity = "-Infinity";

void put_key(std::string& out, Key key) {
  if (out.back() != '{') out += ',';
  out += fmt::format("\"{}\":", Keys[static_cast<std::size_t>(key)]);
}

void put_name(std::string& out, Key key, const event::Names& names, Table table, std::uint32_t id) {
  if (id == None) return;
  put_key(out, key);
  const std::string_view name = names.name(table, id);
  put_json_text(out, name.empty() ? event::label(names, table, id) : std::string(name));
}

void put_number(std::string& out, Key key, std::uint32_t number, std::uint32_t unsaid) {
  if (number == unsaid) return;
  put_key(out, key);
  out += std::to_string(number);
}

void put_value(std::string& out, const Event& e) {
  if (e.value == 0.0 && !std::signbit(e.value) && e.unit == event::Unit::None) return;
  put_key(out, Key::V);
  if (std::isfinite(e.value)) {
    out += fmt::format("{}", e.value);
  } else {
    put_json_text(out, std::isnan(e.value) ? NotANumber : e.value > 0 ? Infinity : MinusInfinity);
  }
  if (e.unit == event::Unit::None) return;
  put_key(out, Key::U);
  put_json_text(out, event::to_string(e.unit));
}

void put_event(std::string& out, const Event& e, const event::Names& names) {
  put_key(out, Key::Kind);
  put_json_text(out, event::to_string(e.kind));
  put_value(out, e);
  if (e.quality != event::Quality::Good) {
    put_key(out, Key::Q);
    put_json_text(out, event::to_string(e.quality));
  }
  put_name(out, Key::Lot, names, Table::Lot, e.lot);
  put_number(out, Key::Wafers, e.wafers, 0);
  put_name(out, Key::Carrier, names, Table::Carrier, e.carrier);
  put_name(out, Key::Tool, names, Table::Tool, e.tool);
  put_name(out, Key::Chamber, names, Table::Chamber, e.chamber);
  put_name(out, Key::Route, names, Table::Route, e.route);
  put_number(out, Key::Step, e.step, None);
  put_number(out, Key::Visit, e.visit, None);
  put_name(out, Key::Recipe, names, Table::Recipe, e.recipe);
  put_number(out, Key::Job, e.job, None);
  put_name(out, Key::Item, names, event::item_table(e.kind), e.item);
}

// One object: an event, or a message with its envelope, or both at once.
class Object {
 public:
  Object(JsonReader& json, event::Names& names, const PayloadLimits& limits)
      : json_(json), names_(names), limits_(limits) {}

  bool said(Key key) const { return (said_ & bit(key)) != 0; }

  // Within "events" there is no envelope.
  void read(Arrival* envelope) {
    const std::size_t began = json_.byte();
    json_.object([&](std::string_view key) { member(key, envelope); });
    if (said(Key::Item)) event_.item = names_.add(event::item_table(event_.kind), item_);
    began_ = began;
  }

  Event event() const {
    must(Key::Kind);
    must(Key::T);
    return event_;
  }
  core::Tick clock() const { return event_.at; }
  bool has_event() const {
    const std::uint32_t envelope =
        bit(Key::T) | bit(Key::Src) | bit(Key::Epoch) | bit(Key::Seq) | bit(Key::Events);
    return (said_ & ~envelope) != 0;
  }
  void must(Key key) const {
    if (!said(key)) {
      json_.refuse_at(began_,
                      fmt::format("the object has no '{}'", Keys[static_cast<std::size_t>(key)]));
    }
  }
  [[noreturn]] void refuse(const std::string& why) const { json_.refuse_at(began_, why); }

 private:
  static constexpr std::uint32_t bit(Key key) { return 1U << static_cast<unsigned>(key); }

  void member(std::string_view name, Arrival* envelope) {
    const auto found = std::ranges::find(Keys, name);
    const auto key = static_cast<Key>(found - Keys.begin());
    const bool outer =
        key == Key::Src || key == Key::Epoch || key == Key::Seq || key == Key::Events;
    if (found == Keys.end() || (outer && envelope == nullptr))
      json_.refuse_key(fmt::format("the key '{}' is not known here", name.substr(0, 64)));
    if (said(key)) json_.refuse_key(fmt::format("the key '{}' stands twice", name));
    said_ |= bit(key);
    if (outer) {
      read_outer(key, *envelope);
    } else {
      read_inner(key);
    }
  }

  void read_outer(Key key, Arrival& arrival) {
    switch (key) {
      case Key::Src:
        arrival.source = json_.text();
        if (arrival.source.empty()) json_.refuse("an empty name");
        break;
      case Key::Epoch:
        arrival.epoch =
            static_cast<std::uint32_t>(json_.count(std::numeric_limits<std::uint32_t>::max()));
        break;
      case Key::Seq: arrival.seq = json_.count(std::numeric_limits<std::uint64_t>::max()); break;
      default:
        json_.array([&] {
          if (arrival.events.size() >= limits_.events_max)
            json_.refuse(fmt::format("more than {} events", limits_.events_max));
          Object inner(json_, names_, limits_);
          inner.read(nullptr);
          arrival.events.push_back(inner.event());
        });
    }
  }

  template <class Parse, class Words>
  auto word(Parse parse, const Words& words, const char* what) {
    const std::string text = json_.text();
    if (const auto known = parse(text)) return *known;
    std::vector<std::string> texts;
    for (const auto& one : words) texts.emplace_back(one.text);
    const auto near = core::nearest(text.substr(0, 64), texts);
    json_.refuse(fmt::format("'{}' is no {}{}", text.substr(0, 64), what,
                             near ? fmt::format("; did you mean '{}'?", *near) : ""));
  }

  void read_inner(Key key) {
    switch (key) {
      case Key::T: event_.at = time(); break;
      case Key::V: event_.value = value(); break;
      case Key::U: event_.unit = word(event::parse_unit, event::units(), "unit"); break;
      case Key::Q:
        event_.quality = word(event::parse_quality, event::qualities(), "quality");
        break;
      case Key::Kind: event_.kind = word(event::parse_kind, event::kinds(), "kind"); break;
      case Key::Lot: event_.lot = name(Table::Lot); break;
      case Key::Carrier: event_.carrier = name(Table::Carrier); break;
      case Key::Tool: event_.tool = name(Table::Tool); break;
      case Key::Chamber: event_.chamber = name(Table::Chamber); break;
      case Key::Route: event_.route = name(Table::Route); break;
      case Key::Recipe: event_.recipe = name(Table::Recipe); break;
      case Key::Item: item_ = text(); break;  // which table, only the kind says
      case Key::Wafers: event_.wafers = number(None); break;
      case Key::Step: event_.step = number(None - 1); break;
      case Key::Visit: event_.visit = number(None - 1); break;
      case Key::Job: event_.job = number(None - 1); break;
      default: break;
    }
  }

  std::uint32_t number(std::uint32_t most) { return static_cast<std::uint32_t>(json_.count(most)); }
  std::string text() {
    std::string text = json_.text();
    if (text.empty()) json_.refuse("an empty name");
    return text;
  }
  std::uint32_t name(Table table) { return names_.add(table, text()); }

  core::Tick time() {
    if (!json_.at_text()) return json_.integer();
    const std::string text = json_.text();
    const auto time = event::parse_iso_time(text);
    if (!time)
      json_.refuse(fmt::format("'{}' (a time as 2026-01-31T12:00:00.000Z, or ms since 1970)",
                               text.substr(0, 64)));
    return *time;
  }

  double value() {
    if (!json_.at_text()) return json_.number();
    const std::string text = json_.text();
    if (text == NotANumber) return std::numeric_limits<double>::quiet_NaN();
    if (text == Infinity) return std::numeric_limits<double>::infinity();
    if (text == MinusInfinity) return -std::numeric_limits<double>::infinity();
    json_.refuse(fmt::format("'{}' (a number)", text.substr(0, 64)));
  }

  JsonReader& json_;
  event::Names& names_;
  const PayloadLimits& limits_;
  Event event_;
  std::string item_;
  std::uint32_t said_ = 0;  // bits of keys
  std::size_t began_ = 0;   // [bytes]
};

}  // namespace

std::string write_payload(const Arrival& arrival, const event::Names& names) {
  std::string out = "{";
  put_key(out, Key::T);
  out += std::to_string(arrival.clock);
  put_key(out, Key::Src);
  put_json_text(out, arrival.source);
  put_key(out, Key::Epoch);
  out += std::to_string(arrival.epoch);
  put_key(out, Key::Seq);
  out += std::to_string(arrival.seq);
  if (arrival.events.size() == 1 && arrival.events.front().at == arrival.clock) {
    put_event(out, arrival.events.front(), names);
    return out + "}";
  }
  put_key(out, Key::Events);
  out += '[';
  for (const Event& e : arrival.events) {
    out += out.back() == '[' ? "{" : ",{";
    put_key(out, Key::T);
    out += std::to_string(e.at);
    put_event(out, e, names);
    out += '}';
  }
  return out + "]}";
}

Arrival read_message(JsonReader& json, std::string_view prefix, event::Names& names,
                     const PayloadLimits& limits) {
  Arrival arrival;
  Object object(json, names, limits);
  object.read(&arrival);
  for (const Key key : {Key::T, Key::Src, Key::Epoch, Key::Seq}) object.must(key);
  if (object.has_event() == object.said(Key::Events))
    object.refuse("the object must have either an event of its own or 'events'");
  if (object.has_event()) arrival.events.push_back(object.event());
  arrival.clock = object.clock();
  arrival.source.insert(0, prefix);
  return arrival;
}

Arrival read_payload(std::string_view json, std::string_view prefix, event::Names& names,
                     const PayloadLimits& limits) {
  JsonReader reader(json, "payload", limits.text_max);
  if (json.size() > limits.bytes_max)
    reader.refuse_at(limits.bytes_max, fmt::format("more than {} bytes", limits.bytes_max));
  Arrival arrival = read_message(reader, prefix, names, limits);
  reader.end();
  return arrival;
}

std::string write_numbers(const Numbers& numbers) {
  std::string out = "{\"src\":";
  put_json_text(out, numbers.src);
  return out + fmt::format(",\"epoch\":{},\"first\":{},\"last\":{}}}", numbers.epoch,
                           numbers.seq.first, numbers.seq.last);
}

Numbers read_numbers(std::string_view json) {
  JsonReader reader(json, "numbers");
  Numbers numbers;
  constexpr std::array<std::string_view, 4> Members = {"src", "epoch", "first", "last"};
  unsigned said = 0;
  reader.object([&](std::string_view key) {
    const auto member = static_cast<unsigned>(std::ranges::find(Members, key) - Members.begin());
    if (member == Members.size() || (said >> member & 1U) != 0)
      reader.refuse_key(
          fmt::format("the key '{}' is not known here, or stands twice", key.substr(0, 64)));
    said |= 1U << member;
    switch (member) {
      case 0: numbers.src = reader.text(); break;
      case 1:
        numbers.epoch =
            static_cast<std::uint32_t>(reader.count(std::numeric_limits<std::uint32_t>::max()));
        break;
      default:
        (member == 2 ? numbers.seq.first : numbers.seq.last) =
            reader.count(std::numeric_limits<std::uint64_t>::max());
    }
  });
  reader.end();
  if (said != 15 || numbers.seq.first > numbers.seq.last)
    reader.refuse_at(0, "src, epoch, first and last must be said, first not above last");
  return numbers;
}

}  // namespace twin::link
