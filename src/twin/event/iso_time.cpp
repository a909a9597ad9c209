// ISO 8601 text of ticks; the calendar is the standard library's (proleptic Gregorian).
#include "twin/event/iso_time.hpp"

#include <chrono>
#include <cstring>

namespace twin::event {
namespace {

constexpr std::int64_t DayMs = 86'400'000;
constexpr std::int64_t FirstMs = -62'167'219'200'000;  // 0000-01-01T00:00:00.000Z
constexpr std::int64_t LastMs = 253'402'300'799'999;   // 9999-12-31T23:59:59.999Z

void put_digits(char* out, unsigned value, int digits) {
  for (int k = digits - 1; k >= 0; --k, value /= 10) out[k] = static_cast<char>('0' + value % 10);
}

// The number that `count` digits at `at` spell, -1 where there are others.
int digits_at(std::string_view text, std::size_t at, std::size_t count) noexcept {
  if (text.size() < at + count) return -1;
  int value = 0;
  for (std::size_t k = at; k < at + count; ++k) {
    if (text[k] < '0' || text[k] > '9') return -1;
    value = value * 10 + (text[k] - '0');
  }
  return value;
}

}  // namespace

bool IsoTime::write(core::Tick at, char* out) {
  std::int64_t ms = 0;
  if (__builtin_add_overflow(time_zero_ms_, at, &ms) || ms < FirstMs || ms > LastMs) return false;
  const std::int64_t day = (ms >= 0 ? ms : ms - (DayMs - 1)) / DayMs;
  if (day != day_) {
    using namespace std::chrono;
    const year_month_day date{sys_days{days{static_cast<int>(day)}}};
    put_digits(date_, static_cast<unsigned>(static_cast<int>(date.year())), 4);
    date_[4] = '-';
    put_digits(date_ + 5, static_cast<unsigned>(date.month()), 2);
    date_[7] = '-';
    put_digits(date_ + 8, static_cast<unsigned>(date.day()), 2);
    date_[10] = 'T';
    day_ = day;
  }
  const auto of_day = static_cast<unsigned>(ms - day * DayMs);
  std::memcpy(out, date_, 11);
  put_digits(out + 11, of_day / 3'600'000, 2);
  out[13] = ':';
  put_digits(out + 14, of_day / 60'000 % 60, 2);
  out[16] = ':';
  put_digits(out + 17, of_day / 1'000 % 60, 2);
  out[19] = '.';
  put_digits(out + 20, of_day % 1'000, 3);
  out[23] = 'Z';
  return true;
}

std::optional<std::int64_t> parse_iso_time(std::string_view text) noexcept {
  using namespace std::chrono;
  if (text.size() < 20 || text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' ||
      text[16] != ':') {
    return std::nullopt;
  }
  const int y = digits_at(text, 0, 4), mo = digits_at(text, 5, 2), d = digits_at(text, 8, 2);
  const int h = digits_at(text, 11, 2), mi = digits_at(text, 14, 2), s = digits_at(text, 17, 2);
  if (y < 0 || mo < 0 || d < 0 || h < 0 || h > 23 || mi < 0 || mi > 59 || s < 0 || s > 59) {
    return std::nullopt;
  }
  const year_month_day date{year{y}, month{static_cast<unsigned>(mo)},
                            day{static_cast<unsigned>(d)}};
  if (!date.ok()) return std::nullopt;
  std::int64_t ms = sys_days{date}.time_since_epoch().count() * DayMs +
                    (std::int64_t{h} * 60 + mi) * 60'000 + s * 1'000;
  std::size_t at = 19;
  if (text[at] == '.') {
    int scale = 100;
    std::size_t digits = 0;
    for (++at; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, ++digits) {
      if (digits >= 3 && text[at] != '0') return std::nullopt;
      ms += (text[at] - '0') * scale;
      scale /= 10;
    }
    if (digits == 0) return std::nullopt;
  }
  const std::string_view zone = text.substr(at);
  if (zone == "Z") return ms;
  const int zone_h = digits_at(zone, 1, 2), zone_m = digits_at(zone, 4, 2);
  if (zone.size() != 6 || (zone[0] != '+' && zone[0] != '-') || zone[3] != ':' || zone_h < 0 ||
      zone_h > 23 || zone_m < 0 || zone_m > 59) {
    return std::nullopt;
  }
  const std::int64_t offset_ms = (std::int64_t{zone_h} * 60 + zone_m) * 60'000;
  return zone[0] == '+' ? ms - offset_ms : ms + offset_ms;
}

}  // namespace twin::event
