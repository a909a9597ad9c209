// Durations that have begun: what is left of one that has lasted so long already, by inversion of its law.
#pragma once
#include <algorithm>
#include <cmath>
#include <limits>

#include "twin/core/tick.hpp"
#include "twin/math/elementary.hpp"
#include "twins/fab/description.hpp"

namespace twins::fab {

inline constexpr double NoEnd = std::numeric_limits<double>::infinity();

// A duration of this law times `scale`, given that it is above `longer_than` and at most `at_most` [ms]; u: uniform in
// (0, 1). Where the law allows none such, the nearest that does: its mean says no more than the bounds do.
inline double lasting(const Duration& d, double scale, double longer_than, double at_most,
                      double u) {
  const double mean = d.mean_ms * scale;
  double value = mean;
  if (d.law == Duration::Law::Uniform) {
    const double half = d.half_width_ms * scale;
    const double low = std::max(mean - half, longer_than), high = std::min(mean + half, at_most);
    value = low < high ? low + u * (high - low) : low;
  } else if (d.law == Duration::Law::Exponential) {
    const double from = std::max(longer_than, 0.0);
    // The survivor function between the bounds, from 1 down to exp(-(at_most - from) / mean).
    const double least =
        at_most == NoEnd ? 0.0 : twin::math::exp(-std::max(at_most - from, 0.0) / mean);
    value = mean > 0.0 ? from - mean * twin::math::log(least + u * (1.0 - least)) : 0.0;
  }
  return std::max(std::min(value, at_most), std::min(longer_than, at_most));
}

// When what began at `since` and still lasts at `now` will end: after `now`.
inline twin::core::Tick end_of(const Duration& d, double scale, twin::core::Tick since,
                               twin::core::Tick now, double u) {
  const double total = lasting(d, scale, static_cast<double>(now - since), NoEnd, u);
  // NOLINTNEXTLINE(bugprone-incorrect-roundings): of times, which are not negative
  return std::max(since + static_cast<twin::core::Tick>(total + 0.5), now + 1);
}

// What is left of a duration that began nobody knows when: met at a random instant, it is one of those drawn in
// proportion to their length, met at a uniform place (the residual life of a renewal process; W. Feller, "An
// introduction to probability theory and its applications" II, 1971, section XI.4) [ms].
inline double rest_of_any(const Duration& d, double scale, double u, double place) {
  const double mean = d.mean_ms * scale;
  if (d.law == Duration::Law::Exponential) return -mean * twin::math::log(u);
  const double half = d.law == Duration::Law::Uniform ? d.half_width_ms * scale : 0.0;
  const double low = mean - half, high = mean + half;
  return place * std::sqrt(low * low + u * (high * high - low * low));
}

}  // namespace twins::fab
