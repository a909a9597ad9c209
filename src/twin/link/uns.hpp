// The unified namespace: topics as fab/<site>/<area>/<tool>/<module>/event/<name>, and JSON payloads
// {t, v, q, src, epoch, seq, kind, lot, ...} for canonical events, both ways. Also what the twin
// tells a source that keeps a log: what is durable, and what it missed. docs/links-other.md.
#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "twin/event/event.hpp"
#include "twin/event/names.hpp"
#include "twin/link/arrival.hpp"
#include "twin/link/json.hpp"
#include "twin/link/sequence.hpp"

namespace twin::link {

enum class Leaf : std::uint8_t {
  State,   // fab/<site>/<area>/<tool>/<module>/state, retained
  Event,   // .../event/<name>
  Trace,   // .../trace/<name>
  Alarm,   // .../alarm
  Mes,     // fab/<site>/mes/event: lot moves
  Ack,     // fab/<site>/twin/ack/<source>: the twin has these numbers for good
  Resend,  // fab/<site>/twin/resend/<source>: the twin asks for numbers again
};

struct Topic {
  std::string site = {};
  std::string area = {}, tool = {}, module = {};  // of State, Event, Trace, Alarm; empty: "-"
  Leaf leaf = Leaf::Mes;
  std::string name = {};  // of an Event or Trace: its kind or parameter; of Ack, Resend: the source
  bool operator==(const Topic&) const = default;
};

// '/', '+', '#', '%' and control characters within a name as %2F.
std::string to_string(const Topic& topic);
// Nothing where the text is no topic of this namespace, or has wildcards.
[[nodiscard]] std::optional<Topic> parse_topic(std::string_view text);
// Where an event belongs: a lot's moves to the MES, all else to its tool and chamber.
Topic topic_of(const event::Event& e, const event::Names& names, std::string_view site,
               std::string_view area);

struct PayloadLimits {
  std::size_t bytes_max = 1 << 20;
  std::size_t events_max = 10'000;  // of a message
  std::size_t text_max = 4'096;     // [bytes] of a text
};

// The payload of a message: its only event in the object itself, several in "events". `raw` and
// `arrived` are not said; what the events leave out is not written. An object without a name is
// called "#12".
std::string write_payload(const Arrival& arrival, const event::Names& names);

// Reads a payload as write_payload gives it; keys in any order, none twice, none unknown. The
// arrival's `source` is "src" behind `prefix`, `clock` is "t"; names get their numbers from
// `names`. Throws core::Error: "payload: byte 17: ...", and `names` may then have grown. `arrived`
// and `raw` stay for the caller.
Arrival read_payload(std::string_view json, std::string_view prefix, event::Names& names,
                     const PayloadLimits& limits = {});
// The same where one stands within a larger text.
Arrival read_message(JsonReader& json, std::string_view prefix, event::Names& names,
                     const PayloadLimits& limits);

// Numbers of a source. As an ack: they are durable, the source may forget them. As a resend: they
// did not come, please send them again.
struct Numbers {
  std::string src = {};
  std::uint32_t epoch = 0;
  SeqRange seq = {};
  bool operator==(const Numbers&) const = default;
};
std::string write_numbers(const Numbers& numbers);  // {"src":"mes","epoch":1,"first":3,"last":9}
Numbers read_numbers(std::string_view json);        // throws core::Error

}  // namespace twin::link
