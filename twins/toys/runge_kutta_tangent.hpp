// The tangent and the adjoint of one step of runge_kutta.hpp: derivatives of what is computed, not of
// the differential equation, so that they hold to round-off for any step.
#pragma once
#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "twin/core/expect.hpp"
#include "twins/toys/runge_kutta.hpp"

namespace twins::toys {

// The points at which the slope is taken in a step of size h from x: [stage][variable].
template <std::size_t Size, class Slope>
std::array<std::array<double, Size>, 4> runge_kutta_stages(const std::array<double, Size>& x,
                                                           double h, Slope&& slope) {
  std::array<std::array<double, Size>, 4> at;
  std::array<double, Size> k;
  at[0] = x;
  constexpr std::array<double, 3> Reach = {0.5, 0.5, 1.0};
  for (std::size_t stage = 0; stage < 3; ++stage) {
    slope(at[stage], k);
    for (std::size_t i = 0; i < Size; ++i) at[stage + 1][i] = x[i] + Reach[stage] * h * k[i];
  }
  return at;
}

// dx before the step becomes dx after it. tangent(x, dx, out) fills out with the slope's Jacobian at x
// times dx.
template <std::size_t Size, class Tangent>
void runge_kutta_tangent_step(const std::array<std::array<double, Size>, 4>& at, double h,
                              std::span<double, Size> dx, Tangent&& tangent) {
  std::array<double, Size> k, sum, moved;
  const auto along = [&](double reach) {
    for (std::size_t i = 0; i < Size; ++i) moved[i] = dx[i] + reach * h * k[i];
  };
  const auto add = [&](double weight) {
    for (std::size_t i = 0; i < Size; ++i) sum[i] += weight * k[i];
  };
  k.fill(0.0);
  sum.fill(0.0);
  along(0.0);
  tangent(at[0], moved, k);
  add(1.0);
  along(0.5);
  tangent(at[1], moved, k);
  add(2.0);
  along(0.5);
  tangent(at[2], moved, k);
  add(2.0);
  along(1.0);
  tangent(at[3], moved, k);
  add(1.0);
  for (std::size_t i = 0; i < Size; ++i) dx[i] += h / 6.0 * sum[i];
}

// a after the step becomes a before it. adjoint(x, b, out) fills out with the transposed Jacobian at x
// times b.
template <std::size_t Size, class Adjoint>
void runge_kutta_adjoint_step(const std::array<std::array<double, Size>, 4>& at, double h,
                              std::span<double, Size> a, Adjoint&& adjoint) {
  std::array<double, Size> b, s, sum;
  sum.fill(0.0);
  s.fill(0.0);
  // What a and the stage above ask of the slope here.
  const auto stage = [&](std::size_t number, double weight, double reach) {
    for (std::size_t i = 0; i < Size; ++i) b[i] = weight * h * a[i] + reach * h * s[i];
    adjoint(at[number], b, s);
    for (std::size_t i = 0; i < Size; ++i) sum[i] += s[i];
  };
  stage(3, 1.0 / 6.0, 0.0);
  stage(2, 1.0 / 3.0, 1.0);
  stage(1, 1.0 / 3.0, 0.5);
  stage(0, 1.0 / 6.0, 0.5);
  for (std::size_t i = 0; i < Size; ++i) a[i] += sum[i];
}

// f(stages, column) for each step from x on and each of the columns that stand in `all` one after
// another: forward along the run for a tangent, backward for an adjoint.
template <std::size_t Size, class Slope, class F>
void forward_along(std::array<double, Size> x, std::size_t steps, double h, std::span<double> all,
                   Slope&& slope, F&& f) {
  TWIN_EXPECT(all.size() % Size == 0, all.size(), Size);
  for (std::size_t k = 0; k < steps; ++k) {
    const auto at = runge_kutta_stages(x, h, slope);
    for (std::size_t c = 0; c < all.size(); c += Size) f(at, all.subspan(c).template first<Size>());
    runge_kutta_step(x, h, slope);
  }
}

template <std::size_t Size, class Slope, class F>
void backward_along(std::array<double, Size> x, std::size_t steps, double h, std::span<double> all,
                    Slope&& slope, F&& f) {
  TWIN_EXPECT(all.size() % Size == 0, all.size(), Size);
  std::vector<std::array<double, Size>> passed;  // [step]
  passed.reserve(steps);
  for (std::size_t k = 0; k < steps; ++k) {
    passed.push_back(x);
    runge_kutta_step(x, h, slope);
  }
  for (std::size_t k = steps; k-- > 0;) {
    const auto at = runge_kutta_stages(passed[k], h, slope);
    for (std::size_t c = 0; c < all.size(); c += Size) f(at, all.subspan(c).template first<Size>());
  }
}

}  // namespace twins::toys
