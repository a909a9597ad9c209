// What of a fab's State a forecast is about, counted at one instant: reality, its mirror and every member of a
// forecast are read by this one function, so that they can be compared.
#pragma once
#include <cstdint>
#include <vector>

#include "twins/fab/layout.hpp"
#include "twins/fab/state.hpp"

namespace twins::fab::forecast {

struct Count {
  Tick at = 0;
  // Lots of a group: those on their way to it, in its queue, held before it or inside its tools.
  std::vector<std::uint32_t> wip;          // [tool group] [lots]
  std::vector<std::uint32_t> queue;        // [tool group] [lots] in its queue
  std::vector<std::uint32_t> able;         // [tool group] [tools] neither down nor in maintenance
  std::vector<std::uint64_t> moves;        // [tool group] [lots] started so far
  std::vector<std::uint64_t> out, starts;  // [product] [lots] finished, released so far
  bool operator==(const Count&) const = default;

  template <class Archive>
  static void fields(Archive& a, auto& self) {
    a("at", self.at);
    a("wip", self.wip);
    a("queue", self.queue);
    a("able", self.able);
    a("moves", self.moves);
    a("out", self.out);
    a("starts", self.starts);
  }
};

// Into `to`, whose memory is used again.
void count(const Layout& layout, const State& x, Count& to);

// Lots of all groups of an area.
std::uint32_t wip_of_area(const Layout& layout, const Count& count, std::uint32_t area);

}  // namespace twins::fab::forecast
