// If these failed, the toys would solve other equations than theirs.
#include "twins/toys/runge_kutta.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace twins::toys {
namespace {

TEST(RungeKutta, IsOfFourthOrder) {
  // The error would not fall sixteenfold with half the step: an oscillator, one time unit.
  const auto error = [](int steps) {
    std::array<double, 2> x = {1.0, 0.0};
    for (int i = 0; i < steps; ++i) {
      runge_kutta_step(x, 1.0 / steps, [](const auto& at, auto& slope) {
        slope = {at[1], -at[0]};
      });
    }
    return std::hypot(x[0] - std::cos(1.0), x[1] + std::sin(1.0));
  };
  EXPECT_NEAR(std::log2(error(20) / error(40)), 4.0, 0.05);
}

}  // namespace
}  // namespace twins::toys
