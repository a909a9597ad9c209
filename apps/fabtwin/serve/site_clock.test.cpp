// If these failed, a forecast of an accelerated fab would be made at another time than it says.
#include "apps/fabtwin/serve/site_clock.hpp"

#include <gtest/gtest.h>

namespace apps::fabtwin::serve {
namespace {

TEST(SiteClock, IsTheComputersWhereNothingElseIsSaid) {
  EXPECT_EQ(RealTime.at(1'760'000'000'123), 1'760'000'000'123);
  EXPECT_EQ(RealTime.wait_ms(1'500, 1'200), 300);
}

TEST(SiteClock, RunsAsFastAsThePlant) {
  const SiteClock clock{.zero_ms = 5'000, .started_real_ms = 100, .speed = 60.0};
  EXPECT_EQ(clock.at(100), 5'000);
  EXPECT_EQ(clock.at(1'100), 65'000);
  EXPECT_EQ(clock.wait_ms(65'000, 100), 1'000);
  EXPECT_EQ(clock.wait_ms(65'001, 100), 1'001);
  EXPECT_EQ(clock.wait_ms(4'000, 100), 0);
  EXPECT_EQ(clock.real_ms(65'000), 1'100);
  EXPECT_EQ(clock.real_ms(5'059), 100) << "the moment is not over";
  EXPECT_EQ(RealTime.real_ms(1'795'935'600'123), 1'795'935'600'123);
  const SiteClock slow{.zero_ms = 0, .started_real_ms = 0, .speed = 0.5};
  EXPECT_EQ(slow.at(3), 1);
}

}  // namespace
}  // namespace apps::fabtwin::serve
