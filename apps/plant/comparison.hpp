// What somebody believes of a plant at an instant against what was so: place by place, without the
// times that wrong clocks shift, without what moves at that very instant, and without what the plant
// itself has lied about.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "twin/event/event.hpp"
#include "twins/fab/live/dialect.hpp"
#include "twins/fab/view.hpp"

namespace apps::plant {

using twins::fab::Tick;

// The view with the plant's own numbers of lots ("L42" is 42), by those numbers. A lot of another name
// keeps the number that it has.
twins::fab::View in_plant_numbers(twins::fab::View view, const twins::fab::live::Dialect& dialect);

// What an audit demands.
// ApartFromClocks: places, phases and order, without times; what happens within `tolerance` of the
//   instant, and the order of lots that came to a queue so near to each other, is in flight.
// Everything: the whole view with every time, the order of every job, and of every queue but among
//   lots of equal priority that came at one tick or are due at one; nothing in flight. For faults
//   that leave clocks right and sources truthful.
enum class Demand : std::uint8_t { ApartFromClocks, Everything };

struct Instant {  // awaits its audit
  Tick at = 0;
  twins::fab::View truth = {};
};

struct Audit {
  Tick at = 0;
  std::size_t lots = 0, tools = 0;  // compared
  std::size_t in_flight = 0;        // lots and tools not compared
  std::size_t tools_out = 0;        // tools not compared
  std::size_t lied = 0;             // nor these: the plant has told something false of them
  std::size_t lots_wrong = 0, tools_wrong = 0;
  std::size_t queues_wrong = 0;  // order of lots that wait
  Tick behind = 0;               // [tick] until all that had been said was in
  std::string first = {};        // difference
};

class Comparison {
 public:
  // The layout must outlive it. tolerance [tick]: what does something so near to the instant, by
  // true time, is in flight; clocks are put right to about this.
  Comparison(const twins::fab::Layout& layout, Tick tolerance,
             Demand demand = Demand::ApartFromClocks)
      : layout_(layout), tolerance_(tolerance), demand_(demand) {}

  // From then on what it names is as the plant's lie has it.
  void lied(const twin::event::Event& e) { lies_.push_back({e.at, e.lot, e.tool}); }
  // Each true event, in the order of their times.
  void happened(const twin::event::Event& e) { touched_.push_back({e.at, e.lot, e.tool}); }

  // x: the fab as believed at instant.at, its lots numbered by `dialect`.
  [[nodiscard]] Audit audit(const twins::fab::State& x, const twins::fab::live::Dialect& dialect,
                            const Instant& instant) const;

 private:
  struct Touched {
    Tick at = 0;
    std::uint32_t lot = twins::fab::None, tool = twins::fab::None;
  };
  void set_apart(Audit& a, twins::fab::View& mine, twins::fab::View& truth,
                 const Instant& instant) const;
  void count(Audit& a, const twins::fab::View& mine, const twins::fab::View& truth) const;

  const twins::fab::Layout& layout_;
  Tick tolerance_;
  Demand demand_;
  std::vector<Touched> touched_, lies_;
};

}  // namespace apps::plant
