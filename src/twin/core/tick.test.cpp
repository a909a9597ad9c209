// If this failed, a thing that never happens would.
#include "twin/core/tick.hpp"

#include <gtest/gtest.h>

namespace twin::core {
namespace {

TEST(Tick, NeverIsLaterThanACenturyOfMilliseconds) {
  static_assert(Never > Tick{100} * 366 * 24 * 3'600'000);
  static_assert(Never > -Never);
  EXPECT_GT(Never, Tick{0});
}

}  // namespace
}  // namespace twin::core
