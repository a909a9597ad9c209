// If this failed, decisions would be tested on a fab in which nothing is to be decided.
#include "twins/fab/decide/scene.hpp"

#include <gtest/gtest.h>

#include "twins/fab/floor.hpp"
#include "twins/fab/invariants.hpp"

namespace twins::fab::decide {
namespace {

TEST(DecideScene, HasLotsThatWaitAndAFutureThatIsSound) {
  const Scene s;
  EXPECT_GT(s.seen.wip, 20U);
  ASSERT_NE(s.waiting_lot(), None);
  EXPECT_EQ(s.seen.lots[find_lot(s.seen, s.waiting_lot())].place, LotPlace::Queued);
  EXPECT_TRUE(check_state(*s.layout, s.member()).empty());
}

}  // namespace
}  // namespace twins::fab::decide
