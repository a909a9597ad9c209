// The computer's clocks, for programs: the engine reads none.
#pragma once
#include <chrono>
#include <cstdint>

namespace apps::fabtwin {

// [ms since 1970-01-01T00:00:00Z]
inline std::int64_t real_ms() {
  using namespace std::chrono;
  return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

// [ms] of a clock that nobody sets: for timeouts.
inline std::int64_t line_ms() {
  using namespace std::chrono;
  return duration_cast<milliseconds>(steady_clock::now().time_since_epoch()).count();
}

}  // namespace apps::fabtwin
