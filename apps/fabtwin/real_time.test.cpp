// If this failed, a live twin would date what it hears by another unit, or its timeouts would run
// backwards.
#include "apps/fabtwin/real_time.hpp"

#include <gtest/gtest.h>

namespace apps::fabtwin {
namespace {

TEST(RealTime, IsInMilliseconds) {
  EXPECT_GT(real_ms(), 1'700'000'000'000);  // 2023
  EXPECT_LT(real_ms(), 4'000'000'000'000);  // 2096
  std::int64_t before = line_ms();
  for (int k = 0; k < 1'000; ++k) {
    const std::int64_t now = line_ms();
    EXPECT_GE(now, before);
    before = now;
  }
}

}  // namespace
}  // namespace apps::fabtwin
