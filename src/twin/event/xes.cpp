// Writes XES. Events come by time, traces go by lot: lots are taken in groups that fit into memory,
// one pass each.
#include "twin/event/xes.hpp"

#include <array>
#include <bit>
#include <charconv>
#include <ostream>
#include <unordered_map>
#include <vector>

#include "twin/core/error.hpp"
#include "twin/event/iso_time.hpp"
#include "twin/event/labels.hpp"

namespace twin::event {
namespace {

constexpr std::string_view Head =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    "<log xes.version=\"1849-2016\" xes.features=\"\" xmlns=\"http://www.xes-standard.org/\">\n"
    "<extension name=\"Concept\" prefix=\"concept\" "
    "uri=\"http://www.xes-standard.org/concept.xesext\"/>\n"
    "<extension name=\"Lifecycle\" prefix=\"lifecycle\" "
    "uri=\"http://www.xes-standard.org/lifecycle.xesext\"/>\n"
    "<extension name=\"Time\" prefix=\"time\" uri=\"http://www.xes-standard.org/time.xesext\"/>\n"
    "<extension name=\"Organizational\" prefix=\"org\" "
    "uri=\"http://www.xes-standard.org/org.xesext\"/>\n"
    "<global scope=\"trace\">\n<string key=\"concept:name\" value=\"\"/>\n</global>\n"
    "<global scope=\"event\">\n<string key=\"concept:name\" value=\"\"/>\n"
    "<string key=\"lifecycle:transition\" value=\"complete\"/>\n"
    "<date key=\"time:timestamp\" value=\"1970-01-01T00:00:00.000Z\"/>\n"
    "<string key=\"kind\" value=\"unknown\"/>\n</global>\n"
    "<classifier name=\"Activity\" keys=\"concept:name lifecycle:transition\"/>\n"
    "<classifier name=\"Kind\" keys=\"kind\"/>\n"
    "<classifier name=\"Tool\" keys=\"org:resource\"/>\n"
    "<string key=\"lifecycle:model\" value=\"standard\"/>\n";

std::string xml_label(const Names& names, Table table, std::uint32_t id) {
  std::string escaped;
  for (const char c : plain_label(names, table, id)) {
    switch (c) {
      case '&': escaped += "&amp;"; break;
      case '<': escaped += "&lt;"; break;
      case '>': escaped += "&gt;"; break;
      case '"': escaped += "&quot;"; break;
      default: escaped += c;
    }
  }
  return escaped;
}

class Traces {
 public:
  Traces(std::ostream& out, const Names& names, std::int64_t time_zero_ms)
      : out_(out), labels_(names, xml_label), iso_(time_zero_ms) {}

  void write(std::uint32_t lot, const std::vector<Event>& events) {
    text_ = "<trace>\n";
    put("string", "concept:name", labels_.of(Table::Lot, lot));
    for (const Event& event : events) put_event(event);
    out_ << text_ << "</trace>\n";
  }

 private:
  void put(std::string_view type, std::string_view key, std::string_view value) {
    text_.append("<").append(type).append(" key=\"").append(key).append("\" value=\"");
    text_.append(value).append("\"/>\n");
  }

  template <class Number>
  void put_number(std::string_view type, std::string_view key, Number number) {
    std::array<char, 40> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    put(type, key, {digits.data(), static_cast<std::size_t>(end - digits.data())});
  }

  void put_optional(std::string_view key, std::uint32_t number) {
    if (number != None) put_number("int", key, number);
  }

  void put_name(std::string_view key, Table table, std::uint32_t id) {
    if (id != None) put("string", key, labels_.of(table, id));
  }

  // xs:double has its own words for what is no number.
  void put_value(double value) {
    if (value != value) return put("float", "value", "NaN");
    if (value - value != 0.0) return put("float", "value", value > 0.0 ? "INF" : "-INF");
    put_number("float", "value", value);
  }

  void put_event(const Event& e) {
    const XesActivity activity = xes_activity(e);
    text_ += "<event>\n";
    if (activity.operation) {
      operation_ = labels_.of(Table::Route, e.route);
      put("string", "concept:name", operation_.append("/").append(std::to_string(e.step)));
    } else {
      put("string", "concept:name", to_string(e.kind));
    }
    put("string", "lifecycle:transition", activity.transition);
    std::array<char, IsoTimeLength> date;
    if (!iso_.write(e.at, date.data())) {
      throw core::Error("an event at tick " + std::to_string(e.at) +
                        " cannot be exported (XES needs a date in the years 0 to 9999) "
                        "is the time zero right?");
    }
    put("date", "time:timestamp", {date.data(), date.size()});
    put("string", "kind", to_string(e.kind));
    put_name("org:resource", Table::Tool, e.tool);
    put_name("chamber", Table::Chamber, e.chamber);
    put_name("carrier", Table::Carrier, e.carrier);
    put_name("route", Table::Route, e.route);
    put_optional("step", e.step);
    put_optional("visit", e.visit);
    put_name("recipe", Table::Recipe, e.recipe);
    put_optional("job", e.job);
    if (e.wafers != 0) put_number("int", "wafers", e.wafers);
    put_name("item", item_table(e.kind), e.item);
    if (std::bit_cast<std::uint64_t>(e.value) != 0 || e.unit != Unit::None) put_value(e.value);
    if (e.unit != Unit::None) put("string", "unit", to_string(e.unit));
    if (e.quality != Quality::Good) put("string", "quality", to_string(e.quality));
    put_name("source", Table::Source, e.source);
    text_ += "</event>\n";
  }

  std::ostream& out_;
  Labels labels_;
  IsoTime iso_;
  std::string text_, operation_;
};

struct XesLot {
  std::uint32_t id = None;
  std::uint64_t events = 0;
};

// All lots with their number of events, in order of first appearance.
std::vector<XesLot> count_lots(const EventPass& pass) {
  std::vector<XesLot> lots;
  std::unordered_map<std::uint32_t, std::size_t> place;
  pass([&](const Event& e) {
    if (e.lot == None) return;
    const auto [found, is_new] = place.emplace(e.lot, lots.size());
    if (is_new) lots.push_back({.id = e.lot});
    ++lots[found->second].events;
  });
  return lots;
}

}  // namespace

XesActivity xes_activity(const Event& e) noexcept {
  const bool operation = e.route != None && e.step != None;
  if (operation) {
    switch (e.kind) {
      case Kind::ArrivedAtQueue: return {true, "schedule"};
      case Kind::SkippedBySampling: return {true, "autoskip"};
      case Kind::LoadStarted: return {true, "assign"};
      case Kind::ProcessingStarted: return {true, "start"};
      case Kind::ProcessingSuspended: return {true, "suspend"};
      case Kind::ProcessingResumed: return {true, "resume"};
      case Kind::ProcessingEnded: return {true, "complete"};
      default: break;
    }
  }
  return {false, "complete"};
}

void write_xes(std::ostream& out, const Names& names, const EventPass& pass,
               const XesOptions& options) {
  const std::vector<XesLot> lots = count_lots(pass);
  Traces traces(out, names, options.time_zero_ms);
  out << Head;
  for (std::size_t first = 0; first < lots.size();) {
    std::size_t last = first;
    std::uint64_t held = 0;
    while (last < lots.size() &&
           (last == first || held + lots[last].events <= options.events_held_max)) {
      held += lots[last++].events;
    }
    std::vector<std::vector<Event>> events(last - first);  // [lot - first]
    std::unordered_map<std::uint32_t, std::size_t> place;
    for (std::size_t k = first; k < last; ++k) {
      place.emplace(lots[k].id, k - first);
      events[k - first].reserve(lots[k].events);
    }
    pass([&](const Event& e) {
      if (e.lot == None) return;
      const auto found = place.find(e.lot);
      if (found != place.end()) events[found->second].push_back(e);
    });
    for (std::size_t k = first; k < last; ++k) traces.write(lots[k].id, events[k - first]);
    first = last;
  }
  out << "</log>\n";
  out.flush();
  if (!out)
    throw core::Error("the XES log cannot be written (the stream failed) is the disk full?");
}

}  // namespace twin::event
