// If these failed, a run that died would be taken for the event, or for another's.
#include "twin/uq/limit_state.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

namespace twin::uq {
namespace {

TEST(LimitState, AFailedRunIsNotTheEvent) {
  const LimitState f = pointwise([](std::span<const double> u) {
    return u[0] < 0.0 ? std::numeric_limits<double>::quiet_NaN() : u[0];
  });
  std::vector<std::vector<double>> u(1);
  for (int k = 0; k < 1'000; ++k) u[0].push_back(k % 3 == 0 ? -1.0 : k);
  const Asked one = ask(f, u, 1), three = ask(f, u, 3);
  EXPECT_EQ(one.failed, 334U);
  EXPECT_EQ(one.g, three.g);
  EXPECT_TRUE(std::isinf(one.g[0]) && one.g[0] > 0.0);
  EXPECT_EQ(one.g[1], 1.0);
}

TEST(LimitState, WithoutProbabilityThereIsNoRelativeError) {
  EXPECT_TRUE(std::isinf(RareEvent{}.coefficient_of_variation()));
  EXPECT_EQ((RareEvent{.probability = 0.5, .standard_error = 0.1}).coefficient_of_variation(), 0.2);
}

}  // namespace
}  // namespace twin::uq
