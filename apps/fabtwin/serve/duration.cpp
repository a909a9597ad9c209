#include "apps/fabtwin/serve/duration.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>

#include "twin/core/expect.hpp"

namespace apps::fabtwin::serve {
namespace {

using twin::core::Tick;

struct TimeUnit {
  std::string_view text;
  double ms;
};
constexpr std::array<TimeUnit, 5> Units = {
    {{"d", 86'400'000.0}, {"h", 3'600'000.0}, {"min", 60'000.0}, {"s", 1'000.0}, {"ms", 1.0}}};
constexpr double LongestMs = 10'000.0 * 86'400'000.0;

}  // namespace

std::optional<Tick> parse_duration(std::string_view text) {
  double value = 0.0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{}) return std::nullopt;
  std::string_view unit = text.substr(static_cast<std::size_t>(end - text.data()));
  while (!unit.empty() && unit.front() == ' ') unit.remove_prefix(1);
  for (const TimeUnit& u : Units) {
    if (unit != u.text) continue;
    const double ms = value * u.ms;
    if (!(ms >= 0.0 && ms <= LongestMs)) return std::nullopt;
    return static_cast<Tick>(std::llround(ms));
  }
  return std::nullopt;
}

std::string duration_text(Tick ms) {
  const auto size = std::abs(static_cast<double>(ms));
  for (const TimeUnit& u : Units) {
    if (size >= u.ms) return fmt::format("{:.3g} {}", static_cast<double>(ms) / u.ms, u.text);
  }
  return "0 s";
}

Tick duration(twin::sheet::Sheet& sheet, const std::string& key, DurationRange range,
              std::string_view fallback) {
  const bool given = sheet.has(key);
  const std::string text = sheet.text(key, std::string(fallback));
  const auto ms = parse_duration(text);
  if (!ms) {
    TWIN_EXPECT(given, key);
    sheet.refuse(
        key, fmt::format("{} = \"{}\" (no duration) \"30 s\", \"5 min\", \"1.5 h\"?", key, text));
  }
  if (*ms < range.least || *ms > range.most) {
    TWIN_EXPECT(given, key);
    sheet.refuse(key, fmt::format("{} = \"{}\" (must be from {} to {})", key, text,
                                  duration_text(range.least), duration_text(range.most)));
  }
  return *ms;
}

}  // namespace apps::fabtwin::serve
