#include "twin/infer/craft/sensor.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <tuple>

#include "twin/core/error.hpp"

namespace twin::infer {
namespace {

void check_limits(const SensorTraits& traits, const char* which,
                  const std::vector<double>& limits) {
  const auto size = static_cast<std::size_t>(traits.noise.size());
  if (limits.empty()) return;
  if (limits.size() != size) {
    throw core::Error(fmt::format("sensor {} has {} {} limits for {} components (must be as many)",
                                  traits.name, limits.size(), which, size));
  }
  for (const double limit : limits) {
    if (std::isnan(limit)) {
      throw core::Error(fmt::format("{} limit of sensor {} is nan", which, traits.name));
    }
  }
  if (!traits.noise.is_diagonal()) {
    throw core::Error(fmt::format(
        "sensor {} has limits of detection and correlated errors (a reading that is only known to "
        "lie beyond a limit needs an error of its own) give a diagonal covariance?",
        traits.name));
  }
}

}  // namespace

void check_sensor(const SensorTraits& traits) {
  if (traits.noise.size() == 0) {
    throw core::Error(fmt::format("sensor {} shows nothing (needs a component)", traits.name));
  }
  try {
    check_quality(traits.quality);
    check_fault(traits.fault);
  } catch (const core::Error& e) {
    throw core::Error(fmt::format("sensor {}: {}", traits.name, e.what()));
  }
  check_limits(traits, "lower", traits.lower);
  check_limits(traits, "upper", traits.upper);
  for (std::size_t i = 0; i < traits.lower.size() && i < traits.upper.size(); ++i) {
    if (!(traits.lower[i] < traits.upper[i])) {
      throw core::Error(fmt::format("component {} of sensor {} has limits {} and {} (lower first)",
                                    i, traits.name, traits.lower[i], traits.upper[i]));
    }
  }
  if (traits.retain < 0) {
    throw core::Error(fmt::format("sensor {} is remembered for {} ticks (at least 0)", traits.name,
                                  traits.retain));
  }
}

std::vector<Arrival> arrivals(std::span<const Timing> timings, core::Tick after, core::Tick until) {
  std::vector<Arrival> all;
  for (const Timing& t : timings) {
    if (t.period <= 0 || t.delay < 0) {
      throw core::Error(fmt::format(
          "sensor {} looks every {} ticks and reports after {} (must be positive, at least 0)",
          t.sensor, t.period, t.delay));
    }
    const core::Tick begin = after - t.delay - t.first;  // looks later than this arrive later
    core::Tick number = begin < 0 ? 0 : begin / t.period + 1;
    for (core::Tick at = t.first + number * t.period; at + t.delay <= until; at += t.period) {
      all.push_back({at, at + t.delay, t.sensor, static_cast<std::uint64_t>(number++)});
    }
  }
  std::ranges::sort(all, {}, [](const Arrival& a) {
    return std::tuple(a.arrived, a.at, a.sensor, a.sensor_seq);
  });
  return all;
}

}  // namespace twin::infer
