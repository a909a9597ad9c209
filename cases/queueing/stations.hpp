// Queueing systems as tiny fabs: one product, one route, a tool group a station, nothing else.
#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "twins/fab/description.hpp"
#include "twins/fab/layout.hpp"
#include "twins/fab/state.hpp"

namespace cases {

using twins::fab::Duration;

struct Station {
  Duration service;  // [ms]
  std::uint32_t servers = 1;
  double back = 0.0;  // probability that a lot goes back to the first station afterwards
  double up_ms = 0.0,
         down_ms = 0.0;  // [ms] mean exponential times to failure and repair; 0: never fails
};

inline constexpr double Minute = twins::fab::MinuteMs;

inline Duration constant(double minutes) { return {Duration::Law::Constant, minutes * Minute, 0}; }
inline Duration exponential(double minutes) {
  return {Duration::Law::Exponential, minutes * Minute, 0};
}
inline Duration uniform(double minutes, double half_width) {
  return {Duration::Law::Uniform, minutes * Minute, half_width * Minute};
}

// Lots come one after the other with this interval and pass the stations in their order.
twins::fab::Description stations(const Duration& interval, const std::vector<Station>& line);

struct Observed {
  std::vector<double> wait;  // [station] mean wait of the lots that started there [min]
  std::vector<double> busy;  // [station] share of total tool time spent processing
  std::vector<double> down;  // [station] share of total tool time spent down
  double cycle = 0.0;        // [min] mean time in the system of the lots that finished
  double lots = 0.0;         // finished
};

struct Observation {
  double warmup_minutes = 0.0, minutes = 0.0;  // [min] left out; observed after it
  std::uint32_t replications = 1;
  std::uint64_t seed = 20'260'101;
};

// One entry a replication. Breakdowns suspend the job, as queueing theory has them.
std::vector<Observed> observe(const twins::fab::Description& fab, const Observation& how);

// One path, event by event: both sides of Little's law in whole ticks.
struct Path {
  std::int64_t lot_ticks = 0;       // integral of the lots in the system
  std::int64_t time_in_system = 0;  // sum over the lots that were in it
  std::uint64_t events = 0;
};
Path follow(const twins::fab::Description& fab, twins::fab::Tick end);

// The mean over replications, and the half-width of an interval that misses the truth once in a
// million: independent replications after warm-up, Student t.
struct Interval {
  double mean = 0.0, standard_error = 0.0, half_width = 0.0;
};
Interval millionth(const std::vector<Observed>& runs,
                   const std::function<double(const Observed&)>& of);

}  // namespace cases
