// Tools that people take out of work from a time until a time. The engine's own events do it, by the paths of
// breakdowns: a job inside is finished first or suspended as LayoutOptions::breakdown says, a maintenance under way is
// ended first, one that comes due waits. The tool's own breakdowns keep their draws and go on beside it.
#pragma once
#include <cstdint>
#include <span>

#include "twins/fab/state.hpp"

namespace twins::fab::decide {

struct Down {
  std::uint32_t tool = None;
  Tick from = 0, until = 0;  // [tick] the latter not included
  bool operator==(const Down&) const = default;

  template <class Archive>
  static void fields(Archive& a, auto& self) {
    a("tool", self.tool);
    a("from", self.from);
    a("until", self.until);
  }
};

// x: a simulation's State. What has begun already begins at x.now; what is over, or lasts for no time, changes nothing
// at all. Times of one tool that overlap or touch are one. Called once for a State: two calls could overlap.
void take_down(State& x, std::span<const Down> downs);

}  // namespace twins::fab::decide
