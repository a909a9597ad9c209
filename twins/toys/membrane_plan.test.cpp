// If these failed, the order of elimination would leave out nodes, or take some twice.
#include "twins/toys/membrane_plan.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <set>

namespace twins::toys {
namespace {

TEST(MembranePlan, EliminatesEachNodeOnce) {
  const MembranePlan& p = membrane_plan();
  std::set<std::size_t> gone;
  std::size_t count = 0;
  for (const MembraneFront& f : p.fronts) {
    for (std::size_t k = 0; k < f.gone; ++k, ++count) gone.insert(p.node[f.first + k]);
  }
  for (const MembraneBlock& b : p.blocks)
    for (const auto n : b.inner) gone.insert(n), ++count;
  EXPECT_EQ(count, 961U);
  EXPECT_EQ(gone.size(), 961U);
}

TEST(MembranePlan, StiffnessOfABlockHoldsAConstant) {
  // A block that is moved as a whole is not bent: rows of its stiffness sum to 0, also condensed.
  const MembranePlan& p = membrane_plan();
  for (const auto& row : p.stiffness) {
    double sum = 0.0;
    for (const double v : row) sum += v;
    EXPECT_NEAR(sum, 0.0, 1e-14);
  }
  for (const auto& row : p.condensed) {
    double sum = 0.0;
    for (const double v : row) sum += v;
    EXPECT_NEAR(sum, 0.0, 1e-14);
  }
}

TEST(MembranePlan, PointsAreMeansOfTheirCorners) {
  for (const MembranePoint& m : membrane_plan().points) {
    double sum = 0.0;
    for (const double w : m.weight) sum += w;
    EXPECT_NEAR(sum, 1.0, 1e-14);
  }
}

}  // namespace
}  // namespace twins::toys
