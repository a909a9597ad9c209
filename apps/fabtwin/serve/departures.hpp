// The lots that left a fab lately, and what they came to beside what should have left.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "twin/core/tick.hpp"
#include "twins/fab/layout.hpp"
#include "twins/fab/live/live.hpp"

namespace apps::fabtwin::serve {

using twin::core::Tick;

// A lot that has left the fab.
struct Departure {
  Tick at = 0, released = 0, due = 0;        // [tick]; released = at: nobody knows more of it
  std::uint32_t product = twins::fab::None;  // None: likewise
  bool operator==(const Departure&) const = default;
  template <class A>
  static void fields(A& a, auto& self) {
    a("at", self.at);
    a("released", self.released);
    a("due", self.due);
    a("product", self.product);
  }
};

// What left the fab, and what should have.
struct Leavings {
  std::uint64_t out_day = 0, out_week = 0;  // [lots] finished in the last 24 h, 7 d
  std::uint64_t due_day = 0, due_week = 0;  // [lots] due in the last 24 h, 7 d, finished or not
  double cycle_days = 0.0;                  // mean of the lots finished in the last 7 d; 0: none
  double flow_factor = 0.0;  // of the same: their cycle times by their raw process times; 0: none
  std::optional<double> on_time = {};  // share of the same that left before they were due
  bool operator==(const Leavings&) const = default;
};

// What the newest rung before `at` tells of a lot that left then.
Departure departed(const twins::fab::Layout& layout, const twins::fab::live::Live& live,
                   std::uint32_t lot, Tick at);

// [product] [day] in an empty fab.
std::vector<double> raw_days(const twins::fab::Layout& layout);

// As of `now` [tick], of a fab that is believed to be x then. departed: those of the last 7 days.
Leavings leavings(std::span<const Departure> departed, std::span<const double> raw_days,
                  const twins::fab::State& x, Tick now);

}  // namespace apps::fabtwin::serve
