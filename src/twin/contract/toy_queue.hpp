// The smallest model worth checking: one server, one queue, uniform times. It tests the checks of a
// model: each Fault breaks exactly one law of models, and a check that does not see it is no check.
#pragma once
#include <atomic>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "twin/core/draw.hpp"
#include "twin/core/expect.hpp"
#include "twin/core/tick.hpp"

namespace twin::contract {

enum class Fault : std::uint8_t {
  None,
  HiddenCounter,  // draws by "the next number" of a counter that is not in the State
  ClipsAtUntil,   // sums a floating-point cost in slices that end where the caller paused
  ForgetsField,   // lists all fields but one
  HiddenScratch,  // carries work from one advance to the next outside the State
  RemembersSeed,  // the seed of whoever began last serves all models of the process
  Allocates,      // a fresh vector for every event
  ClockLags,      // leaves the clock at the last event instead of `until`
  StopsEarly,     // leaves events at `until` itself to the next call
  MakesNan,       // 0/0 while the queue is empty
};

template <Fault F = Fault::None>
class ToyQueue {
 public:
  static constexpr double CostPerTick = 0.1;

  struct State {
    core::Tick now = 0;
    core::Tick arrival_at = 0;
    core::Tick departure_at = core::Never;
    std::uint32_t arrived = 0;
    std::uint32_t departed = 0;
    std::vector<core::Tick> waiting;  // when each came, [place], first come first
    core::Tick waited = 0;            // sum of times from arrival to start of service
    core::Tick cost_until = 0;        // the cost was summed up to here
    double cost = 0.0;                // of waiting: CostPerTick for each who waits
    double mean_wait = 0.0;           // [tick]

    bool operator==(const State&) const = default;
    template <class A>
    static void fields(A& archive, auto& self) {
      archive("now", self.now);
      archive("arrival_at", self.arrival_at);
      archive("departure_at", self.departure_at);
      archive("arrived", self.arrived);
      archive("departed", self.departed);
      archive("waiting", self.waiting);
      if constexpr (F != Fault::ForgetsField) archive("waited", self.waited);
      archive("cost_until", self.cost_until);
      archive("cost", self.cost);
      archive("mean_wait", self.mean_wait);
    }
  };

  // theta = {mean time between arrivals, mean time of service} [tick]
  [[nodiscard]] State initial(std::span<const double> theta, core::Draw draw) const {
    TWIN_EXPECT(theta.size() == 2, theta.size());
    State x;
    if constexpr (F == Fault::RemembersSeed) last_seed() = draw.seed;
    x.arrival_at = duration(theta[0], draw, Arrival, 0);
    if constexpr (F == Fault::MakesNan) x.mean_wait = std::numeric_limits<double>::quiet_NaN();
    return x;
  }

  void advance(State& x, std::span<const double> theta, core::Tick until, core::Draw draw) const {
    TWIN_EXPECT(x.now <= until, x.now, until);
    if constexpr (F == Fault::RemembersSeed) draw.seed = last_seed();
    if constexpr (F == Fault::HiddenScratch) x.waited += static_cast<core::Tick>(scratch() % 7);
    for (core::Tick at = next(x); at < until || (at == until && F != Fault::StopsEarly);
         at = next(x)) {
      x.now = at;
      if (x.departure_at == at) {
        depart(x, theta, draw);
      } else {
        arrive(x, theta, draw);
      }
    }
    if constexpr (F == Fault::ClipsAtUntil) integrate(x, until);
    if constexpr (F == Fault::HiddenScratch) scratch() += x.arrived;
    if constexpr (F != Fault::ClockLags) x.now = until;
  }

  [[nodiscard]] static core::Tick next(const State& x) {
    return x.departure_at < x.arrival_at ? x.departure_at : x.arrival_at;
  }

 private:
  enum What : std::uint32_t { Arrival, Service };

  static std::atomic<std::uint64_t>& last_seed() {
    static std::atomic<std::uint64_t> hidden = 0;
    return hidden;
  }
  static std::uint32_t& scratch() {
    static thread_local std::uint32_t hidden = 0;
    return hidden;
  }

  static core::Tick duration(double mean, core::Draw draw, What what, std::uint32_t who) {
    std::uint32_t occasion = 0;
    if constexpr (F == Fault::HiddenCounter) {
      static std::atomic<std::uint32_t> hidden = 0;
      occasion = ++hidden;
    }
    return 1 + static_cast<core::Tick>(2.0 * mean * draw.uniform(what, who, occasion));
  }

  static void integrate(State& x, core::Tick until) {
    const double length = static_cast<double>(x.waiting.size());
    x.cost += CostPerTick * length * static_cast<double>(until - x.cost_until);
    x.cost_until = until;
  }

  static void arrive(State& x, std::span<const double> theta, core::Draw draw) {
    integrate(x, x.now);
    if constexpr (F == Fault::Allocates) x.waiting = std::vector<core::Tick>(x.waiting);
    x.waiting.push_back(x.now);
    ++x.arrived;
    x.arrival_at = x.now + duration(theta[0], draw, Arrival, x.arrived);
    if (x.departure_at == core::Never) start(x, theta, draw);
  }

  static void depart(State& x, std::span<const double> theta, core::Draw draw) {
    integrate(x, x.now);
    ++x.departed;
    x.departure_at = core::Never;
    if (!x.waiting.empty()) start(x, theta, draw);
  }

  static void start(State& x, std::span<const double> theta, core::Draw draw) {
    x.waited += x.now - x.waiting.front();
    x.waiting.erase(x.waiting.begin());
    x.departure_at = x.now + duration(theta[1], draw, Service, x.departed);
    if constexpr (F != Fault::MakesNan) {
      x.mean_wait = static_cast<double>(x.waited) / static_cast<double>(x.departed + 1);
    }
  }
};

}  // namespace twin::contract
