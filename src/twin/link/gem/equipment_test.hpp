// An equipment that is spoken to without a line: what a test sends, and what comes back. The tool it
// is, with something of everything, is the text Etcher.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "twin/link/gem/equipment.hpp"

namespace twin::link::gem {

inline constexpr const char* Etcher = R"(
[class]
name = "etcher"
model = "E-9"
software = "3.1"
time_format = "16 digits"
[[variables]]
id = 1
name = "Clock"
role = "clock"
[[variables]]
id = 2
name = "Counter"
format = "U8"
role = "counter"
[[variables]]
id = 3
name = "Control"
format = "U1"
role = "control_state"
[[variables]]
id = 4
name = "Pressure"
format = "F8"
units = "Pa"
least = 0
most = 100
[[variables]]
id = 5
name = "Spooled"
format = "U4"
role = "spool_count_actual"
[[variables]]
id = 6
name = "AlarmsSet"
format = "L"
role = "alarms_set"
[[variables]]
id = 20
name = "Lot"
class = "discrete"
[[variables]]
id = 21
name = "LimitVariable"
class = "discrete"
format = "U4"
role = "limit_variable"
[[variables]]
id = 22
name = "LimitCrossed"
class = "discrete"
format = "B"
role = "limit_crossed"
[[variables]]
id = 100
name = "EstablishTimeout"
class = "constant"
format = "U2"
units = "s"
role = "establish_timeout"
default = 10
least = 1
most = 240
[[variables]]
id = 101
name = "TimeFormat"
class = "constant"
format = "U1"
role = "time_format"
default = 1
least = 0
most = 2
[[variables]]
id = 102
name = "EnableSpooling"
class = "constant"
format = "BOOLEAN"
role = "enable_spooling"
default = true
[[variables]]
id = 103
name = "MaxSpoolTransmit"
class = "constant"
format = "U4"
role = "max_spool_transmit"
[[variables]]
id = 104
name = "OverwriteSpool"
class = "constant"
format = "BOOLEAN"
role = "overwrite_spool"
[[variables]]
id = 105
name = "Ratio"
class = "constant"
format = "F8"
least = 0.5
most = 2
default = 1
[[variables]]
id = 106
name = "Label"
class = "constant"
[[reports]]
id = 10
variables = ["Counter", "Clock", "Lot"]
[[reports]]
id = 11
variables = ["LimitVariable", "LimitCrossed"]
[[events]]
id = 1000
name = "Started"
reports = [10]
kind = "processing_started"
[[events]]
id = 1001
name = "Limit"
reports = [11]
role = "limit_crossed"
[[events]]
id = 1002
name = "Remote"
role = "remote"
[[alarms]]
id = 7
text = "chuck over temperature"
category = 4
[[alarms]]
id = 8
text = "door"
category = 1
[[commands]]
name = "START"
parameters = [
  { name = "LOT" },
  { name = "SPEED", format = "U1", least = 1, most = 3 },
  { name = "MODE", values = ["A", "B"] },
]
)";

struct Spoken {
  explicit Spoken(EquipmentOptions options = {}, const char* file = Etcher)
      : model(tool::read_description(file, "etcher.toml")), equipment(model, std::move(options)) {}

  // Selected and communicating, on-line unless the options say otherwise.
  Spoken& begin() {
    equipment.selected(now);
    take();
    reply(find(1, 13), secs::list(secs::binary(0), secs::list()));
    take();
    if (const auto ready = find(1, 1)) reply(ready, secs::list());
    take();
    acknowledge_all();
    sent.clear();
    return *this;
  }

  // All that it wants sent now, appended to `sent`.
  void take() {
    equipment.flush([&](const Outgoing& out) -> Post {
      sent.push_back(out.message);
      if (out.message.is_primary()) sent.back().system = next_system;
      return {.outcome = Posted::Sent, .system = out.message.is_primary() ? next_system++ : 0};
    });
  }

  // The answer to a primary of the host's; nothing: none came. What else came is in `sent`.
  std::optional<secs::Message> ask(int stream, int function, std::optional<secs::Item> body = {}) {
    secs::Message m = secs::primary(stream, function, secs::Reply::Wanted, std::move(body));
    m.system = ++host_system;
    equipment.received(m, now);
    take();
    std::optional<secs::Message> answer;
    for (auto it = sent.begin(); it != sent.end();) {
      const bool complains = it->stream == 9;
      if (!answer && ((!it->is_primary() && it->system == host_system) || complains)) {
        answer = *it;
        it = sent.erase(it);
      } else {
        ++it;
      }
    }
    return answer;
  }

  // The code in the answer; -1 where it is an abort, -3, -5, -7 where it is S9F3, S9F5, S9F7.
  int code(int stream, int function, std::optional<secs::Item> body = {}) {
    const auto m = ask(stream, function, std::move(body));
    if (!m) return -100;
    if (m->stream == 9) return -int{m->function};
    if (m->function == 0) return -1;
    const secs::Item* first = m->body && m->body->is_list() ? m->at(0) : m->at();
    return first == nullptr ? -99 : static_cast<int>(first->as_u64().value_or(999));
  }

  // The last primary of ours of this stream and function.
  [[nodiscard]] std::optional<secs::Message> find(int stream, int function) const {
    for (auto it = sent.rbegin(); it != sent.rend(); ++it) {
      if (it->is(stream, function)) return *it;
    }
    return std::nullopt;
  }

  void reply(const std::optional<secs::Message>& to, std::optional<secs::Item> body) {
    if (to) equipment.received(secs::reply_to(*to, std::move(body)), now);
    take();
  }

  // Acknowledges each report that is on its way, and those that follow.
  void acknowledge_all() {
    for (std::size_t k = 0; k < sent.size(); ++k) {
      const secs::Message m = sent[k];
      if (m.is_primary() && m.wants_reply && (m.stream == 6 || m.stream == 5)) {
        equipment.received(secs::reply_to(m, secs::binary(0)), now);
        take();
      }
    }
  }

  [[nodiscard]] std::size_t count(int stream, int function) const {
    std::size_t n = 0;
    for (const auto& m : sent) n += m.is(stream, function) ? 1U : 0U;
    return n;
  }

  Tick now = 1'514'764'800'000;  // 2018-01-01T00:00:00Z
  EquipmentModel model;
  Equipment equipment;
  std::vector<secs::Message> sent;
  std::uint32_t next_system = 1'000;
  std::uint32_t host_system = 0;
};

}  // namespace twin::link::gem
