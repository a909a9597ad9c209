// Everything that ever came in from outside, in order. A twin is a left fold over it, so whoever
// has the model and the record has the twin. This is the record in memory; src/twin/record makes it
// last.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "twin/core/expect.hpp"
#include "twin/core/tick.hpp"

namespace twin::core {

struct Advance {  // time has passed
  Tick until = 0;
  bool operator==(const Advance&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("until", self.until);
  }
};

struct Observation {                     // something was seen
  Tick at = 0;                           // when it was so, as well as it is known: clock, put right
  Tick arrived = 0;                      // when it came in
  Tick clock = 0;                        // what the sensor's own clock said it was
  std::uint32_t sensor = 0;              // the twin's own numbering
  std::uint32_t epoch = 0;               // how often the sensor has begun to count anew
  std::uint64_t sensor_seq = 0;          // the sensor's own counter: gaps and duplicates show
  std::vector<double> values = {};       // in the sensor's units
  std::vector<std::uint8_t> event = {};  // encoded canonical events; empty if the values say all
  std::vector<std::uint8_t> raw = {};    // the bytes as they came; empty if none are kept
  bool operator==(const Observation&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("at", self.at);
    archive("arrived", self.arrived);
    archive("clock", self.clock);
    archive("sensor", self.sensor);
    archive("epoch", self.epoch);
    archive("sensor_seq", self.sensor_seq);
    archive("values", self.values);
    archive("event", self.event);
    archive("raw", self.raw);
  }
};

struct Action {  // something was decided and done
  Tick at = 0;
  std::uint32_t kind = 0;  // the twin's own numbering
  std::uint32_t on = 0;    // the thing it is done to: a lot, a tool
  std::vector<double> values = {};
  bool operator==(const Action&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("at", self.at);
    archive("kind", self.kind);
    archive("on", self.on);
    archive("values", self.values);
  }
};

struct Correction {  // late or amended data
  std::optional<std::uint64_t> amends =
      {};                // index of the entry it replaces; nothing: it was missing
  Observation now = {};  // what should have come
  bool operator==(const Correction&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("amends", self.amends);
    archive("now", self.now);
  }
};

struct Note {  // all else that must last: approvals, quarantine, configuration, work budgets
  Tick at = 0;
  std::string kind = {};
  std::string text = {};
  bool operator==(const Note&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("at", self.at);
    archive("kind", self.kind);
    archive("text", self.text);
  }
};

using Entry = std::variant<Advance, Observation, Action, Correction, Note>;

struct Head {  // what the entries mean nothing without
  std::uint64_t seed = 0;
  std::string model_version = {};
  std::uint64_t configuration = 0;  // hash of the model's configuration
  bool operator==(const Head&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("seed", self.seed);
    archive("model_version", self.model_version);
    archive("configuration", self.configuration);
  }
};

class Record {  // append-only
 public:
  Record() = default;
  explicit Record(Head head) : head_(std::move(head)) {}

  [[nodiscard]] const Head& head() const { return head_; }
  [[nodiscard]] std::span<const Entry> entries() const& { return entries_; }
  std::span<const Entry> entries() const&& = delete;  // it would outlive the record
  [[nodiscard]] std::size_t size() const { return entries_.size(); }
  std::size_t append(Entry entry) {  // answers its index
    entries_.push_back(std::move(entry));
    return entries_.size() - 1;
  }

  bool operator==(const Record&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("head", self.head_);
    archive("entries", self.entries_);
  }

 private:
  Head head_;
  std::vector<Entry> entries_;
};

}  // namespace twin::core
