// If these failed, two runs of the same question could name different alternatives as the best.
#include "twin/decide/selection.hpp"

#include <gtest/gtest.h>

namespace twin::decide {
namespace {

// Wrong: a tie would go one way here and another there.
TEST(Selection, TiesGoToTheLowerNumber) {
  EXPECT_EQ(least_of(std::vector<double>{3, 1, 2, 1}), 1U);
  EXPECT_EQ(least_of(std::vector<double>{0.0, -0.0}), 0U);
  EXPECT_EQ(least_of(std::vector<double>{7}), 0U);
}

// Wrong: a budget would not be kept.
TEST(Selection, CountsRuns) {
  const std::vector<Runs> wanted = {{0, 0, 10}, {4, 10, 3}};
  EXPECT_EQ(runs_in(wanted), 13U);
  EXPECT_EQ(runs_in({}), 0U);
}

}  // namespace
}  // namespace twin::decide
