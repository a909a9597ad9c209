// If these failed, one caller could take all of the server, or fill its memory.
#include "twin/people/throttle.hpp"

#include <gtest/gtest.h>

#include <string>

namespace twin::people {
namespace {

TEST(PeopleThrottle, GivesItsBurstAndThenItsPace) {
  Buckets buckets({.every_ms = 1'000, .burst = 5});
  for (int k = 0; k < 5; ++k) EXPECT_TRUE(buckets.take("a", 0));
  EXPECT_FALSE(buckets.take("a", 0));
  EXPECT_EQ(buckets.wait("a", 0), 1'000);
  EXPECT_FALSE(buckets.take("a", 999));
  EXPECT_TRUE(buckets.take("a", 1'000));
  EXPECT_FALSE(buckets.take("a", 1'000));
  EXPECT_TRUE(buckets.take("b", 1'000)) << "others pay for it";
  EXPECT_FALSE(buckets.take("a", 0)) << "a clock that is set back gives some";
}

TEST(PeopleThrottle, NeverGivesMoreThanBurstAndPaceOfAnyTime) {
  Buckets buckets({.every_ms = 7, .burst = 3});
  int given = 0;
  for (core::Tick now = 0; now <= 7'000; ++now) given += buckets.take("a", now) ? 1 : 0;
  EXPECT_EQ(given, 3 + 1'000);
}

TEST(PeopleThrottle, HoldsNoMoreThanItsKeysHoweverManyCome) {
  Buckets buckets({.every_ms = 1'000, .burst = 5}, Crowd::Shares, 100);
  int given = 0;
  for (int k = 0; k < 100'000; ++k) given += buckets.take("stranger " + std::to_string(k), 0);
  EXPECT_EQ(buckets.keys(), 100U);
  EXPECT_EQ(given, 105) << "100 of their own, 5 of the bucket of all others";
  EXPECT_TRUE(buckets.take("a friend", 2'000)) << "room is made of what has been paid back";
}

TEST(PeopleThrottle, ACrowdThatMayPassLocksNobodyOut) {
  // Whoever guesses from ten thousand addresses would keep everybody else from coming in.
  Buckets buckets({.every_ms = 1'000, .burst = 1}, Crowd::Passes, 100);
  for (int k = 0; k < 10'000; ++k) EXPECT_TRUE(buckets.take("stranger " + std::to_string(k), 0));
  EXPECT_EQ(buckets.keys(), 100U);
  EXPECT_TRUE(buckets.has("a friend", 0));
  EXPECT_FALSE(buckets.has("stranger 7", 0));
}

TEST(PeopleThrottle, ACrowdIsCheap) {
  // 400,000 from 8,000 addresses within 2 s: to look through 4,096 keys for room each time would be 10^9 looks.
  Buckets buckets({.every_ms = 1'000, .burst = 5});
  for (int k = 0; k < 400'000; ++k)
    static_cast<void>(buckets.take(std::to_string(k % 8'000), k / 200));
  EXPECT_EQ(buckets.keys(), 4'096U);
}

}  // namespace
}  // namespace twin::people
