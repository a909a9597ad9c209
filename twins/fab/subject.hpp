// Of what an event of the fab speaks, and when it may be: one table for all that take events in, the
// mirror that needs every one and the tracker that does with some.
#pragma once
#include <cstdint>

#include "twin/core/tick.hpp"
#include "twin/event/event.hpp"

namespace twins::fab {

// Beyond it no time can be reckoned with: sums over lots stay within 64 bits. [ms], 317 years
inline constexpr twin::core::Tick LastTick = 10'000'000'000'000;

enum class Subject : std::uint8_t {
  Nothing,  // that a State holds: a measurement, an alarm, a command
  Lot,
  LotInTool,
  Tool
};
Subject subject_of(twin::event::Kind kind);

}  // namespace twins::fab
