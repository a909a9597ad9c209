// The calendar of moments is the standard library's.
#include "twin/record/prov_time.hpp"

#include <array>
#include <chrono>
#include <cstdio>

#include "twin/core/error.hpp"

namespace twin::record {

std::string moment_of(core::Tick ms) {
  using namespace std::chrono;
  constexpr core::Tick DayMs = 86'400'000;
  constexpr core::Tick Year0 = -62'167'219'200'000, Year10000 = 253'402'300'800'000;
  if (ms < Year0 || ms >= Year10000) {
    throw core::Error("provenance: the time " + std::to_string(ms) +
                      " ms since 1970 is in no year from 0000 to 9999");
  }
  core::Tick day = ms / DayMs, rest = ms % DayMs;
  if (rest < 0) {
    --day;
    rest += DayMs;
  }
  const year_month_day date{sys_days{days{static_cast<int>(day)}}};
  std::array<char, 64> text{};
  const int length =
      std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ",
                    static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                    static_cast<unsigned>(date.day()), static_cast<int>(rest / 3'600'000),
                    static_cast<int>(rest / 60'000 % 60), static_cast<int>(rest / 1'000 % 60),
                    static_cast<int>(rest % 1'000));
  return {text.data(), static_cast<std::size_t>(length)};
}

bool is_moment(std::string_view text) noexcept {
  // 0 a digit, all else itself; then a fraction, if any, and the offset.
  constexpr std::string_view Shape = "0000-00-00T00:00:00";
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  if (text.size() < Shape.size()) return false;
  for (std::size_t k = 0; k < Shape.size(); ++k) {
    if (Shape[k] == '0' ? !digit(text[k]) : text[k] != Shape[k]) return false;
  }
  const auto two = [&](std::size_t k) { return (text[k] - '0') * 10 + (text[k + 1] - '0'); };
  using namespace std::chrono;
  const year_month_day date{year{two(0) * 100 + two(2)}, month{static_cast<unsigned>(two(5))},
                            day{static_cast<unsigned>(two(8))}};
  if (!date.ok() || two(11) > 23 || two(14) > 59 || two(17) > 59) return false;
  std::string_view rest = text.substr(Shape.size());
  if (!rest.empty() && rest[0] == '.') {
    std::size_t k = 1;
    while (k < rest.size() && digit(rest[k])) ++k;
    if (k == 1) return false;
    rest.remove_prefix(k);
  }
  if (rest == "Z") return true;
  if (rest.size() != 6 || (rest[0] != '+' && rest[0] != '-') || rest[3] != ':') return false;
  for (const std::size_t k : {1U, 2U, 4U, 5U}) {
    if (!digit(rest[k])) return false;
  }
  return (rest[1] - '0') * 10 + (rest[2] - '0') <= 14 && rest[4] <= '5';
}

std::string one_line(std::string_view text) {
  std::string line(text.substr(0, 80));
  for (char& c : line) {
    if (static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) == 0x7F) c = '?';
  }
  return line;
}

}  // namespace twin::record
