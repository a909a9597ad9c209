// The time of a site: the one clock that all of a live twin goes by. At a real fab it is the
// computer's; beside an accelerated plant it is the plant's, an affine map of the computer's.
#pragma once
#include <cmath>
#include <cstdint>

#include "twin/core/tick.hpp"

namespace apps::fabtwin::serve {

struct SiteClock {
  twin::core::Tick zero_ms = 0;      // site time at the start [ms since 1970]
  std::int64_t started_real_ms = 0;  // the computer's clock then [ms since 1970]
  double speed = 1.0;                // site seconds a real second
  bool operator==(const SiteClock&) const = default;

  // Site time [ms since 1970] when the computer's clock says real_ms.
  [[nodiscard]] twin::core::Tick at(std::int64_t real_ms) const {
    return zero_ms + static_cast<twin::core::Tick>(
                         std::floor(static_cast<double>(real_ms - started_real_ms) * speed));
  }
  // What the computer's clock says at a moment of the site.
  [[nodiscard]] std::int64_t real_ms(twin::core::Tick site_ms) const {
    return started_real_ms +
           static_cast<std::int64_t>(std::floor(static_cast<double>(site_ms - zero_ms) / speed));
  }
  // Real milliseconds until the site's clock says `site_ms`; 0 where it has passed.
  [[nodiscard]] std::int64_t wait_ms(twin::core::Tick site_ms, std::int64_t real_ms) const {
    const auto left = static_cast<double>(site_ms - at(real_ms));
    return left <= 0.0 ? 0 : static_cast<std::int64_t>(std::ceil(left / speed));
  }
};

// The computer's clock as it is: at speed 1 from 1970 on.
inline constexpr SiteClock RealTime{};

}  // namespace apps::fabtwin::serve
