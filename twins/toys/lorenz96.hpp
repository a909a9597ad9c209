// Lorenz's ring of waves ("Predictability: a problem partly solved", 1996; Lorenz, Emanuel, J. Atmos.
// Sci. 55, 1998, eq. 1): dx_i/dt = (x_{i+1} - x_{i-2}) x_{i-1} - x_i + F. Chaotic at F = 8.
#pragma once
#include <cstddef>
#include <span>

#include "twin/core/expect.hpp"
#include "twins/toys/row.hpp"
#include "twins/toys/runge_kutta.hpp"

namespace twins::toys {

template <std::size_t Size = 40>
class Lorenz96 {
 public:
  static_assert(Size >= 4);
  using State = Row<Size>;
  static constexpr double Step = 0.05;  // [time unit] of one tick; 6 hours of weather

  // theta = {F}. Starts at (1, 0, ..., 0) with variance 0.001, as Sakov, Oke 2008 in DAPPER.
  [[nodiscard]] State initial(std::span<const double> theta, twin::core::Draw draw) const {
    TWIN_EXPECT(theta.size() == 1, theta.size());
    std::array<double, Size> mean = {};
    mean[0] = 1.0;
    return drawn_row(mean, 0.03162277660168379, draw);
  }

  void advance(State& state, std::span<const double> theta, twin::core::Tick until,
               twin::core::Draw /*draw*/) const {
    TWIN_EXPECT(state.now <= until, state.now, until);
    const double forcing = theta[0];
    for (; state.now < until; ++state.now) {
      runge_kutta_step(state.x, Step,
                       [forcing](const auto& x, auto& dx) { slope(x, forcing, dx); });
    }
  }

  static std::span<double> vector(State& state) { return state.x; }

 private:
  static void slope(const std::array<double, Size>& x, double forcing,
                    std::array<double, Size>& dx) {
    constexpr std::size_t Last = Size - 1;
    dx[0] = (x[1] - x[Last - 1]) * x[Last] - x[0] + forcing;
    dx[1] = (x[2] - x[Last]) * x[0] - x[1] + forcing;
    for (std::size_t i = 2; i < Last; ++i) {
      dx[i] = (x[i + 1] - x[i - 2]) * x[i - 1] - x[i] + forcing;
    }
    dx[Last] = (x[0] - x[Last - 2]) * x[Last - 1] - x[Last] + forcing;
  }
};

}  // namespace twins::toys
