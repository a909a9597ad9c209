#include "apps/plant/notice.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>

#include "twin/sheet/sheet.hpp"

namespace apps::plant {

using twin::sheet::Sheet;

namespace {

// A TOML basic string.
std::string in_quotes(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (static_cast<unsigned char>(c) < 0x20) {
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    } else {
      out += c;
    }
  }
  return out + '"';
}

constexpr double LatestMs = 1e15;  // the year 33658

}  // namespace

Tick Notice::at(std::int64_t real_ms) const {
  return static_cast<Tick>(std::floor(static_cast<double>(real_ms - started_real_ms) * speed));
}

std::string to_string(const Notice& n) {
  std::string out = "# A running plant (fabtwin plant): its clock and its links. Written by it.\n";
  out += fmt::format("time_zero_ms = {}\nstarted_real_ms = {}\nspeed = {}\n", n.time_zero_ms,
                     n.started_real_ms, n.speed);
  out += fmt::format("data = {}\nseed = {}\nplant = {}\nlinks = {}\n", in_quotes(n.data), n.seed,
                     in_quotes(n.plant), in_quotes(n.links));
  if (!n.broker.empty()) {
    out += fmt::format("\n[mqtt]\nbroker = {}\nevents = {}\nack = {}\ncommands = {}\n",
                       in_quotes(n.broker), in_quotes(n.mes_topic), in_quotes(n.ack_topic),
                       in_quotes(n.command_topic));
  }
  if (n.tools.empty()) return out;
  out += fmt::format("\n[secs]\ndescription = {}\n", in_quotes(n.description));
  for (const NoticedTool& t : n.tools)
    out += fmt::format("[[secs.tools]]\nname = {}\naddress = \"{}:{}\"\n", in_quotes(t.name),
                       t.host, t.port);
  return out;
}

Notice read_notice(std::string_view text, const std::string& file) {
  Sheet top(twin::sheet::read_toml(text, file), file, "the notice");
  constexpr double Latest = LatestMs;
  Notice n;
  n.time_zero_ms = top.integer("time_zero_ms", {-Latest, Latest});
  n.started_real_ms = top.integer("started_real_ms", {-Latest, Latest});
  n.speed = top.number("speed", {0.0, 1e6});
  n.data = top.text("data");
  n.seed = static_cast<std::uint64_t>(top.integer("seed", {0.0, 9e15}));
  n.plant = top.text("plant");
  const std::array<std::string, 2> links = {"per-tool", "per-group"};
  n.links = top.choice("links", links);
  if (top.has("mqtt")) {
    Sheet mqtt = top.table("mqtt");
    n.broker = mqtt.text("broker");
    n.mes_topic = mqtt.text("events");
    n.ack_topic = mqtt.text("ack");
    n.command_topic = mqtt.text("commands");
    mqtt.finish();
  }
  if (top.has("secs")) {
    Sheet secs = top.table("secs");
    n.description = secs.text("description");
    for (Sheet& one : secs.tables("tools")) {
      NoticedTool tool{.name = one.text("name")};
      const std::string address = one.text("address");
      const std::size_t colon = address.rfind(':');
      int port = 0;
      if (colon != std::string::npos)
        std::from_chars(address.data() + colon + 1, address.data() + address.size(), port);
      if (port < 1 || port > 65535)
        one.refuse("address", fmt::format("address = \"{}\" (must be host:port)", address));
      tool.host = address.substr(0, colon);
      tool.port = static_cast<std::uint16_t>(port);
      one.finish();
      n.tools.push_back(std::move(tool));
    }
    secs.finish();
  }
  top.finish();
  return n;
}

}  // namespace apps::plant
