// A tool's clock as its messages write it: 12 or 16 digits or ISO 8601, as its TimeFormat constant
// says (SEMI E5, item TIME), and back to milliseconds since 1970.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "twin/core/tick.hpp"

namespace twin::link::tool {

enum class TimeFormat : std::uint8_t {
  Short = 0,  // YYMMDDhhmmss: whole seconds; 70 to 99 are the years 1970 to 1999
  Long = 1,   // YYYYMMDDhhmmsscc: hundredths
  Iso = 2,    // 2018-01-01T00:00:00.000Z: milliseconds
};

// [ms since 1970-01-01T00:00:00Z] of any of the three, told apart by its form. `offset_minutes`: the
// tool's local time minus UTC, for texts that do not say their own. Nothing for what is no time.
[[nodiscard]] std::optional<core::Tick> parse_clock(std::string_view text,
                                                    int offset_minutes = 0) noexcept;

// Rounded down to what the format holds; nothing outside the years that it can write. The first two
// are local time.
[[nodiscard]] std::optional<std::string> clock_text(core::Tick at, TimeFormat format,
                                                    int offset_minutes = 0);

}  // namespace twin::link::tool
