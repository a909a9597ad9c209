// One message from outside as an adapter hands it over, before it is acknowledged: which source said
// it, its number there, its clock, the canonical events that it holds, and its bytes.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "twin/core/tick.hpp"
#include "twin/event/event.hpp"

namespace twin::link {

struct Arrival {
  std::string source = {};  // "secs/LITHO_01", "mqtt/mes", "file/moves"
  std::uint32_t epoch = 0;  // how often the source has begun to count anew
  std::uint64_t seq = 0;    // the source's own counter: what has the same is the same message
  core::Tick clock = 0;     // what the source's clock said [ms since 1970-01-01T00:00:00Z]
  core::Tick arrived = 0;   // what ours said when the last byte came [ms since 1970]
  // Numbered by the adapter's Names; `at` by the source's clock and `arrived` by ours, both [ms
  // since 1970]; `source` and `source_seq` need not be set.
  std::vector<event::Event> events = {};
  std::vector<std::uint8_t> raw = {};  // the bytes as they came
  bool operator==(const Arrival&) const = default;
};

// What became of an arrival. Only after Accepted, Duplicate and Quarantined is the source told that
// it was received; each is durable by then.
enum class Taken : std::uint8_t {
  Accepted,     // in the record
  Duplicate,    // was in the record already
  Quarantined,  // in the record, set aside with a reason until a person releases it
  Refused,      // the record cannot take it now (disk full, shutting down): the source keeps it
};

}  // namespace twin::link
