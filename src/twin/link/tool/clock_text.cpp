#include "twin/link/tool/clock_text.hpp"

#include <algorithm>
#include <chrono>

#include "twin/event/iso_time.hpp"

namespace twin::link::tool {
namespace {

constexpr std::int64_t MinuteMs = 60'000;

int number(std::string_view digits) {
  int n = 0;
  for (const char c : digits) n = 10 * n + (c - '0');
  return n;
}

// "YYYYMMDDhhmmss" and hundredths.
std::optional<core::Tick> from_digits(int year, std::string_view rest) noexcept {
  using namespace std::chrono;
  const auto two = [&](std::size_t at) { return number(rest.substr(at, 2)); };
  const year_month_day date{std::chrono::year{year}, month{static_cast<unsigned>(two(0))},
                            day{static_cast<unsigned>(two(2))}};
  if (!date.ok() || two(4) > 23 || two(6) > 59 || two(8) > 59) return std::nullopt;
  const std::int64_t days = sys_days{date}.time_since_epoch().count();
  const std::int64_t seconds = ((days * 24 + two(4)) * 60 + two(6)) * 60 + two(8);
  return seconds * 1'000 + (rest.size() > 10 ? two(10) * 10 : 0);
}

bool all_digits(std::string_view text) noexcept {
  return std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

std::optional<core::Tick> parse_clock(std::string_view text, int offset_minutes) noexcept {
  while (!text.empty() && (text.back() == ' ' || text.back() == '\0')) text.remove_suffix(1);
  if ((text.size() == 12 || text.size() == 16 || text.size() == 14) && all_digits(text)) {
    const bool short_year = text.size() == 12;
    const int year = number(text.substr(0, short_year ? 2 : 4));
    const int whole = !short_year ? year : year < 70 ? 2000 + year : 1900 + year;
    const auto local = from_digits(whole, text.substr(short_year ? 2 : 4));
    if (!local) return std::nullopt;
    return *local - offset_minutes * MinuteMs;
  }
  if (text.size() > 40) return std::nullopt;
  if (const auto at = event::parse_iso_time(text)) return *at;
  // Local time without its offset, which the tool's file gives.
  const auto local = event::parse_iso_time(std::string(text) + "Z");
  if (!local) return std::nullopt;
  return *local - offset_minutes * MinuteMs;
}

std::optional<std::string> clock_text(core::Tick at, TimeFormat format, int offset_minutes) {
  char iso[event::IsoTimeLength];
  event::IsoTime writer(0);
  if (format == TimeFormat::Iso) {
    if (!writer.write(at, iso)) return std::nullopt;
    return std::string(iso, event::IsoTimeLength);
  }
  core::Tick local = 0;
  if (__builtin_add_overflow(at, offset_minutes * MinuteMs, &local) || !writer.write(local, iso)) {
    return std::nullopt;
  }
  std::string digits;
  for (const char c : std::string_view(iso, 22)) {
    if (c >= '0' && c <= '9') digits += c;
  }
  if (format == TimeFormat::Long) return digits;  // YYYYMMDDhhmmsscc
  const int year = number(std::string_view(digits).substr(0, 4));
  if (year < 1970 || year > 2069) return std::nullopt;
  return digits.substr(2, 12);
}

}  // namespace twin::link::tool
