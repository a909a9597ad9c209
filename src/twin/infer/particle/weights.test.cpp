// If these failed, particles would be weighed wrongly, or small likelihoods lost.
#include "twin/infer/particle/weights.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numeric>

namespace twin::infer::particle {
namespace {

constexpr double WeightsNothing = -std::numeric_limits<double>::infinity();

// Likelihoods below the least double must still be compared.
TEST(Weights, AreRelativeToTheLargest) {
  const Weights w =
      weights_of(std::vector<double>{-5000.0, -5000.0 + std::log(3.0), WeightsNothing});
  EXPECT_NEAR(w.relative[0], 1.0 / 3.0, 1e-12);
  EXPECT_EQ(w.relative[1], 1.0);
  EXPECT_EQ(w.relative[2], 0.0);
  EXPECT_NEAR(w.log_mean, -5000.0 + std::log(4.0 / 3.0), 1e-11);
  EXPECT_NEAR(w.ess, 16.0 / 10.0, 1e-12);
  const Weights none = weights_of(std::vector<double>{WeightsNothing, WeightsNothing});
  EXPECT_EQ(none.total, 0.0);
  EXPECT_EQ(none.ess, 0.0);
  EXPECT_EQ(none.log_mean, WeightsNothing);
  EXPECT_EQ(weights_of(std::vector<double>{-7.0}).ess, 1.0);
}

// The sum would depend on how it was cut, or lose terms.
TEST(Weights, SumIsWholeForAnyNumber) {
  for (std::size_t n = 0; n < 5000; n = 2 * n + 1) {
    std::vector<double> x(n);
    std::iota(x.begin(), x.end(), 1.0);
    EXPECT_EQ(blocked_sum(x), static_cast<double>(n * (n + 1)) / 2.0) << n;  // exact in integers
  }
}

}  // namespace
}  // namespace twin::infer::particle
