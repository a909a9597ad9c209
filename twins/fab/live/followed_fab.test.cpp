// The fab that the tests of the live mirror follow.
#include "twins/fab/live/followed_fab.hpp"

#include <gtest/gtest.h>

namespace twins::fab::live {
namespace {

TEST(FollowedFab, HasALogAndItsTruth) {
  // Wrong: the live mirror would be held against nothing.
  const FollowedFab fab(lively_fab(), Day, 6 * Hour);
  ASSERT_EQ(fab.truth.size(), 4U);
  EXPECT_EQ(fab.truth.back().first, Day);
  EXPECT_GT(fab.truth.back().second.wip, 0U);
  EXPECT_GT(fab.log.size(), 200U);
  EXPECT_GT(fab.lots, 5U);
  for (const auto& e : fab.log) EXPECT_TRUE(e.lot == None || e.lot < fab.lots);
}

}  // namespace
}  // namespace twins::fab::live
