// If these failed, a change would be dated wrong, or an alarm would vanish by itself.
#include "twin/score/monitor.hpp"

#include <gtest/gtest.h>

#include "twin/core/archive.hpp"

namespace twin::score {
namespace {

// The sum stays at 0 or above and knows since when it is off the floor.
TEST(PageSum, RemembersWhereItLeftZero) {
  PageSum s;
  s.add(-1.0, 1);
  EXPECT_EQ(s.value(), 0.0);
  s.add(2.0, 2);
  s.add(-0.5, 3);
  EXPECT_EQ(s.value(), 1.5);
  EXPECT_EQ(s.began_at(), 2U);
  s.add(-9.0, 4);
  s.add(1.0, 5);
  EXPECT_EQ(s.began_at(), 5U);
}

// The first alarm stands, whatever comes after it; at the threshold itself there is none.
TEST(PagePair, KeepsTheFirstAlarm) {
  PagePair p;
  EXPECT_EQ(p.add(3.0, -3.0, 3.0, 1), Change::None);
  EXPECT_EQ(p.add(-9.0, 4.0, 3.0, 2), Change::Down);
  EXPECT_EQ(p.add(9.0, -9.0, 3.0, 3), Change::Down);
  EXPECT_EQ(p.alarm(), (Alarm{Change::Down, 2, 2}));
  EXPECT_EQ(p.change(), Change::Down);
}

// An alarm lost at a restart would never be answered.
TEST(PagePair, IsSavedWithItsAlarm) {
  PagePair p;
  EXPECT_EQ(core::load<PagePair>(core::save(p)), p);
  p.add(5.0, -5.0, 3.0, 1);
  EXPECT_EQ(core::load<PagePair>(core::save(p)), p);
}

}  // namespace
}  // namespace twin::score
