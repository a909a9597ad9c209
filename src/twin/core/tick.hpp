// Time is an integer: a twin's clock never rounds, and equal times compare equal.
#pragma once
#include <cstdint>
#include <limits>

namespace twin::core {

using Tick = std::int64_t;  // [model's own unit; the fab: 1 ms] since the model's time zero

inline constexpr Tick Never = std::numeric_limits<Tick>::max();  // later than every event

}  // namespace twin::core
