// The one door for all that comes from outside: each message is checked, numbered, put right in
// time, appended to the record, and answered only when the record is durable. What is wrong with a
// message is said in the record; nothing is lost and nothing is taken twice. No clock, no socket.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "twin/core/record.hpp"
#include "twin/event/names.hpp"
#include "twin/event/packed.hpp"
#include "twin/link/arrival.hpp"
#include "twin/link/clock_offset.hpp"
#include "twin/link/door_memory.hpp"
#include "twin/link/quality.hpp"
#include "twin/link/sink.hpp"
#include "twin/record/recorder.hpp"

namespace twin::link {

// What an Observation of a live site holds: `sensor` is the source's number among Table::Source;
// `at` is its clock put right; its events' `at` are put right by the same, their names are the
// record's (learnt from Notes "names"), their `source` and `source_seq` are the message's own. A
// quarantined message is a Note "quarantine" (reason, words, packed events in hexadecimal) and an
// Observation without `event`, whose `raw` is whole; one that a person releases is a Note "release"
// and a Correction of it.
//
// Texts of the Notes, fields by tabs, a line each:
//   names       table  id  name
//   quarantine  source  epoch  seq  reason  words  events
//   release     index of the observation  who  why
//   gap         source  epoch  first  last  ("open" | "closed" | "jump")
//   alarm       "skew"  source  ("raised" | "cleared")  offset_ms
//   clock       source  asked  answered  clock

struct DoorOptions {
  QualityOptions quality = {};
  ClockOptions clock = {};
  core::Tick gap_grace_ms = 2'000;     // a hole is noted in the record when it stays so long
  core::Tick stale_after_ms = 60'000;  // a source not heard for so long is stale
  // Sources whose clock is no clock of now: files. Their times are taken as they are.
  std::string replayed_prefix = "file/";
  std::uint32_t unreadable_per_second_max = 100;  // of a source; more are counted, not kept
  std::size_t waiting_max = 65'536;  // messages appended and not durable; more are refused
};

// The same options where the site's time runs so many times as fast as ours: what transit, pauses of
// this machine and waiting for others take is longer in its time.
[[nodiscard]] DoorOptions at_speed(DoorOptions options, double speed);

struct Gap {  // numbers of a source that did not come
  std::string source = {};
  std::uint32_t epoch = 0;
  SeqRange missing = {};
  core::Tick since = 0;  // when the hole was seen first [ms since 1970]
  bool operator==(const Gap&) const = default;
};

struct SourceState {
  std::string name = {};
  core::Tick last_heard = 0;  // [ms since 1970]
  core::Tick age_ms = 0;      // since then
  bool stale = false;         // longer than the limit
  core::Tick offset_ms = 0;   // of our clock from the source's, as it is corrected
  bool skewed = false;        // beyond the limit, or a reading that cannot be
  std::uint64_t accepted = 0, quarantined = 0, duplicates = 0;
  std::uint64_t missing = 0;  // numbers in holes that are open now
  std::uint64_t jumps = 0;
};

struct DoorCounts {  // since the door was opened
  std::uint64_t accepted = 0, duplicates = 0, quarantined = 0, refused = 0;
  std::uint64_t unreadable = 0, unreadable_dropped = 0;  // the second: beyond the limit a second
  std::uint64_t gaps_opened = 0, gaps_closed = 0;        // numbers that were missed, and that came
};

enum class Release : std::uint8_t {
  Made,
  Unknown,   // no quarantined message has this observation
  Already,   // was released before
  NoEvents,  // could not be read, so there is nothing to take
  Full,      // the record cannot take it now
};

// The time of a message by our clock, as the source's memory, which learns from it, knows.
core::Tick put_right(SourceMemory& memory, const core::Observation& o, const ClockOptions& options);

class Door {
 public:
  // The recorder must outlive the door, and nobody else may append observations to it.
  explicit Door(record::Recorder& recorder, DoorOptions options = {});

  // For an adapter whose events are numbered by `names`; both must outlive what it returns.
  [[nodiscard]] Sink inlet(const event::Names& names);
  // Answers at once what `done` is told when that lasts.
  Taken take(Arrival&& arrival, const event::Names& names, Done done);
  // A message that no events could be made of; kept with its reason, so that nothing is dropped in
  // silence. At most 64 KiB of the bytes are kept.
  void unreadable(const Arrival& arrival, std::string_view why);

  // The first `entries` entries of the record are durable: answers whoever waited for them.
  void on_durable(std::uint64_t entries);
  [[nodiscard]] std::size_t waiting() const { return waiting_.size(); }
  // Adapters that see this stop reading, so that their sources wait.
  [[nodiscard]] bool full() const { return waiting_.size() >= options_.waiting_max; }
  void close();  // whoever waits is refused, and so is all that comes later

  // Time has passed: writes what only time shows (gaps that stay open, skewed clocks). Call it
  // about once a second.
  void pass(core::Tick now);
  void clock_answer(std::string_view source, const ClockAnswer& answer);

  [[nodiscard]] std::vector<Gap> gaps(std::size_t most = 1'000) const;
  [[nodiscard]] std::vector<SourceState> sources(core::Tick now) const;
  [[nodiscard]] std::optional<SourceState> source(std::string_view name, core::Tick now) const;
  [[nodiscard]] DoorCounts counts() const { return counts_; }
  [[nodiscard]] const event::Names& names() const { return memory_.names; }

  [[nodiscard]] const std::deque<Quarantined>& quarantine() const { return memory_.quarantine; }
  // Reads an entry of the record again; nothing where there is none.
  using EntryAt = std::function<std::optional<core::Entry>(std::uint64_t index)>;
  struct Releasing {
    std::uint64_t observation = 0;  // its index in the record
    std::string who = {}, why = {};
    core::Tick now = 0;
  };
  [[nodiscard]] Release release(const Releasing& releasing, const EntryAt& entry_at);

  // Recovery: the memory of a snapshot, then every later entry of the record, in order.
  void restore(DoorMemory memory);
  // twin::core::Error for a message of a source that has no name.
  void learn(const core::Entry& entry);
  [[nodiscard]] const DoorMemory& memory() const { return memory_; }

 private:
  struct Waiting {
    std::uint64_t entries = 0;  // durable when the record has so many
    Taken taken = Taken::Refused;
    Done done = {};
  };
  struct Number {  // what one of an adapter's names is here
    std::uint32_t ours = event::None;
    Fault fault = Fault::None;
  };
  using Numbers = std::array<std::vector<Number>, event::TableCount>;  // [table][theirs]
  struct Burst {
    core::Tick second = 0;
    std::uint32_t count = 0;
  };

  [[nodiscard]] std::uint32_t source_number(const std::string& name);
  SourceMemory& source_memory(std::uint32_t source);
  Finding translate(const Arrival& arrival, const event::Names& names, std::uint32_t source);
  Finding number(event::Table table, std::uint32_t& id, const event::Names& names);
  [[nodiscard]] bool note_names(core::Tick at);
  [[nodiscard]] bool note(core::Note note);
  Taken accept(Arrival&& arrival, std::uint32_t source, Done done);
  Taken set_aside(Arrival&& arrival, std::uint32_t source, const Finding& finding, Done done);
  Taken refuse(Done done);
  Taken answer(Taken taken, Done done);
  void remember(const core::Observation& o, Fault fault);
  void learn_note(const core::Note& note, std::uint64_t index);
  bool learn_aside(const core::Observation& o, std::uint64_t index);
  void learn_quarantine(const core::Note& note, std::uint64_t index);
  bool trusted(std::uint32_t source) const;
  void pass(std::uint32_t source, core::Tick now);
  [[nodiscard]] SourceState state_of(std::uint32_t source, core::Tick now) const;

  record::Recorder& recorder_;
  DoorOptions options_;
  DoorMemory memory_;
  DoorCounts counts_;
  std::uint64_t durable_ = 0;  // entries
  bool closed_ = false;
  std::deque<Waiting> waiting_;
  std::vector<std::uint64_t> duplicates_;                         // [source]
  std::vector<std::pair<std::uint32_t, OpenHole>> closed_holes_;  // to be noted, by source
  std::unordered_map<std::string, Burst> bursts_;                 // of what cannot be read
  std::unordered_map<const event::Names*, Numbers> numbers_;      // theirs -> ours
  ClockOffset clock_before_;                                      // scratch
  event::Packer packer_;
  std::vector<event::Event> events_;  // of the message at hand, numbered by us
};

}  // namespace twin::link
