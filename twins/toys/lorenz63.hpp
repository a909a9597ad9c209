// Lorenz's convection in three variables ("Deterministic nonperiodic flow", J. Atmos. Sci. 20, 1963,
// eqs. 25 to 27): the smallest chaotic model that filters are compared on.
#pragma once
#include <cmath>
#include <span>

#include "twin/core/expect.hpp"
#include "twins/toys/row.hpp"
#include "twins/toys/runge_kutta.hpp"

namespace twins::toys {

class Lorenz63 {
 public:
  using State = Row<3>;
  static constexpr double Step = 0.01;  // [time unit] of one tick

  // theta = {sigma, rho, beta}, 10, 28 and 8/3 as published.
  [[nodiscard]] State initial(std::span<const double> theta, twin::core::Draw draw) const {
    TWIN_EXPECT(theta.size() == 3, theta.size());
    // A point on the attractor and the deviation of Sakov, Oliver, Bertino 2012 as DAPPER has them.
    return drawn_row<3>({1.509, -1.531, 25.46}, std::sqrt(2.0), draw);
  }

  void advance(State& state, std::span<const double> theta, twin::core::Tick until,
               twin::core::Draw /*draw*/) const {
    TWIN_EXPECT(state.now <= until, state.now, until);
    const double sigma = theta[0], rho = theta[1], beta = theta[2];
    for (; state.now < until; ++state.now) {
      runge_kutta_step(state.x, Step, [&](const auto& x, auto& dx) {
        dx = {sigma * (x[1] - x[0]), x[0] * (rho - x[2]) - x[1], x[0] * x[1] - beta * x[2]};
      });
    }
  }

  static std::span<double> vector(State& state) { return state.x; }
};

}  // namespace twins::toys
