// The simplest event-driven model with known answers: customers come at random, one server serves them
// in order, both times exponential (M/M/1). What a factory is made of; its parameters can be learnt.
#pragma once
#include <array>
#include <cmath>
#include <cstdint>
#include <span>
#include <vector>

#include "twin/core/draw.hpp"
#include "twin/core/expect.hpp"
#include "twin/core/tick.hpp"
#include "twin/des/agenda.hpp"
#include "twin/math/distributions.hpp"

namespace twins::toys {

class Mm1Queue {
 public:
  static constexpr twin::core::Tick Unit = 1'000'000;  // [tick] in a time unit
  static constexpr std::size_t Counted = 32;           // lengths 0 .. 30, and longer ones

  struct State {
    twin::core::Tick now = 0;            // [tick]
    twin::des::Agenda agenda{14, 6};     // the next arrival, the next departure
    std::vector<twin::core::Tick> came;  // [place] of those in the system, first first
    std::uint32_t arrived = 0;           // [customers] so far
    std::uint32_t departed = 0;          // [customers] so far
    twin::core::Tick stayed = 0;         // [tick] summed over those who departed
    twin::core::Tick since = 0;          // [tick] time_with counts up to here
    std::array<twin::core::Tick, Counted> time_with =
        {};                            // [length] [tick] with so many in the system
    twin::core::Tick length_time = 0;  // [customer tick] integral of the length

    bool operator==(const State&) const = default;
    template <class A>
    static void fields(A& archive, auto& self) {
      archive("now", self.now);
      archive("agenda", self.agenda);
      archive("came", self.came);
      archive("arrived", self.arrived);
      archive("departed", self.departed);
      archive("stayed", self.stayed);
      archive("since", self.since);
      archive("time_with", self.time_with);
      archive("length_time", self.length_time);
    }
  };

  // theta = {mean time between arrivals, mean time of a service} [time unit], 1.25 and 1. Empty.
  [[nodiscard]] State initial(std::span<const double> theta, twin::core::Draw draw) const {
    TWIN_EXPECT(theta.size() == 2, theta.size());
    TWIN_EXPECT(theta[0] > 0.0 && theta[1] > 0.0, theta[0], theta[1]);
    State x;
    expect(x, theta[0], draw, Arrival, 0);
    return x;
  }

  void advance(State& x, std::span<const double> theta, twin::core::Tick until,
               twin::core::Draw draw) const {
    TWIN_EXPECT(x.now <= until, x.now, until);
    while (x.agenda.next_at() <= until) {
      const twin::des::Event event = x.agenda.pop();
      count_time(x, event.at);
      x.now = event.at;
      if (event.kind == Arrival) {
        x.came.push_back(x.now);
        expect(x, theta[0], draw, Arrival, ++x.arrived);
        if (x.came.size() == 1) expect(x, theta[1], draw, Departure, x.departed);
      } else {
        x.stayed += x.now - x.came.front();
        x.came.erase(x.came.begin());
        ++x.departed;
        if (!x.came.empty()) expect(x, theta[1], draw, Departure, x.departed);
      }
    }
    count_time(x, until);  // integers: where the sum is cut does not matter
    x.now = until;
  }

  [[nodiscard]] static std::size_t length(const State& x) { return x.came.size(); }
  [[nodiscard]] static twin::core::Tick next_event(const State& x) {
    auto copy = x.agenda;
    return copy.next_at();
  }

 private:
  enum Kind : std::uint16_t { Arrival = 2, Departure = 3 };  // also the names of their draws

  // A duration drawn by the customer's number, at least a tick.
  static void expect(State& x, double mean, twin::core::Draw draw, Kind kind,
                     std::uint32_t customer) {
    const double length = twin::math::exponential(draw.uniform(kind, customer, 0), mean);
    const auto ticks = static_cast<twin::core::Tick>(length * static_cast<double>(Unit) + 0.5);
    x.agenda.push(x.now + (ticks > 0 ? ticks : 1), customer, kind, 0);
  }

  static void count_time(State& x, twin::core::Tick until) {
    const twin::core::Tick passed = until - x.since;
    const std::size_t length = x.came.size();
    x.time_with[length < Counted ? length : Counted - 1] += passed;
    x.length_time += passed * static_cast<twin::core::Tick>(length);
    x.since = until;
  }
};

// How a camera over the queue and a counter at its exit see it: each customer in the system is seen with
// a probability, independently; departures are counted with a normal error.
class Mm1Sensor {
 public:
  // detection in (0, 1), deviation > 0 [customers].
  Mm1Sensor(double detection, double deviation) : detection_(detection), deviation_(deviation) {
    TWIN_EXPECT(detection > 0.0 && detection < 1.0, detection);
    TWIN_EXPECT(deviation > 0.0, deviation);
  }

  // y = {customers seen, departures counted so far}; minus infinity for a number that cannot be.
  [[nodiscard]] double log_likelihood(const Mm1Queue::State& x, std::span<const double> y) const {
    TWIN_EXPECT(y.size() == 2, y.size());
    const double length = static_cast<double>(x.came.size()), seen = y[0];
    if (!(seen >= 0.0 && seen <= length) || seen != std::floor(seen)) {
      return -twin::math::detail::Infinity;
    }
    double log_p =
        seen * twin::math::log(detection_) + (length - seen) * twin::math::log1p(-detection_);
    for (double i = 1.0; i <= seen; i += 1.0) {  // the binomial coefficient
      log_p += twin::math::log((length - seen + i) / i);
    }
    constexpr double HalfLogTwoPi = 0.91893853320467274178;
    const double z = (y[1] - static_cast<double>(x.departed)) / deviation_;
    return log_p - 0.5 * z * z - twin::math::log(deviation_) - HalfLogTwoPi;
  }

  // What it would show; the same law.
  [[nodiscard]] std::array<double, 2> observe(const Mm1Queue::State& x, twin::core::Draw draw,
                                              std::uint32_t occasion) const {
    double seen = 0.0;
    for (std::uint32_t i = 0; i < x.came.size(); ++i) {
      if (draw.uniform(Sight, i, occasion) < detection_) seen += 1.0;
    }
    const double error = twin::math::normal(draw.uniform(Counting, 0, occasion));
    return {seen, static_cast<double>(x.departed) + deviation_ * error};
  }

 private:
  enum What : std::uint32_t { Sight = 0xCA5E0010, Counting = 0xCA5E0011 };
  double detection_;
  double deviation_;  // [customers]
};

}  // namespace twins::toys
