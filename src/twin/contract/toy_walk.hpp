// The linear model with normal noise of one number, x' = a x + N(0, q), y = x + N(0, r), whose
// filter is known exactly: what every estimator can be held against.
#pragma once
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <span>
#include <utility>
#include <vector>

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

  // theta = {a}, or nothing: then a is that of the model.
  [[nodiscard]] State initial(std::span<const double>, core::Draw draw) const {
    return {.now = 0,
            .x = {start.mean + std::sqrt(start.variance) * box_muller(draw.block(Start, 0, 0))}};
  }
  void advance(State& x, std::span<const double> theta, core::Tick until, core::Draw draw) const {
    TWIN_EXPECT(x.now <= until, x.now, until);
    const double by = theta.empty() ? a : theta[0];
    for (; x.now < until; ++x.now) {
      const auto tick = static_cast<std::uint32_t>(x.now);
      x.x[0] = by * x.x[0] + std::sqrt(q) * box_muller(draw.block(Step, 0, tick));
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

// The walk of this a filtered exactly through what was seen at ticks 1, 2, ...: the last posterior
// and the log-evidence.
inline std::pair<Normal, double> filtered(const ToyWalk& walk, std::span<const double> y) {
  Normal exact = walk.start;
  double log_evidence = 0.0;
  for (const double v : y) {
    exact = walk.forecast(exact);
    log_evidence += walk.log_evidence(exact, v);
    exact = walk.updated(exact, v);
  }
  return {exact, log_evidence};
}

// The posterior of an unknown a under a normal prior, by the rectangle rule over 10 deviations, which
// is exact to rounding for so smooth a function; and the log-evidence.
inline std::pair<Normal, double> learned(ToyWalk walk, Normal prior, std::span<const double> y) {
  constexpr int Cells = 2001;
  const double width = 20.0 * std::sqrt(prior.variance) / (Cells - 1);
  std::vector<double> a, log_density;
  double largest = -1e300;
  for (int i = 0; i < Cells; ++i) {
    walk.a = prior.mean + (i - Cells / 2) * width;
    a.push_back(walk.a);
    const double d = walk.a - prior.mean;
    log_density.push_back(filtered(walk, y).second - 0.5 * d * d / prior.variance);
    largest = std::max(largest, log_density.back());
  }
  double total = 0.0, mean = 0.0, square = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double p = std::exp(log_density[i] - largest);
    total += p;
    mean += p * a[i];
    square += p * a[i] * a[i];
  }
  mean /= total;
  const double norm = width / std::sqrt(2.0 * std::numbers::pi * prior.variance);
  return {{mean, square / total - mean * mean}, largest + std::log(total * norm)};
}

// The mean of exp(log-evidence - exact) over runs is 1 for an unbiased method.
struct Ratios {
  double mean = 0.0, deviation = 0.0;
  int runs = 0;
  [[nodiscard]] double standard_error() const { return deviation / std::sqrt(runs); }
};
// log_evidence_of(seed) is one run.
template <class Run>
Ratios evidence_ratios(double exact, int runs, const Run& log_evidence_of) {
  double sum = 0.0, square = 0.0;
  for (int i = 0; i < runs; ++i) {
    const double ratio = std::exp(log_evidence_of(static_cast<std::uint64_t>(i)) - exact);
    sum += ratio / runs;
    square += ratio * ratio / runs;
  }
  return {sum, std::sqrt(std::max(0.0, square - sum * sum)), runs};
}

}  // namespace twin::contract
