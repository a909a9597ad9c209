// A wave that a steady wind carries round a ring (Evensen, "Sampling strategies and square root
// analysis schemes for the EnKF", Ocean Dynamics 54, 2004, section 5): the linear model on which a
// filter without noise must find the truth.
#pragma once
#include <cmath>
#include <cstddef>
#include <span>

#include "twin/core/expect.hpp"
#include "twin/math/distributions.hpp"
#include "twins/toys/row.hpp"

namespace twins::toys {

// dx/dt + c dx/ds = 0 by the first-order upwind scheme; at a Courant number of 1 the wave moves by
// one cell a tick, exactly.
template <std::size_t Size = 1000>
class LinearAdvection {
 public:
  using State = Row<Size>;
  static constexpr std::uint32_t Waves = 25;  // wave numbers of the initial field

  // theta = {Courant number}, in [0, 1]. Starts as a sum of waves of random phase, variance 1.
  [[nodiscard]] State initial(std::span<const double> theta, twin::core::Draw draw) const {
    TWIN_EXPECT(theta.size() == 1, theta.size());
    TWIN_EXPECT(theta[0] >= 0.0 && theta[0] <= 1.0, theta[0]);
    State state;
    for (std::uint32_t wave = 1; wave <= Waves; ++wave) {
      const double a = twin::math::normal(draw.uniform(InitialDraw, wave, 0)) / Root;
      const double b = twin::math::normal(draw.uniform(InitialDraw, wave, 1)) / Root;
      for (std::size_t i = 0; i < Size; ++i) {
        const double angle = Turn * wave * static_cast<double>(i) / static_cast<double>(Size);
        state.x[i] += a * std::cos(angle) + b * std::sin(angle);
      }
    }
    return state;
  }

  void advance(State& state, std::span<const double> theta, twin::core::Tick until,
               twin::core::Draw /*draw*/) const {
    TWIN_EXPECT(state.now <= until, state.now, until);
    const double courant = theta[0];
    for (; state.now < until; ++state.now) {
      double before = state.x[Size - 1];
      for (double& x : state.x) {
        const double here = x;
        x = (1.0 - courant) * here + courant * before;
        before = here;
      }
    }
  }

  static std::span<double> vector(State& state) { return state.x; }

 private:
  static constexpr double Turn = 6.283185307179586;
  static constexpr double Root = 5.0;  // of Waves
};

}  // namespace twins::toys
