// Topics. The payloads are in payload.cpp.
#include "twin/link/uns.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "twin/link/note_text.hpp"

namespace twin::link {
namespace {

using event::Kind;
using event::None;
using event::Table;

constexpr std::string_view Root = "fab";
constexpr std::string_view Mes = "mes";
constexpr std::string_view Twin = "twin";
constexpr std::string_view Nothing = "-";

void put_level(std::string& out, std::string_view name) {
  out += '/';
  if (name.empty()) out += Nothing;
  if (name == Nothing) {
    out += "%2D";  // a name that is "-" itself
    return;
  }
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '/' || c == '+' || c == '#' || c == '%' || byte < 0x20 || byte == 0x7F) {
      out += fmt::format("%{:02X}", byte);
    } else {
      out += c;
    }
  }
}

// A level's name; nothing where it is none.
std::optional<std::string> level(std::string_view text) {
  std::string name;
  if (text.empty()) return std::nullopt;
  if (text == Nothing) return name;
  for (std::size_t k = 0; k < text.size(); ++k) {
    if (text[k] == '+' || text[k] == '#' || text[k] == '\0') return std::nullopt;
    if (text[k] != '%') {
      name += text[k];
      continue;
    }
    const auto byte = bytes_of(text.substr(k + 1, 2));
    if (!byte || byte->size() != 1) return std::nullopt;
    name += static_cast<char>(byte->front());
    k += 2;
  }
  return name;
}

}  // namespace

std::string to_string(const Topic& topic) {
  std::string out(Root);
  put_level(out, topic.site);
  switch (topic.leaf) {
    case Leaf::Mes: return out + "/mes/event";
    case Leaf::Ack:
    case Leaf::Resend:
      out += topic.leaf == Leaf::Ack ? "/twin/ack" : "/twin/resend";
      put_level(out, topic.name);
      return out;
    default: break;
  }
  put_level(out, topic.area);
  put_level(out, topic.tool);
  put_level(out, topic.module);
  switch (topic.leaf) {
    case Leaf::State: return out + "/state";
    case Leaf::Alarm: return out + "/alarm";
    case Leaf::Event: out += "/event"; break;
    default: out += "/trace"; break;
  }
  put_level(out, topic.name);
  return out;
}

std::optional<Topic> parse_topic(std::string_view text) {
  std::vector<std::string_view> levels;
  for (std::size_t begin = 0; begin <= text.size() && levels.size() < 8;) {
    const std::size_t end = std::min(text.find('/', begin), text.size());
    levels.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  if (levels.size() < 4 || levels.size() > 7 || levels[0] != Root) return std::nullopt;
  std::vector<std::string> names(levels.size());
  for (std::size_t k = 1; k < levels.size(); ++k) {
    auto name = level(levels[k]);
    if (!name) return std::nullopt;
    names[k] = std::move(*name);
  }
  Topic topic{.site = names[1]};
  if (levels.size() == 4 && levels[2] == Mes && levels[3] == "event") return topic;
  if (levels.size() == 5 && levels[2] == Twin) {
    topic.name = names[4];
    topic.leaf = levels[3] == "ack" ? Leaf::Ack : Leaf::Resend;
    if (levels[3] != "ack" && levels[3] != "resend") return std::nullopt;
    return topic;
  }
  if (levels.size() < 6) return std::nullopt;
  topic.area = names[2];
  topic.tool = names[3];
  topic.module = names[4];
  if (levels.size() == 6 && levels[5] == "state") {
    topic.leaf = Leaf::State;
  } else if (levels.size() == 6 && levels[5] == "alarm") {
    topic.leaf = Leaf::Alarm;
  } else if (levels.size() == 7 && levels[5] == "event") {
    topic.leaf = Leaf::Event;
    topic.name = names[6];
  } else if (levels.size() == 7 && levels[5] == "trace") {
    topic.leaf = Leaf::Trace;
    topic.name = names[6];
  } else {
    return std::nullopt;
  }
  return topic;
}

Topic topic_of(const event::Event& e, const event::Names& names, std::string_view site,
               std::string_view area) {
  Topic topic{.site = std::string(site)};
  const auto number = static_cast<std::uint16_t>(e.kind);
  const bool of_lot = number >= 1 && number <= 20;
  if (of_lot || e.tool == None) return topic;
  topic.area = area;
  topic.tool = event::label(names, Table::Tool, e.tool);
  if (e.chamber != None) topic.module = event::label(names, Table::Chamber, e.chamber);
  switch (e.kind) {
    case Kind::ToolStateChanged: topic.leaf = Leaf::State; break;
    case Kind::AlarmSet:
    case Kind::AlarmCleared: topic.leaf = Leaf::Alarm; break;
    case Kind::TraceSamples:
      topic.leaf = Leaf::Trace;
      if (e.item != None) topic.name = event::label(names, Table::Item, e.item);
      break;
    default:
      topic.leaf = Leaf::Event;
      topic.name = event::to_string(e.kind);
      break;
  }
  return topic;
}

}  // namespace twin::link
