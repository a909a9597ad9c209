// What has been heard of each source's own numbering: up to where, and what is missing in between.
#pragma once
#include <cstdint>
#include <utility>
#include <vector>

#include "twin/core/tick.hpp"
#include "twins/fab/live/clock_error.hpp"

namespace twins::fab::live {

using twin::core::Tick;

// One counting of one source: from its first number on, without those that are missing.
struct Counting {
  std::uint32_t epoch = 0;
  // Heard, rising, not touching: [first, second). What lies between two of them is missing.
  std::vector<std::pair<std::uint64_t, std::uint64_t>> heard = {};
  bool operator==(const Counting&) const = default;
  template <class A>
  static void fields(A& a, auto& self) {
    a("epoch", self.epoch);
    a("heard", self.heard);
  }
};

struct Hearing {
  std::vector<Counting> countings = {};  // by epoch
  Tick last_at = 0, last_arrived = 0;    // [tick] of the newest message, put right and by our clock
  std::uint64_t messages = 0, repeated = 0;
  ClockError clock = {};
  bool operator==(const Hearing&) const = default;
  template <class A>
  static void fields(A& a, auto& self) {
    a("countings", self.countings);
    a("last_at", self.last_at);
    a("last_arrived", self.last_arrived);
    a("messages", self.messages);
    a("repeated", self.repeated);
    a("clock", self.clock);
  }

  enum class Heard : std::uint8_t { New, Repeated };
  // The largest number that can be is none: it counts as repeated.
  Heard hear(std::uint32_t epoch, std::uint64_t seq);
  // Messages that are known to be missing: between the first and the last heard of each counting.
  [[nodiscard]] std::uint64_t missing() const;
};

// A source with holes in its numbering, for whoever asks for them again or says so.
struct Gap {
  std::uint32_t source = 0, epoch = 0;
  std::uint64_t from = 0, until = 0;  // missing numbers [from, until)
  bool operator==(const Gap&) const = default;
};
std::vector<Gap> gaps(const std::vector<Hearing>& sources);  // [source]

}  // namespace twins::fab::live
