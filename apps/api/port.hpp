// What the desk asks of the twin behind it: plain functions, so that the API knows nothing of fabs, and tests
// and fuzzing put something small there. All JSON that goes through is one object.
#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "apps/api/bodies.hpp"
#include "apps/api/scenario.hpp"
#include "twin/core/record.hpp"

namespace apps::api {

enum class Topic : std::uint8_t {
  State,
  Lots,
  Lot,
  Groups,
  Group,
  Tool,
  Series,
  Forecasts,
  Metrics,
  Alarms,
  Fab,
  Tools,
  Jobs,
  Scores,
  Doubts,
  Quarantine,
  Provenances,
  Provenance,
  Entry,
  Moments,
  Wafers,
  WaferMaps
};

struct Reading {
  Topic topic = Topic::State;
  std::string name = {};  // of the lot, group, tool, forecast or entry
  std::vector<std::pair<std::string, std::string>> query = {};  // as the table of routes allows it
  Tick now = 0;                                                 // [ms since 1970]
};

struct Outcome {  // of a scenario
  ScenarioStage stage = ScenarioStage::Waiting;
  std::string json = {};                              // where it is done
  std::optional<people::Recommendation> edited = {};  // of a trial that is done
  std::string why = {};                               // where it failed
};

struct TwinPort {
  // Appends the note to the record, at once and in order. Throws core::Error where that is impossible now.
  std::function<void(const twin::core::Note&)> record = {};
  // Entries of the trail in the record, in order, from a number on; fewer than `most` only at its end.
  std::function<std::vector<twin::core::Note>(std::uint64_t from, std::size_t most)> trail = {};
  // Fingerprints of the whole state and of what this one depends on; asked once a tick for each that is open.
  std::function<people::Moment(const people::Recommendation&, Tick now)> moment = {};
  // Adds to what is proposed by hand what the twin alone knows: fingerprints, the guard's text. Where it is empty,
  // nothing.
  std::function<void(people::Recommendation&)> complete = {};
  // Why a step is refused that the rules allow, as the lines to the tools and the guard stand; empty: it is not.
  std::function<std::string(const people::Case* one, const people::Asked&)> objection = {};
  // JSON, of Metrics the text of Prometheus; nothing: there is no such thing. core::Error: a wrong query.
  std::function<std::optional<std::string>(const Reading&)> read = {};
  // Puts an alarm aside, in the record; `who` asks. core::Error: why not.
  std::function<void(const ShelfAsked&, const std::string& who, Tick now)> shelve = {};
  // Somebody has validated the twin again, in the record. core::Error: why not.
  std::function<void(const Validated&, const std::string& who, Tick now)> validated = {};
  // Somebody has seen what rings of one cause, in the record. core::Error: why not.
  std::function<void(const AlarmsSeen&, const std::string& who, Tick now)> acknowledge_alarms = {};
  // Begins a simulation under that name. Why it is not possible now; empty: it has begun.
  std::function<std::string(const std::string& id, const Scenario&)> simulate = {};
  std::function<std::string(const std::string& id, const people::Recommendation&, double value)>
      try_value = {};
  // Begins to fold the record again up to what had arrived by `at`, likewise.
  std::function<std::string(const std::string& id, Tick at)> go_back = {};
  std::function<Outcome(const std::string& id)> outcome = {};
  std::function<void(const std::string& id)> drop = {};  // nobody will ask for it any more
};

}  // namespace apps::api
