// From a GEM host's reports to arrivals at the door: source "secs/<tool>", the tool's own counter,
// epoch and clock, its canonical events, and the bytes as they came. Thin: what a report means is
// in the tool's file (tool/telling.hpp, tool/tracker.hpp).
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "twin/event/names.hpp"
#include "twin/link/arrival.hpp"
#include "twin/link/gem/host.hpp"
#include "twin/link/tool/tracker.hpp"

namespace twin::link::gem {

// An arrival, or why none could be made of the message; neither where it says nothing.
struct Read {
  std::optional<Arrival> arrival = {};
  Arrival unreadable = {};  // what is known of it, with its bytes
  std::string why = {};     // empty: it could be read
};

// What lasts beyond the process, beside the host's memory.
struct AdapterMemory {
  tool::Tracker tracker = {};
  std::uint32_t session = 0;    // the last that uncounted was counted in
  std::uint64_t uncounted = 0;  // messages of it that have no counter of the tool's
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("tracker", self.tracker);
    archive("session", self.session);
    archive("uncounted", self.uncounted);
  }
  bool operator==(const AdapterMemory&) const = default;
};

class Adapter {
 public:
  // The model must outlive it. `tool`: the name of the tool, as "LITHO_01".
  Adapter(const EquipmentModel& model, std::string tool, AdapterMemory memory = {});

  // A report that the host handed out (News::What::Report), or its snapshot. Names that its events
  // use are added to `names`. `sessions`: HostMemory's.
  //
  // Sources: "secs/TOOL" for S6F11, numbered by the tool; "secs/TOOL/trace/TRID" for S6F1, numbered
  // by its samples, an epoch each time that the trace was started; "secs/TOOL/host" for what the
  // tool does not number (alarms, snapshots, events without a counter): numbered as it came, so
  // that what such a tool sends twice is taken twice.
  [[nodiscard]] Read read(const News& news, std::uint32_t sessions, event::Names& names);

  // What became at once of the arrival that was read last. One that the record has already, or that
  // it did not take and that will come again, has told nothing.
  void became(Taken taken);

  [[nodiscard]] const AdapterMemory& memory() const { return memory_; }
  [[nodiscard]] const std::string& source() const { return source_; }

 private:
  void read_event(const secs::Message& m, event::Names& names, Read& read);
  void read_alarm(const secs::Message& m, event::Names& names, Read& read);
  void read_trace(const secs::Message& m, std::uint32_t sessions, event::Names& names, Read& read);
  void read_snapshot(const News& news, event::Names& names, Read& read);
  void number(Arrival& arrival, std::uint32_t sessions);

  const EquipmentModel* model_;
  std::string tool_, source_;
  AdapterMemory memory_, before_;      // before_: the message that was read last
  std::vector<std::uint32_t> status_;  // variables of the snapshot, in its order
};

}  // namespace twin::link::gem
