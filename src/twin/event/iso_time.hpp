// Points in time as ISO 8601 text (the RFC 3339 profile) in UTC and back, exact to the millisecond.
#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

#include "twin/core/tick.hpp"

namespace twin::event {

inline constexpr std::size_t IsoTimeLength = 24;  // "2018-01-01T00:00:00.000Z"

// Writes ticks as text. The day is kept between calls: a log's times mostly fall on the day of the
// one before.
class IsoTime {
 public:
  // time_zero_ms: the moment of tick 0 [ms since 1970-01-01T00:00:00Z].
  explicit IsoTime(std::int64_t time_zero_ms) : time_zero_ms_(time_zero_ms) {}

  // Writes IsoTimeLength characters at `out`; false (nothing written) where the year is not in
  // 0000..9999.
  [[nodiscard]] bool write(core::Tick at, char* out);

 private:
  std::int64_t time_zero_ms_;
  std::int64_t day_ = INT64_MIN;  // [days since 1970-01-01] that date_ shows
  char date_[11] = {};            // "2018-01-01T"
};

// [ms since 1970-01-01T00:00:00Z] of "2018-01-01T00:00:00.000Z". Any offset from UTC is read, none
// at all is not (it would be a guess), nor is a fraction finer than the millisecond.
[[nodiscard]] std::optional<std::int64_t> parse_iso_time(std::string_view text) noexcept;

}  // namespace twin::event
