// Durations as people write them in a settings file: "250 ms", "30 s", "5 min", "1.5 h", "7 d".
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "twin/core/tick.hpp"
#include "twin/sheet/sheet.hpp"

namespace apps::fabtwin::serve {

// [ms]
inline constexpr twin::core::Tick SecondMs = 1'000, MinuteMs = 60 * SecondMs,
                                  HourMs = 60 * MinuteMs, DayMs = 24 * HourMs;

// [ms]; nothing for what is no duration, or longer than 10,000 days.
std::optional<twin::core::Tick> parse_duration(std::string_view text);

// "90 s" -> "1.5 min": for people, three digits.
std::string duration_text(twin::core::Tick ms);

struct DurationRange {
  twin::core::Tick least = 0, most = 0;  // [ms] both belong to it
};

// What stands under the key, or the fallback. twin::core::Error with file and line.
twin::core::Tick duration(twin::sheet::Sheet& sheet, const std::string& key, DurationRange range,
                          std::string_view fallback);

}  // namespace apps::fabtwin::serve
