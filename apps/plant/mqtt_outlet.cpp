#include "apps/plant/mqtt_outlet.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "apps/plant/diary.hpp"
#include "twin/core/error.hpp"
#include "twin/link/uns.hpp"

namespace apps::plant {

using twin::core::Error;
using twin::core::Never;
using twin::event::Table;
namespace link = twin::link;

namespace {

constexpr int Qos = 1;
constexpr std::string_view Mes = "mes";

std::string topic(const std::string& site, link::Leaf leaf) {
  return to_string(link::Topic{
      .site = site, .leaf = leaf, .name = leaf == link::Leaf::Mes ? "" : std::string(Mes)});
}

}  // namespace

Command read_command(std::string_view json, const twin::event::Names& names) {
  const auto parsed = nlohmann::json::parse(json, nullptr, false);
  if (!parsed.is_object()) throw Error("command: no JSON object");
  Command c;
  bool has_kind = false;
  for (const auto& [key, value] : parsed.items()) {
    const auto wrong = [&key = key](const char* what) {
      throw Error(fmt::format("command: '{}' must be {}", key, what));
    };
    if (key == "do") {
      const auto kind = value.is_string() ? parse_command(value.get<std::string>()) : std::nullopt;
      if (!kind) wrong("hold, release, priority, start_pm, recipe_offset or rule");
      c.kind = *kind;
      has_kind = true;
    } else if (key == "lot") {
      const auto lot = value.is_string() ? lot_number(value.get<std::string>()) : std::nullopt;
      if (!lot) wrong("the name of a lot");
      c.lot = *lot;
    } else if (key == "tool") {
      const auto tool =
          value.is_string() ? names.find(Table::Tool, value.get<std::string>()) : std::nullopt;
      if (!tool) wrong("the name of a tool");
      c.tool = *tool;
    } else if (key == "calendar") {
      if (!value.is_number_unsigned() || value.get<std::uint64_t>() > 255) wrong("0 to 255");
      c.item = value.get<std::uint32_t>();
    } else if (key == "value") {
      if (!value.is_number()) wrong("a number");
      c.value = value.get<double>();
    } else if (key == "rule") {
      if (!value.is_string() || value.get_ref<const std::string&>().size() > 1'000)
        wrong("the name of a rule");
      c.rule = value.get<std::string>();
    } else if (key != "id") {
      throw Error(fmt::format("command: unknown key '{}'", key));
    }
  }
  if (!has_kind) throw Error("command: no 'do'");
  return c;
}

MqttOutlet::MqttOutlet(const Sources& sources, const twins::fab::EventNames& names, Options options)
    : sources_(sources),
      options_(std::move(options)),
      arrivals_(sources, names),
      mqtt_({.host = options_.host,
             .port = options_.port,
             .client_id = "fabtwin-plant-" + options_.site,
             .subscriptions = {{.filter = ack_topic()},
                               {.filter = topic(options_.site, link::Leaf::Resend)},
                               {.filter = command_topic()}}}) {
  mqtt_.on_message([this](const link::MqttMessage& m) { receive(m); });
  mqtt_.on_connected([this] {
    for (auto& [_, said] : kept_) said.sent = -1;  // who knows what the line swallowed
  });
}

std::string MqttOutlet::event_topic() const { return topic(options_.site, link::Leaf::Mes); }
std::string MqttOutlet::ack_topic() const { return topic(options_.site, link::Leaf::Ack); }
std::string MqttOutlet::command_topic() const {
  std::string name = event_topic();
  name.replace(name.rfind('/') + 1, std::string::npos, "command");
  return name;
}

Takes MqttOutlet::tell(const Message& m) {
  if (m.source != sources_.mes()) return Takes::NotMine;
  link::Arrival a = arrivals_.arrival(m, m.at);
  a.source = Mes;
  Said& said = kept_[{m.epoch, m.seq}];
  said = {.topic = event_topic(), .payload = write_payload(a, arrivals_.names()), .at = m.at};
  publish(said);
  return Takes::Mine;
}

bool MqttOutlet::publish(Said& said) {
  if (cut_ || !mqtt_.connected() || !mqtt_.publish(said.topic, said.payload, Qos)) return false;
  said.sent = options_.line_time();
  return true;
}

void MqttOutlet::corrupt(const Message& m, std::uint32_t damage) {
  if (m.source != sources_.mes() || cut_) return;
  std::string payload = write_payload(arrivals_.arrival(m, m.at), arrivals_.names());
  payload.resize(1 + damage % (payload.size() - 1));  // torn: an object that does not end
  static_cast<void>(mqtt_.publish(event_topic(), payload, Qos));
}

void MqttOutlet::cut(std::uint32_t source, bool down) {
  if (source != sources_.mes()) return;
  cut_ = down;
  if (!down)
    for (auto& [_, said] : kept_) said.sent = -1;
}

Tick MqttOutlet::settled() const {
  Tick oldest = Never;
  for (const auto& [_, said] : kept_) oldest = std::min(oldest, said.at);
  return oldest;
}

void MqttOutlet::receive(const link::MqttMessage& message) {
  if (message.topic == command_topic()) return obey(message.payload);
  const auto to = link::parse_topic(message.topic);
  if (!to || to->name != Mes) return;
  link::Numbers numbers;
  try {
    numbers = link::read_numbers(message.payload);
  } catch (const Error&) {
    return;  // not the twin's word
  }
  const auto first = kept_.lower_bound({numbers.epoch, numbers.seq.first});
  const auto last = kept_.upper_bound({numbers.epoch, numbers.seq.last});
  if (to->leaf == link::Leaf::Ack) kept_.erase(first, last);
  if (to->leaf == link::Leaf::Resend)
    for (auto said = first; said != last; ++said) said->second.sent = -1;
}

void MqttOutlet::obey(std::string_view json) {
  nlohmann::json answer;
  try {
    const Obeyed obeyed = options_.obey(read_command(json, arrivals_.names()));
    answer = {{"done", obeyed.done}, {"why", obeyed.why}};
  } catch (const Error& e) {
    answer = {{"done", false}, {"why", e.what()}};
  }
  const auto asked = nlohmann::json::parse(json, nullptr, false);
  // Not what is nested: it is written by a function that calls itself.
  if (asked.is_object() && asked.contains("id") && asked["id"].is_primitive())
    answer["id"] = asked["id"];
  static_cast<void>(
      mqtt_.publish(command_topic() + "/answer",
                    answer.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace), Qos));
}

void MqttOutlet::turn(std::chrono::milliseconds wait) {
  mqtt_.wait(wait);
  if (cut_ || !mqtt_.connected() || mqtt_.queued() > options_.at_once_max) return;
  const Tick now = options_.line_time();
  std::size_t again = 0;
  for (auto& [_, said] : kept_) {
    if (again >= options_.at_once_max) break;
    if (said.sent >= 0 && now - said.sent < options_.again_ms) continue;
    if (!publish(said)) break;
    ++again;
  }
  mqtt_.turn();
}

}  // namespace apps::plant
