// One step of the classical fourth-order Runge-Kutta method (Kutta 1901), for toys whose state is a
// fixed row of numbers: nothing is allocated.
#pragma once
#include <array>
#include <cstddef>

namespace twins::toys {

// x at time t becomes x at t + h. slope(x, dx) fills dx with the time derivative of x.
template <std::size_t Size, class Slope>
void runge_kutta_step(std::array<double, Size>& x, double h, Slope&& slope) {
  std::array<double, Size> k, sum, at;
  slope(x, sum);
  for (std::size_t i = 0; i < Size; ++i) at[i] = x[i] + 0.5 * h * sum[i];
  slope(at, k);
  for (std::size_t i = 0; i < Size; ++i) {
    at[i] = x[i] + 0.5 * h * k[i];
    sum[i] += 2.0 * k[i];
  }
  slope(at, k);
  for (std::size_t i = 0; i < Size; ++i) {
    at[i] = x[i] + h * k[i];
    sum[i] += 2.0 * k[i];
  }
  slope(at, k);
  for (std::size_t i = 0; i < Size; ++i) x[i] += h / 6.0 * (sum[i] + k[i]);
}

}  // namespace twins::toys
