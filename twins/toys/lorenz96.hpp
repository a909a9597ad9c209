// Lorenz's ring of waves ("Predictability: a problem partly solved", 1996; Lorenz, Emanuel, J. Atmos.
// Sci. 55, 1998, eq. 1): dx_i/dt = (x_{i+1} - x_{i-2}) x_{i-1} - x_i + F. Chaotic at F = 8.
#pragma once
#include <cstddef>
#include <span>

#include "twin/core/expect.hpp"
#include "twins/toys/row.hpp"
#include "twins/toys/runge_kutta.hpp"
#include "twins/toys/runge_kutta_tangent.hpp"

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

  // Small changes along the run from `start`, and the adjoint of that (HasTangent of
  // twin/infer/variational/model_operator.hpp). dx, a: [column][variable].
  void tangent(const State& start, std::span<const double> theta, twin::core::Tick until,
               std::span<double> dx) const {
    TWIN_EXPECT(start.now <= until, start.now, until);
    const double forcing = theta[0];
    forward_along(
        start.x, static_cast<std::size_t>(until - start.now), Step, dx,
        [forcing](const auto& x, auto& out) { slope(x, forcing, out); },
        [](const auto& at, std::span<double, Size> column) {
          runge_kutta_tangent_step(at, Step, column, slope_tangent);
        });
  }
  void adjoint(const State& start, std::span<const double> theta, twin::core::Tick until,
               std::span<double> a) const {
    TWIN_EXPECT(start.now <= until, start.now, until);
    const double forcing = theta[0];
    backward_along(
        start.x, static_cast<std::size_t>(until - start.now), Step, a,
        [forcing](const auto& x, auto& out) { slope(x, forcing, out); },
        [](const auto& at, std::span<double, Size> column) {
          runge_kutta_adjoint_step(at, Step, column, slope_adjoint);
        });
  }

 private:
  using Variables = std::array<double, Size>;

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

  // The place `by` steps on round the ring.
  static constexpr std::size_t beyond(std::size_t i, std::size_t by) { return (i + by) % Size; }

  static void slope_tangent(const Variables& x, const Variables& dx, Variables& out) {
    for (std::size_t i = 0; i < Size; ++i) {
      const std::size_t on = beyond(i, 1), back = beyond(i, Size - 1), far = beyond(i, Size - 2);
      out[i] = (dx[on] - dx[far]) * x[back] + (x[on] - x[far]) * dx[back] - dx[i];
    }
  }

  static void slope_adjoint(const Variables& x, const Variables& b, Variables& out) {
    for (std::size_t i = 0; i < Size; ++i) out[i] = -b[i];
    for (std::size_t i = 0; i < Size; ++i) {
      const std::size_t on = beyond(i, 1), back = beyond(i, Size - 1), far = beyond(i, Size - 2);
      out[on] += x[back] * b[i];
      out[far] -= x[back] * b[i];
      out[back] += (x[on] - x[far]) * b[i];
    }
  }
};

}  // namespace twins::toys
