// Points in time and shown texts of provenance documents. Its times are the house's ISO 8601, which
// src/twin/event reads and writes for logs; this module lies beside that one and needs the little it
// needs itself.
#pragma once
#include <string>
#include <string_view>

#include "twin/core/tick.hpp"

namespace twin::record {

// "2018-01-01T00:00:00.000Z" of ms since 1970-01-01T00:00:00Z; years 0000..9999, else an Error.
std::string moment_of(core::Tick ms);

// Whether the text is a date and time of the Gregorian calendar with an offset (xsd:dateTime).
[[nodiscard]] bool is_moment(std::string_view text) noexcept;

// At most 80 bytes, control characters as '?': for messages.
std::string one_line(std::string_view text);

}  // namespace twin::record
