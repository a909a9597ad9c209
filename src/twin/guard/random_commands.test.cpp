// If these failed, the ten million random commands would all be alike, or all bad.
#include "twin/guard/random_commands.hpp"

#include <gtest/gtest.h>

namespace twin::guard::scenario {
namespace {

TEST(RandomCommands, AreOfBothKindsAndDependOnTheSeed) {
  const Tries a = try_randomly(1, 20'000), b = try_randomly(1, 20'000), c = try_randomly(2, 20'000);
  EXPECT_EQ(a.passed, b.passed);
  EXPECT_NE(a.passed, c.passed);
  EXPECT_GT(a.passed, 1'000U);
  EXPECT_LT(a.passed, 19'000U);
}

}  // namespace
}  // namespace twin::guard::scenario
