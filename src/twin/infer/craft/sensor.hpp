// A sensor as an estimator knows it: what it shows of a State, how it errs, what is done with what it
// says; and when its observations are made and come in. Several of them, each with its own rate and
// delay, are how data are fused.
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "twin/core/tick.hpp"
#include "twin/infer/craft/quality.hpp"
#include "twin/infer/craft/sensor_fault.hpp"
#include "twin/infer/experiment.hpp"
#include "twin/infer/noise.hpp"

namespace twin::infer {

struct SensorTraits {
  std::string name = {};
  Noise noise = Noise::equal(1, 1.0);  // of its components; its size is their number
  QualityPolicy quality = {};
  FaultPolicy fault = {.threshold = std::numeric_limits<double>::infinity()};
  // Limits of detection, in the sensor's unit; empty: none. A value at or beyond one says only that
  // the reading lies there. [component]
  std::vector<double> lower = {}, upper = {};
  // The element of theta that is added to each component: the sensor's bias, to be estimated as
  // any other parameter.
  std::optional<std::size_t> bias = {};
  core::Tick retain = 0;  // how long what it would have shown is remembered, for late observations
};

// Error that names the sensor unless all of it fits together.
void check_sensor(const SensorTraits& traits);

template <HasVector M>
struct Sensor {
  SensorTraits traits = {};
  // What it would show of x without error and bias. out: [component]. Called from several threads.
  std::function<void(const typename M::State& x, std::span<const double> theta,
                     std::span<double> out)>
      predict = {};
};

// When a sensor looks, and how long it takes until that is known.
struct Timing {
  std::uint32_t sensor = 0;
  core::Tick period = 1;  // [tick]
  core::Tick first = 0;   // [tick] of its first look
  core::Tick delay = 0;   // [tick] from look to arrival
};

struct Arrival {
  core::Tick at = 0;       // of the look
  core::Tick arrived = 0;  // not before it
  std::uint32_t sensor = 0;
  std::uint64_t sensor_seq = 0;  // counts this sensor's looks from 0
  auto operator<=>(const Arrival&) const = default;
};

// All arrivals in (after, until], ordered by arrival, then look, then sensor. Error for a period that
// is not positive, or a negative delay.
std::vector<Arrival> arrivals(std::span<const Timing> timings, core::Tick after, core::Tick until);

}  // namespace twin::infer
