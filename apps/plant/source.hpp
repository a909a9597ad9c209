// Who tells what: each event of the fab becomes the message of one source, a tool's (or a group of
// tools') own link or the MES. A source numbers its messages, begins anew when it restarts, and has
// a clock of its own.
#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "apps/plant/faults.hpp"
#include "twin/event/event.hpp"
#include "twins/fab/layout.hpp"

namespace apps::plant {

// What stands in a message beside what happened.
enum class Told : std::uint8_t {
  True,
  Lie,    // instead of the truth, which is never told
  Ghost,  // beside the truth
};

struct Message {
  std::uint32_t source = 0;  // Sources' number
  std::uint32_t epoch = 0;   // how often the source has begun to count anew
  std::uint64_t seq = 0;     // the source's own counter, from 0 in each epoch
  Tick at = 0;               // [tick] when it was so, by true time
  Tick clock = 0;            // [ms since 1970] when it was so, by the source's clock
  twin::event::Event event;  // numbers as EventNames has them; at, arrived: true times [tick]
  Told told = Told::True;
  bool operator==(const Message&) const = default;
};

// What the plant has done wrong, for its own log.
struct Fault {
  enum class Kind : std::uint8_t {
    Dropped,
    AckDropped,
    Doubled,
    Reordered,
    Delayed,
    Corrupted,  // a transmission
    Cut,
    Restored,
    Rebooted,
    ClockSet,  // a source
    Lied,
    Ghosted,    // an event
    SpoolFull,  // a message is lost for ever
  };
  Kind kind = Kind::Dropped;
  Tick at = 0;  // [tick]
  std::uint32_t source = 0;
  std::uint32_t epoch = 0;  // of the message
  std::uint64_t seq = 0;    // of the message
  double value = 0.0;       // [ms] by how much, where that means something
  std::string text = {};    // of a lie: what was told instead
};
std::string_view to_string(Fault::Kind kind);
using OnFault = std::function<void(const Fault&)>;

// PerTool and PerGroup: how many links there are. The MES is the last source.
enum class Links : std::uint8_t { PerTool, PerGroup };

struct SourceOptions {
  Links links = Links::PerTool;
  std::int64_t time_zero_ms = 1'514'764'800'000;  // moment of tick 0 [ms since 1970]
  std::uint64_t seed = 1;
  Faults faults = {};
};

class Sources {
 public:
  struct Counter {  // all of a source that changes
    std::uint32_t epoch = 0;
    std::uint64_t seq = 0;     // of the next message
    std::uint64_t events = 0;  // told so far: the occasion of lies
    Tick next_reboot = 0;      // [tick]
    std::uint32_t steps = 0;   // of the clock, so far
    Tick next_step = 0;        // [tick]
    double offset_ms = 0.0;    // [ms] of the clock at time zero, and its steps so far
    double drift = 0.0;        // of the clock: ms a ms
    bool operator==(const Counter&) const = default;
    template <class Archive>
    static void fields(Archive& a, auto& self) {
      a("epoch", self.epoch);
      a("seq", self.seq);
      a("events", self.events);
      a("next_reboot", self.next_reboot);
      a("steps", self.steps);
      a("next_step", self.next_step);
      a("offset_ms", self.offset_ms);
      a("drift", self.drift);
    }
  };

  // The layout must outlive the sources.
  Sources(const twins::fab::Layout& layout, SourceOptions options, OnFault on_fault = {});

  [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(names_.size()); }
  [[nodiscard]] std::uint32_t mes() const { return size() - 1; }
  [[nodiscard]] Links links() const { return options_.links; }
  // "secs/Litho_FE_92#1", "secs/Litho_FE_92", "mqtt/mes"
  [[nodiscard]] const std::string& name(std::uint32_t source) const { return names_[source]; }
  [[nodiscard]] std::uint32_t source_of(const twin::event::Event& event) const;
  [[nodiscard]] std::int64_t time_zero_ms() const { return options_.time_zero_ms; }

  // What the source's clock shows at a true time [ms since 1970]: not before that of its last
  // message, which it may be set after. `shown` takes it as it was last set.
  [[nodiscard]] Tick clock(std::uint32_t source, Tick at);
  [[nodiscard]] Tick shown(std::uint32_t source, Tick at) const;

  // The messages that an event of the fab calls for, appended to `out`: one, or two with a ghost.
  // Events come in the order of the fab's log.
  void tell(const twin::event::Event& event, std::vector<Message>& out);

  // A restart by command or of the whole plant: all messages from `at` on count anew.
  void reboot(std::uint32_t source, Tick at);

  [[nodiscard]] const std::vector<Counter>& counters() const { return counters_; }  // [source]
  void take_up(std::vector<Counter> counters);  // throws twin::core::Error where they do not fit

 private:
  void keep_time(std::uint32_t source, Tick at);
  [[nodiscard]] Message message(std::uint32_t source, const twin::event::Event& event);
  twin::event::Event wrong(const twin::event::Event& event, std::uint32_t word, std::string& how);
  void say(Fault fault) const {
    if (on_fault_) on_fault_(fault);
  }

  const twins::fab::Layout& layout_;
  SourceOptions options_;
  OnFault on_fault_;
  std::vector<std::string> names_;  // [source]
  std::vector<Counter> counters_;   // [source]
};

}  // namespace apps::plant
