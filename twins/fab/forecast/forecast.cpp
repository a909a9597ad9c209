#include "twins/fab/forecast/forecast.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string_view>

#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"

namespace twins::fab::forecast {

float quantile_of_sorted(std::span<const float> sorted, double p) {
  TWIN_EXPECT(!sorted.empty());
  const double place = std::clamp(p * static_cast<double>(sorted.size() + 1), 1.0,
                                  static_cast<double>(sorted.size()));
  const auto below = static_cast<std::size_t>(place) - 1;
  const double share = place - std::floor(place);
  if (share == 0.0 || below + 1 == sorted.size() || sorted[below + 1] == sorted[below])
    return sorted[below];  // also where both are Beyond
  const auto low = static_cast<double>(sorted[below]);
  return static_cast<float>(low + share * (static_cast<double>(sorted[below + 1]) - low));
}

Quantiles quantiles_of_sorted(std::span<const float> sorted) {
  Quantiles q{};
  for (std::size_t i = 0; i < Levels.size(); ++i) q[i] = quantile_of_sorted(sorted, Levels[i]);
  return q;
}

void check(const Budget& b) {
  if (b.members < 2 || b.members > 10'000)
    throw twin::core::Error(fmt::format("members = {} (must be 2 to 10000)", b.members));
  if (b.horizon_hours < 1 || b.horizon_hours > 8760)
    throw twin::core::Error(
        fmt::format("a horizon of {} hours (must be 1 to 8760)", b.horizon_hours));
}

twin::core::Note note_of(const Budget& b, Tick at) {
  return {at, "budget",
          fmt::format("members={} horizon_hours={} bottlenecks={}", b.members, b.horizon_hours,
                      b.bottlenecks)};
}

Budget budget_of(const twin::core::Note& note) {
  const auto refuse = [&](const std::string& why) {
    throw twin::core::Error("budget '" + note.text + "' (" + why + ")");
  };
  if (note.kind != "budget") refuse("a note of kind '" + note.kind + "', must be 'budget'");
  Budget b;
  std::string_view left = note.text;
  for (const auto& [name, to] : {std::pair{"members=", &b.members},
                                 {"horizon_hours=", &b.horizon_hours},
                                 {"bottlenecks=", &b.bottlenecks}}) {
    if (!left.starts_with(name)) refuse(std::string("must have ") + name + "NUMBER here");
    left.remove_prefix(std::string_view(name).size());
    const auto [end, failed] = std::from_chars(left.data(), left.data() + left.size(), *to);
    if (failed != std::errc{}) refuse(std::string(name) + " is no whole number");
    left.remove_prefix(static_cast<std::size_t>(end - left.data()));
    if (left.starts_with(' ')) left.remove_prefix(1);
  }
  if (!left.empty()) refuse("nothing may follow");
  check(b);
  return b;
}

std::string duration_text(Tick duration) {
  const double ms = static_cast<double>(duration);
  if (ms < 2.0 * MinuteMs) return fmt::format("{:.0f} seconds", ms / 1000.0);
  if (ms < 2.0 * HourMs) return fmt::format("{:.0f} minutes", ms / MinuteMs);
  if (ms < 2.0 * DayMs) return fmt::format("{:.1f} hours", ms / HourMs);
  return fmt::format("{:.1f} days", ms / DayMs);
}

std::string staleness_text(const Forecast& f) {
  if (static_cast<double>(f.stale()) < MinuteMs) return {};
  return "from data of " + duration_text(f.stale()) + " ago; the fab has been simulated since";
}

}  // namespace twins::fab::forecast
