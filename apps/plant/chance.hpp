// The names of the plant's randomness ("what" of a Draw). The plant draws as a member that no
// simulation is, so that a twin with the same seed does not share its luck.
#pragma once
#include <cstdint>

#include "twin/core/draw.hpp"
#include "twin/core/tick.hpp"
#include "twin/math/elementary.hpp"

namespace apps::plant {

inline constexpr std::uint32_t PlantMember = 0x8000'0000U;

// what: who, occasion. Numbers below 1000 are the fab model's.
enum class Chance : std::uint32_t {
  Theta = 1000,      // parameter, 0
  NextHold = 1001,   // operator, k
  HeldLot = 1002,    // operator, k
  HoldTime = 1003,   // operator, k
  Clock = 1010,      // source, 0: words {offset, offset, drift, drift}
  ClockStep = 1011,  // source, k: words {interval, interval, size, sign}
  Reboot = 1012,     // source, epoch
  Lie = 1013,        // source, number of the event: words {lie?, ghost?, which, how}
  Way = 1020,        // source, transmission: words {lost?, latency, delayed?, delay}
  WayTwo = 1021,     // source, transmission: words {twice?, latency of the second, reordered?, by}
  WayThree = 1022,   // source, transmission: words {corrupt?, how, where, -}
  AckWay = 1023,     // source, acknowledgement: words {lost?, latency, -, -}
  Cut = 1024,        // source, k: words {until the next, until the next, lasts, lasts}
};

// An exponential time of this mean [tick], at least 1, from a uniform in (0, 1).
inline twin::core::Tick exponential(double mean, double u) {
  return 1 + static_cast<twin::core::Tick>(-mean * twin::math::log(u));
}

}  // namespace apps::plant
