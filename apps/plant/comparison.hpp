// What a twin believes of a plant at an instant against what was so, place by place. How much is
// demanded is one choice; what is left out is what the twin itself calls uncertain then, never what
// only the plant can know.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "twin/event/event.hpp"
#include "twins/fab/live/live.hpp"
#include "twins/fab/view.hpp"

namespace apps::plant {

using twins::fab::Tick;

// The view with the plant's own numbers of lots ("L42" is 42), by those numbers. A lot of another name
// keeps the number that it has.
twins::fab::View in_plant_numbers(twins::fab::View view, const twins::fab::live::Dialect& dialect);

// What an audit demands.
// Everything: the whole view with every time, the order of every job and queue.
// Places: the same without times, which clocks that are wrong shift.
// Certain: of the places those that the twin calls certain. Left out are lots and tools that it
//   doubts (Follower::doubted), what happens within the error of its source's clock from the instant
//   (Follower::clock_error), and the order of lots that came to a queue within that error.
enum class Demand : std::uint8_t { Everything, Places, Certain };

struct Instant {  // awaits its audit
  Tick at = 0;
  twins::fab::View truth = {};
};

struct Audit {
  Tick at = 0;
  std::size_t lots = 0, tools = 0;     // compared
  std::size_t in_flight = 0;           // lots and tools not compared
  std::size_t doubted = 0;             // nor these, since the twin doubts them
  std::size_t doubted_lots_wrong = 0;  // of those, lots that are indeed elsewhere
  std::size_t tools_out = 0;           // tools not compared
  std::size_t lots_wrong = 0, tools_wrong = 0;
  std::size_t queues_wrong = 0;  // order of lots that wait
  Tick behind = 0;               // [tick] until all that had been said was in
  std::string first = {};        // difference
};

class Comparison {
 public:
  // The layout must outlive it.
  explicit Comparison(const twins::fab::Layout& layout, Demand demand = Demand::Certain);

  // Each true event, in the order of their times, numbered by EventNames; for Demand::Certain.
  void happened(const twin::event::Event& e) {
    touched_.push_back({e.at, e.lot, e.tool, e.source});
  }

  // live: settled, and its ladder reaches back to the instant.
  [[nodiscard]] Audit audit(twins::fab::live::Follower& follower,
                            const twins::fab::live::Live& live, const Instant& instant) const;

 private:
  struct Touched {
    Tick at = 0;
    std::uint32_t lot = twins::fab::None, tool = twins::fab::None, source = twins::fab::None;
  };
  struct Belief;
  void set_apart(Audit& a, const Belief& belief, twins::fab::View& mine, twins::fab::View& truth,
                 const Instant& instant) const;
  void count(Audit& a, const twins::fab::View& mine, const twins::fab::View& truth) const;

  const twins::fab::Layout& layout_;
  Demand demand_;
  std::vector<std::vector<std::string>>
      names_;  // [source of EventNames] what the plant may call it
  std::vector<Touched> touched_;
};

}  // namespace apps::plant
