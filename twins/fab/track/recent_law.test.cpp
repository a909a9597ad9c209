// If these failed, the tracker would take durations for likely that were never seen, or forget none.
#include "twins/fab/track/recent_law.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace twins::fab::track {
namespace {

// Wrong: seen durations would have another share than the order statistics give them.
TEST(RecentLaw, GivesEachGapBetweenSeenOnesOneShare) {
  const RecentLaw law({1.0, 2.0, 4.0});
  EXPECT_DOUBLE_EQ(law.beyond(0.0), 1.0);  // the mean spacing, 1.5, below the least
  EXPECT_DOUBLE_EQ(law.beyond(1.0), 0.75);
  EXPECT_DOUBLE_EQ(law.beyond(3.0), 0.375);           // half way from 2 to 4
  EXPECT_DOUBLE_EQ(law.between(0.0, 3.0, 0.4), 1.0);  // 0.4 of 0.625 is 0.25
  EXPECT_DOUBLE_EQ(law.between(1.0, 3.0, 2.0 / 3.0), 2.0);
  EXPECT_EQ(law.seen(), 0U);
  EXPECT_DOUBLE_EQ(law.mean(), 7.0 / 3.0);
}

// Wrong: what takes no time, as often a wait does, would never be over.
TEST(RecentLaw, KnowsDurationsOfNoLength) {
  const RecentLaw zero({0.0, 0.0, 0.0});
  EXPECT_EQ(zero.beyond(0.0), 0.0);
  EXPECT_EQ(zero.between(0.0, 10.0, 0.5), 0.0);
  EXPECT_EQ(RecentLaw().beyond(0.0), 0.0);
  EXPECT_EQ(RecentLaw().between(2.0, 3.0, 0.5), 2.0);
}

// Wrong: a constant law would be blurred.
TEST(RecentLaw, KeepsAConstant) {
  const RecentLaw law(std::vector<double>(16, 600.0));
  EXPECT_EQ(law.beyond(599.999), 1.0);
  EXPECT_EQ(law.beyond(600.0), 0.0);
  EXPECT_EQ(law.between(0.0, 1000.0, 0.3), 600.0);
  EXPECT_EQ(law.between(700.0, 1000.0, 0.3), 1000.0);  // nothing is left there
}

// Wrong: a drift of the fab would never be followed.
TEST(RecentLaw, ForgetsTheOldest) {
  RecentLaw law({1.0, 1.0});
  for (std::size_t i = 0; i < RecentLaw::Remembered; ++i) law.saw(5.0);
  EXPECT_EQ(law.beyond(4.9), 1.0);
  EXPECT_EQ(law.seen(), RecentLaw::Remembered);
}

// Wrong: quantiles would belong to another law than the probabilities. In the tails too, of both kinds.
TEST(RecentLaw, QuantileIsTheInverse) {
  for (const auto tail : {RecentLaw::Tail::Light, RecentLaw::Tail::Heavy}) {
    RecentLaw law({}, tail);
    for (int i = 1; i <= 40; ++i) law.saw(std::sqrt(i) * 3.0);
    for (double u = 0.005; u < 1.0; u += 0.01)
      EXPECT_NEAR(1.0 - law.beyond(law.between(0.0, 1e12, u)), u, 1e-9) << u;
  }
}

// Wrong: a wait longer than any seen would be taken as impossible, and its lot as long gone.
TEST(RecentLaw, LeavesRoomBeyondTheGreatest) {
  RecentLaw light({}, RecentLaw::Tail::Light), heavy({}, RecentLaw::Tail::Heavy);
  for (int i = 1; i <= 10; ++i) light.saw(i), heavy.saw(i);
  const double scale = 7.0 / 2.592857142857143;
  EXPECT_NEAR(light.beyond(10.0 + scale), std::exp(-1.0) / 11.0, 1e-12);
  EXPECT_NEAR(heavy.beyond(10.0 + 18.0 * scale), 0.01 / 11.0, 1e-12);
}

}  // namespace
}  // namespace twins::fab::track
