// A small nonlinear model with noise of its own, for the tests of smoothers and variational methods:
// two coupled oscillators whose frequency depends on their swing. theta = {coupling, noise}.
#pragma once
#include <array>
#include <cmath>
#include <span>

#include "twin/core/draw.hpp"
#include "twin/core/tick.hpp"
#include "twin/math/distributions.hpp"

namespace twin::infer::smooth {

struct Swing {
  struct State {
    core::Tick now = 0;
    std::array<double, 4> x = {};  // [variable]
    double heat = 0.0;             // not in the vector: what a State has beside it
    bool operator==(const State&) const = default;
    template <class A>
    static void fields(A& archive, auto& self) {
      archive("now", self.now);
      archive("x", self.x);
      archive("heat", self.heat);
    }
  };

  [[nodiscard]] State initial(std::span<const double> /*theta*/, core::Draw draw) const {
    State s;
    for (std::uint32_t i = 0; i < 4; ++i) s.x[i] = 1.0 + 0.3 * math::normal(draw.uniform(0, i, 0));
    return s;
  }

  void advance(State& s, std::span<const double> theta, core::Tick until, core::Draw draw) const {
    for (; s.now < until; ++s.now) {
      const std::array<double, 4> x = s.x;
      const auto occasion = static_cast<std::uint32_t>(s.now);
      for (std::size_t i = 0; i < 2; ++i) {
        const double other = x[2 * (1 - i)];
        const double push = -x[2 * i] - 0.3 * x[2 * i] * x[2 * i] * x[2 * i] +
                            theta[0] * (other - x[2 * i]) - 0.01 * s.heat;
        const double u = draw.uniform(1, static_cast<std::uint32_t>(i), occasion);
        s.x[2 * i + 1] = x[2 * i + 1] + 0.1 * push + theta[1] * math::normal(u);
        s.x[2 * i] = x[2 * i] + 0.1 * s.x[2 * i + 1];
      }
      s.heat += 0.1 * (x[1] * x[1] + x[3] * x[3] - s.heat);
    }
  }

  static std::span<double> vector(State& s) { return s.x; }
};

}  // namespace twin::infer::smooth
