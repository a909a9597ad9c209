// Lorenz's convection in three variables ("Deterministic nonperiodic flow", J. Atmos. Sci. 20, 1963,
// eqs. 25 to 27): the smallest chaotic model that filters are compared on.
#pragma once
#include <cmath>
#include <span>

#include "twin/core/expect.hpp"
#include "twins/toys/row.hpp"
#include "twins/toys/runge_kutta.hpp"
#include "twins/toys/runge_kutta_tangent.hpp"

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
    const Slope slope = {theta[0], theta[1], theta[2]};
    for (; state.now < until; ++state.now) runge_kutta_step(state.x, Step, slope);
  }

  static std::span<double> vector(State& state) { return state.x; }

  // Small changes along the run from `start`, and the adjoint of that (HasTangent of
  // twin/infer/variational/model_operator.hpp). dx, a: [column][variable].
  void tangent(const State& start, std::span<const double> theta, twin::core::Tick until,
               std::span<double> dx) const {
    TWIN_EXPECT(start.now <= until, start.now, until);
    const Slope slope = {theta[0], theta[1], theta[2]};
    forward_along(start.x, static_cast<std::size_t>(until - start.now), Step, dx, slope,
                  [&](const auto& at, std::span<double, 3> column) {
                    runge_kutta_tangent_step(
                        at, Step, column,
                        [&](const auto& x, const auto& d, auto& out) { slope.tangent(x, d, out); });
                  });
  }
  void adjoint(const State& start, std::span<const double> theta, twin::core::Tick until,
               std::span<double> a) const {
    TWIN_EXPECT(start.now <= until, start.now, until);
    const Slope slope = {theta[0], theta[1], theta[2]};
    backward_along(start.x, static_cast<std::size_t>(until - start.now), Step, a, slope,
                   [&](const auto& at, std::span<double, 3> column) {
                     runge_kutta_adjoint_step(at, Step, column,
                                              [&](const auto& x, const auto& b, auto& out) {
                                                slope.adjoint(x, b, out);
                                              });
                   });
  }

 private:
  using Variables = std::array<double, 3>;

  struct Slope {
    double sigma, rho, beta;

    void operator()(const Variables& x, Variables& dx) const {
      dx = {sigma * (x[1] - x[0]), x[0] * (rho - x[2]) - x[1], x[0] * x[1] - beta * x[2]};
    }
    void tangent(const Variables& x, const Variables& d, Variables& out) const {
      out = {sigma * (d[1] - d[0]), d[0] * (rho - x[2]) - x[0] * d[2] - d[1],
             d[0] * x[1] + x[0] * d[1] - beta * d[2]};
    }
    void adjoint(const Variables& x, const Variables& b, Variables& out) const {
      out = {-sigma * b[0] + (rho - x[2]) * b[1] + x[1] * b[2], sigma * b[0] - b[1] + x[0] * b[2],
             -x[0] * b[1] - beta * b[2]};
    }
  };
};

}  // namespace twins::toys
