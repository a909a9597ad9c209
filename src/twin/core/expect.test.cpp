// If these failed, our own mistakes would go on computing instead of stopping with their values.
#include "twin/core/expect.hpp"

#include <gtest/gtest.h>

namespace twin::core {
namespace {

int twice(int x) {
  TWIN_EXPECT(x > 0, x, "must be positive");
  const int y = 2 * x;
  TWIN_ENSURE(y > x);
  return y;
}

// A broken contract that does not abort, or aborts without saying what it saw.
TEST(ExpectDeathTest, PrintsTheConditionAndTheValuesAndAborts) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(static_cast<void>(twice(-3)), "expect.test.cpp:[0-9]+: expected x > 0.*-3");
  EXPECT_DEATH(TWIN_ENSURE(1 + 1 == 3, 1 + 1), "ensured 1 \\+ 1 == 3.*2");
}

// A contract that is kept and yet costs or changes something.
TEST(Expect, IsSilentWhenKept) { EXPECT_EQ(twice(4), 8); }

// The values must be built only when they are needed.
TEST(Expect, DoesNotEvaluateTheValuesWhenKept) {
  int asked = 0;
  const auto ask = [&asked] { return ++asked; };
  TWIN_EXPECT(asked == 0, ask());
  EXPECT_EQ(asked, 0);
}

}  // namespace
}  // namespace twin::core
