// If these failed, every analysis would be off by the error of its square root.
#include "twin/infer/letkf/rational_root.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace twin::infer::letkf {
namespace {

TEST(RationalRoot, IsTheInverseRootOnEachLevel) {
  const RationalRoot root;
  const RootNodes nodes = root.nodes();
  ASSERT_EQ(nodes.levels, RationalRoot::Levels);
  for (std::size_t level = 1; level <= nodes.levels; ++level) {
    Poles poles;
    for (std::size_t k = 0; k < nodes.counts[level]; ++k) {
      poles.shifts.push_back(nodes.shifts[level * nodes.terms + k]);
      poles.weights.push_back(nodes.weights[level * nodes.terms + k]);
      EXPECT_GT(poles.shifts.back(), 0.0);
      EXPECT_GT(poles.weights.back(), 0.0);
    }
    double worst = 0.0;
    const int steps = 400;
    for (int i = 0; i <= steps; ++i) {
      const double z = std::exp2(static_cast<double>(level) * i / steps);
      worst = std::max(worst, std::abs(value_of(poles, z) * std::sqrt(z) - 1.0));
    }
    // The tolerance, and the round-off of a sum of positive terms.
    EXPECT_LT(worst, RationalRoot::Tolerance + 1e-15 * static_cast<double>(nodes.counts[level]))
        << level;
  }
}

TEST(RationalRoot, ConvergesAtZolotarevsRate) {
  // More terms would be taken than needed. The best approximation errs by 4 exp(-2 pi^2 K / log(16
  // condition)) with K terms.
  for (const double condition : {2.0, 8.0, 64.0, 1e4}) {
    for (const std::size_t terms : {2U, 4U, 6U}) {
      const double error = std::abs(value_of(poles_of(condition, terms), 1.0) - 1.0);
      const double rate = std::exp(-2.0 * 9.869604401089358 * static_cast<double>(terms) /
                                   std::log(16.0 * condition));
      EXPECT_LT(error, 5.0 * rate) << condition << ' ' << terms;
    }
  }
}

}  // namespace
}  // namespace twin::infer::letkf
