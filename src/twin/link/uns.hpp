// The unified namespace: topics as fab/<site>/<area>/<tool>/<module>/event/<name>, and JSON payloads
// {t, v, q, src, epoch, seq, kind, lot, ...} for canonical events, both ways. Also what the twin
// tells a source that keeps a log: what is durable, and what it missed. docs/links-other.md.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "twin/event/event.hpp"
#include "twin/event/names.hpp"
#include "twin/link/arrival.hpp"

namespace twin::link {

enum class Leaf : std::uint8_t {
  State,   // fab/<site>/<area>/<tool>/<module>/state, retained
  Event,   // .../event/<name>
  Trace,   // .../trace/<name>
  Alarm,   // .../alarm
  Mes,     // fab/<site>/mes/event: lot moves
  Ack,     // fab/<site>/twin/ack/<source>, retained: the twin has all up to here for good
  Resend,  // fab/<site>/twin/resend/<source>: the twin asks for numbers again
};

struct Topic {
  std::string site = {};
  std::string area = {}, tool = {}, module = {};  // of State, Event, Trace, Alarm; module "-": none
  Leaf leaf = Leaf::Mes;
  std::string name = {};  // of an Event or Trace: its kind or parameter; of Ack, Resend: the source
  bool operator==(const Topic&) const = default;
};

std::string to_string(const Topic& topic);
// Nothing where the text is no topic of this namespace, or has wildcards.
[[nodiscard]] std::optional<Topic> parse_topic(std::string_view text);
// Where an event belongs: by its kind, tool and chamber; a lot's moves belong to the MES.
Topic topic_of(const event::Event& e, const event::Names& names, std::string_view site,
               std::string_view area);

struct PayloadLimits {
  std::size_t bytes_max = 1 << 20;
  std::size_t depth_max = 8;
  std::size_t events_max = 10'000;
  std::size_t text_max = 4'096;  // [bytes] of a text
};

// The payload of a message: its only event in the object itself, several in "events". `raw` and
// `arrived` are not said; what the events leave out is not written.
std::string write_payload(const Arrival& arrival, const event::Names& names);

// Reads a payload as write_payload gives it; keys in any order, none twice, none unknown. The
// arrival's `source` is "src" behind `prefix`, `clock` is "t" of the object (of its newest event,
// where it has none); names get their numbers from `names`. Throws core::Error: "payload: byte 17:
// ...", and `names` may then have grown. `arrived` and `raw` stay for the caller.
Arrival read_payload(std::string_view json, std::string_view prefix, event::Names& names,
                     const PayloadLimits& limits = {});

struct Ack {  // every number up to `seq` of this epoch is durable, or the twin gave it up
  std::string src = {};
  std::uint32_t epoch = 0;
  std::uint64_t seq = 0;
  bool operator==(const Ack&) const = default;
};
std::string write_ack(const Ack& ack);
Ack read_ack(std::string_view json);  // throws core::Error

struct Resend {  // please send these numbers again, both included
  std::string src = {};
  std::uint32_t epoch = 0;
  std::uint64_t first = 0, last = 0;
  bool operator==(const Resend&) const = default;
};
std::string write_resend(const Resend& resend);
Resend read_resend(std::string_view json);  // throws core::Error

}  // namespace twin::link
