// Events made up from a seed, for tests, benchmarks and fuzz seeds: a small fab's log as a model
// would write it, and single events with the most awkward values there are.
#pragma once
#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "twin/core/draw.hpp"
#include "twin/event/event.hpp"
#include "twin/event/log.hpp"
#include "twin/event/names.hpp"

namespace twin::event {

// The k-th event of a fab with `lots` lots on routes of 500 steps and `tools` tools: every step of
// a lot is arrived, loaded, started, ended, unloaded; one step in 20 has a measurement, one event
// in 200 is a tool's.
class ExampleFab {
 public:
  explicit ExampleFab(std::uint64_t seed, std::uint32_t lots = 2'000, std::uint32_t tools = 1'000)
      : draw_{.seed = seed}, tools_(tools), lots_(lots) {}

  Event next() {
    const core::Block random = draw_.block(1, count_++, 0);
    now_ += random[0] % 1'000;  // [ms] a large fab has about two events a second
    Event e{.at = now_, .arrived = now_, .source_seq = seq_++, .source = 0};
    if (random[1] % 200 == 0) {
      e.tool = random[2] % tools_;
      e.kind = random[3] % 2 == 0 ? Kind::ToolDown : Kind::ToolUp;
      return e;
    }
    const std::uint32_t id = random[2] % static_cast<std::uint32_t>(lots_.size());
    Lot& lot = lots_[id];
    if (lot.phase == 0 || lot.phase >= 5) {
      lot = {.step = lot.phase == 0 ? random[3] % 500 : (lot.step + 1) % 500,
             .visit = lot.visit + 1,
             .phase = 1};
      lot.tool = draw_.block(2, id, lot.visit)[0] % tools_;
      lot.job = None;
    } else {
      ++lot.phase;
    }
    if (lot.phase == 2) lot.job = next_job_++;
    constexpr std::array Phases = {Kind::ArrivedAtQueue, Kind::LoadStarted, Kind::ProcessingStarted,
                                   Kind::ProcessingEnded, Kind::Unloaded};
    e.kind = Phases[lot.phase - 1];
    e.lot = id;
    e.wafers = 25;
    e.route = id % 2;
    e.step = lot.step;
    e.visit = lot.visit;
    e.job = lot.job;
    if (lot.phase > 1) e.tool = lot.tool;
    if (lot.phase == 4 && lot.step % 20 == 0) {
      e.kind = Kind::Measurement;
      e.item = lot.step / 20;
      e.value = 100.0 + core::uniform_of(random[3]);
      e.unit = Unit::Nanometre;
    }
    return e;
  }

  std::vector<Event> take(std::size_t count) {
    std::vector<Event> events(count);
    for (Event& e : events) e = next();
    return events;
  }

 private:
  struct Lot {
    std::uint32_t step = 0, visit = 0, tool = 0, job = None, phase = 0;
  };
  core::Draw draw_;
  std::uint32_t tools_, count_ = 0, next_job_ = 0;
  Tick now_ = 0;
  std::uint64_t seq_ = 0;
  std::vector<Lot> lots_;  // [lot]
};

// Any event at all: each field is ordinary, zero, the largest or the smallest it can be. Never a
// NaN, which equals nothing; the kind and its like are always words of the schema.
inline Event any_event(core::Draw draw, std::uint32_t k) {
  std::uint32_t occasion = 0;
  const auto word = [&] { return draw.block(3, k, occasion++)[0]; };
  const auto number = [&]() -> std::uint32_t {
    switch (word() % 5) {
      case 0: return None;
      case 1: return 0;
      case 2: return None - 1;
      default: return word() % 40;
    }
  };
  const auto wide = [&]() -> std::uint64_t {
    switch (word() % 6) {
      case 0: return 0;
      case 1: return std::numeric_limits<std::uint64_t>::max();
      case 2: return std::uint64_t{1} << 63;
      case 3: return std::uint64_t{word()} << 32 | word();
      default: return word() % 1'000;
    }
  };
  constexpr std::array Values = {0.0,
                                 -0.0,
                                 1.0,
                                 -7.0,
                                 0.1,
                                 1e300,
                                 5e-324,
                                 -1e-300,
                                 9007199254740992.0,
                                 9007199254740991.0,
                                 -9007199254740993.0,
                                 4e18,
                                 std::numeric_limits<double>::infinity(),
                                 -std::numeric_limits<double>::infinity(),
                                 std::numeric_limits<double>::max()};
  const auto pick = [&](const auto& words) { return words[word() % words.size()].value; };
  Event e;
  e.at = static_cast<Tick>(wide());
  e.arrived = word() % 2 == 0 ? e.at : static_cast<Tick>(wide());
  e.source_seq = wide();
  e.value = Values[word() % Values.size()];
  e.raw_offset = wide();
  e.raw_length = number();
  for (std::uint32_t* id : {&e.source, &e.lot, &e.wafers, &e.carrier, &e.tool, &e.chamber, &e.route,
                            &e.step, &e.visit, &e.recipe, &e.job, &e.item}) {
    *id = number();
  }
  e.kind = pick(kinds());
  e.unit = pick(units());
  e.quality = pick(qualities());
  return e;
}

// The header of such a log. Some of the names need care in every text format.
inline LogHeader example_header() {
  LogHeader header{.time_zero_ms = 1'514'764'800'000,  // 2018-01-01T00:00:00Z
                   .model_version = "example 1",
                   .seed = 7,
                   .configuration_hash = 0x0123'4567'89AB'CDEF,
                   .names = {}};
  Names& names = header.names;
  names.add(Table::Source, "model");
  names.add(Table::Lot, "plain");
  names.add(Table::Lot, "with, comma");
  names.add(Table::Lot, "with \"quotes\" & <angles>");
  names.add(Table::Lot, "#4");
  names.add(Table::Lot, "##5");
  names.add(Table::Lot, "two\r\nlines");
  names.add(Table::Lot, " blanks ");
  names.add(Table::Lot, "back\\slash");
  names.add(Table::Lot, "Wafer-Ä-晶圆");
  names.add(Table::Lot, "not UTF-8: \xFF\xC0\x80");
  for (const char* tool : {"ETCH-01", "ETCH-02", "LITHO-01"}) names.add(Table::Tool, tool);
  names.add(Table::Chamber, "ETCH-01/A");
  names.add(Table::Chamber, "ETCH-01/B");
  names.add(Table::Carrier, "FOUP-1");
  names.add(Table::Route, "Route_3");
  names.add(Table::Route, "Route_4");
  names.add(Table::Recipe, "poly, main etch");
  names.add(Table::Item, "thickness");
  return header;
}

}  // namespace twin::event
