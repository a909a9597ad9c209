// The linear model with normal noise of one number, x' = a x + N(0, q), y = x + N(0, r), whose
// filter is known exactly: what every estimator can be held against.
#pragma once
#include <array>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <span>

#include "twin/core/draw.hpp"
#include "twin/core/expect.hpp"
#include "twin/core/tick.hpp"

namespace twin::contract {

// A standard normal by Box and Muller (1958); good for tests, whose bits nobody keeps.
inline double box_muller(const core::Block& b) {
  const double u = core::uniform_of(b[0], b[1]);
  const double v = core::uniform_of(b[2], b[3]);
  return std::sqrt(-2.0 * std::log(u)) * std::cos(2.0 * std::numbers::pi * v);
}

struct Normal {  // a mean and a variance
  double mean = 0.0;
  double variance = 1.0;
};

class ToyWalk {
 public:
  double a = 0.9;                              // [per tick]
  double q = 0.3;                              // variance of the noise of a tick
  double r = 0.5;                              // variance of the noise of an observation
  Normal start{.mean = 1.0, .variance = 2.0};  // of x at time 0

  struct State {
    core::Tick now = 0;
    std::array<double, 1> x = {};
    bool operator==(const State&) const = default;
    template <class A>
    static void fields(A& archive, auto& self) {
      archive("now", self.now);
      archive("x", self.x);
    }
  };
  static std::span<double> vector(State& x) { return x.x; }

  // theta is not read.
  [[nodiscard]] State initial(std::span<const double>, core::Draw draw) const {
    return {.now = 0,
            .x = {start.mean + std::sqrt(start.variance) * box_muller(draw.block(Start, 0, 0))}};
  }
  void advance(State& x, std::span<const double>, core::Tick until, core::Draw draw) const {
    TWIN_EXPECT(x.now <= until, x.now, until);
    for (; x.now < until; ++x.now) {
      const auto tick = static_cast<std::uint32_t>(x.now);
      x.x[0] = a * x.x[0] + std::sqrt(q) * box_muller(draw.block(Step, 0, tick));
    }
  }
  [[nodiscard]] double observe(const State& x, core::Draw draw) const {
    return x.x[0] +
           std::sqrt(r) * box_muller(draw.block(Observe, 0, static_cast<std::uint32_t>(x.now)));
  }

  // Kalman (1960).
  [[nodiscard]] Normal forecast(Normal belief) const {
    return {a * belief.mean, a * a * belief.variance + q};
  }
  [[nodiscard]] Normal updated(Normal belief, double y) const {
    const double gain = belief.variance / (belief.variance + r);
    return {belief.mean + gain * (y - belief.mean), (1.0 - gain) * belief.variance};
  }
  // log p(y) if the belief is before it.
  [[nodiscard]] double log_evidence(Normal belief, double y) const {
    const double s = belief.variance + r;
    const double d = y - belief.mean;
    return -0.5 * (d * d / s + std::log(2.0 * std::numbers::pi * s));
  }

 private:
  enum What : std::uint32_t { Start, Step, Observe };
};

// y = x + N(0, r) as particles see it.
struct ToyWalkSensor {
  double r = ToyWalk{}.r;
  [[nodiscard]] static std::size_t observations() { return 1; }
  [[nodiscard]] double log_likelihood(const ToyWalk::State& x, std::span<const double> y) const {
    const double d = y[0] - x.x[0];
    return -0.5 * (d * d / r + std::log(2.0 * std::numbers::pi * r));
  }
};

}  // namespace twin::contract
