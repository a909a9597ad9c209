#include "twin/decide/alarms/alarm.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"
#include "twin/score/checked.hpp"

namespace twin::decide::alarms {

std::vector<Priority> priorities_of(std::span<const double> severities,
                                    const std::array<double, 3>& shares) {
  if (severities.empty()) return {};
  score::need_finite(severities, "severity");
  for (const double s : shares) score::need_probability(s, "share of a priority");
  if (std::abs(shares[0] + shares[1] + shares[2] - 1.0) > 1e-9) {
    throw core::Error("shares of priorities = " +
                      core::show_values(shares[0], shares[1], shares[2]) + " (must sum to 1)");
  }
  const std::size_t n = severities.size();
  std::vector<double> sorted(severities.begin(), severities.end());
  std::ranges::sort(sorted);
  // The least severity of the next priority: with equals across the border all stay below.
  const auto above = [&](double share) {
    const auto keep = static_cast<std::size_t>(std::llround(share * static_cast<double>(n)));
    if (keep == 0) return -HUGE_VAL;
    return keep >= n ? HUGE_VAL : std::nextafter(sorted[keep - 1], HUGE_VAL);
  };
  const double medium = above(shares[0]), high = above(shares[0] + shares[1]);
  std::vector<Priority> out;
  for (const double s : severities) {
    out.push_back(s >= high ? Priority::High : s >= medium ? Priority::Medium : Priority::Low);
  }
  return out;
}

HighLimit::HighLimit(double limit, double deadband) : limit_(limit), deadband_(deadband) {
  score::need_finite(limit, "limit");
  score::need_finite(deadband, "deadband");
  if (deadband < 0.0)
    throw core::Error("deadband = " + core::show_values(deadband) + " (must not be negative)");
}

std::optional<Change> HighLimit::take(double value) {
  if (!set_ && value > limit_) {
    set_ = true;
    return Change::Set;
  }
  if (set_ && value < limit_ - deadband_) {
    set_ = false;
    return Change::Cleared;
  }
  return std::nullopt;
}

}  // namespace twin::decide::alarms
