// If these failed, results on Lorenz-63 could not be compared with anybody's.
#include "twins/toys/lorenz63.hpp"

#include <gtest/gtest.h>

#include "twin/contract/check_model.hpp"

namespace twins::toys {
namespace {

TWIN_CHECK_MODEL(Lorenz63Model, [] {
  return twin::contract::ModelCase<Lorenz63>{.model = {},
                                             .theta = {10.0, 28.0, 8.0 / 3.0},
                                             .draw = {.seed = 1, .member = 0},
                                             .horizon = 300};
});

TEST(Lorenz63, RestsAtItsFixedPoints) {
  // The equations would be others: C+ = (q, q, rho - 1) with q = sqrt(beta (rho - 1)).
  const std::vector<double> theta = {10.0, 20.0, 8.0 / 3.0};  // stable there
  const double q = std::sqrt(8.0 / 3.0 * 19.0);
  Lorenz63::State x;
  x.x = {q, q, 19.0};
  Lorenz63().advance(x, theta, 1000, {});
  EXPECT_NEAR(x.x[0], q, 1e-10);
  EXPECT_NEAR(x.x[1], q, 1e-10);
  EXPECT_NEAR(x.x[2], 19.0, 1e-10);
}

TEST(Lorenz63, ContractsVolumesAtItsRate) {
  // The divergence of the flow is -(sigma + 1 + beta) everywhere (Lorenz 1963, eq. 29): the volume
  // spanned by three small differences shrinks by exp of that, here over 0.1 time units.
  const std::vector<double> theta = {10.0, 28.0, 8.0 / 3.0};
  constexpr double Small = 1e-6;
  Lorenz63::State centre;
  centre.x = {1.0, 2.0, 25.0};
  std::array<std::array<double, 3>, 3> edge{};
  Lorenz63::State moved = centre;
  Lorenz63().advance(moved, theta, 10, {});
  for (std::size_t i = 0; i < 3; ++i) {
    Lorenz63::State beside = centre;
    beside.x[i] += Small;
    Lorenz63().advance(beside, theta, 10, {});
    for (std::size_t j = 0; j < 3; ++j) edge[i][j] = (beside.x[j] - moved.x[j]) / Small;
  }
  const auto& e = edge;
  const double volume = e[0][0] * (e[1][1] * e[2][2] - e[1][2] * e[2][1]) -
                        e[0][1] * (e[1][0] * e[2][2] - e[1][2] * e[2][0]) +
                        e[0][2] * (e[1][0] * e[2][1] - e[1][1] * e[2][0]);
  EXPECT_NEAR(std::log(volume), -0.1 * (10.0 + 1.0 + 8.0 / 3.0), 1e-3);
}

}  // namespace
}  // namespace twins::toys
