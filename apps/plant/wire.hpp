// The network between the plant's sources and one who listens, simulated: each source keeps what it
// has said until it is acknowledged, and says it again. Virtual clock, by seed, no sockets.
#pragma once
#include <cstdint>
#include <deque>
#include <functional>
#include <vector>

#include "apps/plant/faults.hpp"
#include "apps/plant/source.hpp"
#include "twin/core/draw.hpp"

namespace apps::plant {

struct WireOptions {
  std::uint64_t seed = 1;
  Faults faults = {};
  std::uint32_t window = 8;  // messages of a source under way at once
  // [ms] without acknowledgement it is sent again, and after twice that once more, up to RetryMost
  // times that: one who cannot answer is not buried in repetitions.
  Tick retry_ms = 10'000;
  static constexpr Tick RetryMost = 16;
  std::size_t spool_max = 1'000'000;  // messages of a source; what it says beyond is lost
};

struct Ticket {  // what an acknowledgement speaks of
  std::uint32_t source = 0;
  std::uint32_t line = 0;   // which of the source's connections
  std::uint64_t index = 0;  // of the message among all of its source
};

struct Delivery {
  Tick at = 0;                       // [tick] when the last byte comes in
  const Message* message = nullptr;  // valid during the call
  bool corrupt = false;              // the bytes are broken: a parser refuses them
  std::uint32_t damage = 0;          // how: a random word
  Ticket ticket;
};

class Wire {
 public:
  using Receive = std::function<void(const Delivery&)>;

  Wire(std::uint32_t sources, WireOptions options, OnFault on_fault = {});

  // A source says something at message.at, which is not before now() nor before the last offer.
  void offer(Message message);

  // All that happens up to `until` [tick]; `receive` is called for what comes in, in order of time.
  void run_until(Tick until, const Receive& receive);

  // The listener has it for good, from within `receive` or later, at the time of the wire or after
  // it. An unknown or a second one is nothing.
  void acknowledge(const Ticket& ticket, Tick at);

  // The listener is gone: all lines are down until `back` [tick], nothing under way arrives.
  void hang_up(Tick at, Tick back);

  [[nodiscard]] Tick now() const { return now_; }
  [[nodiscard]] std::size_t waiting() const { return waiting_; }  // messages not yet acknowledged
  // [tick] `at` of the oldest message that is not yet acknowledged; Never: none is.
  [[nodiscard]] Tick settled() const;
  [[nodiscard]] bool up(std::uint32_t source) const { return lines_[source].up; }

  struct Counts {
    std::uint64_t sent = 0, delivered = 0, acknowledged = 0;  // transmissions, and messages
    std::uint64_t lost_spool = 0;                             // messages that no spool had room for
  };
  [[nodiscard]] const Counts& counts() const { return counts_; }

 private:
  enum class Does : std::uint8_t { Deliver, Ack, Retry, Down, Up };
  struct Happening {
    Tick at = 0;
    std::uint64_t order = 0;  // breaks ties
    std::uint64_t index = 0;
    std::uint32_t source = 0;
    std::uint32_t line = 0;
    std::uint32_t damage = 0;
    Does does = Does::Deliver;
    bool corrupt = false;
  };
  struct Kept {
    Message message;
    Tick sent = -1;  // [tick] last; -1: not under way
    Tick wait = 0;   // [tick] from then on for the acknowledgement
    bool done = false;
  };
  struct Line {
    std::size_t waiting = 0;      // not yet acknowledged
    std::deque<Kept> spool;       // not yet acknowledged, and what stands between
    std::uint64_t first = 0;      // index of spool.front()
    std::uint64_t next = 0;       // index of the first that was not yet sent on this line
    std::uint32_t under_way = 0;  // sent on this line and not acknowledged
    std::uint32_t line = 0;       // which connection
    std::uint32_t sent = 0, acks = 0, cuts = 0;  // occasions of draws
    Tick cut_until = 0;                          // [tick] it is down at least until then
    bool up = true;
  };

  void push(Happening what);
  void handle(const Happening& h, const Receive& receive);
  void send_on(std::uint32_t source);
  void transmit(std::uint32_t source, std::uint64_t index);
  void take_ack(const Happening& h);
  void go_down(std::uint32_t source, Tick back);
  void plan_cut(std::uint32_t source);
  [[nodiscard]] Tick way(std::uint32_t word) const;
  void say(Fault::Kind kind, std::uint32_t source, const Message* m, double value = 0.0) const;

  WireOptions options_;
  OnFault on_fault_;
  twin::core::Draw draw_;
  std::vector<Line> lines_;  // [source]
  std::vector<Happening> heap_;
  std::deque<Message> offered_;  // not yet said, by time
  Tick linger_ = 0;              // [tick] so long after its sending a copy may still arrive
  Tick now_ = 0;
  std::uint64_t order_ = 0;
  std::size_t waiting_ = 0;
  Counts counts_;
};

}  // namespace apps::plant
