// If these failed, a queue whose tools stand would be taken for one that everybody has left.
#include "twins/fab/track/queue_clock.hpp"

#include <gtest/gtest.h>

namespace twins::fab::track {
namespace {

// Wrong: the clock would run while nobody starts, or stand while all do.
TEST(QueueClock, CountsStartsAgainstThoseAhead) {
  QueueClock clock(1000.0);
  for (int i = 0; i < 3; ++i) clock.joined();
  clock.left();
  EXPECT_EQ(clock.waiting(), 2U);
  for (const Tick at : {5, 10, 10, 40}) clock.started(at);
  EXPECT_DOUBLE_EQ(clock.reading(0, 4, 0), 0.004);
  EXPECT_DOUBLE_EQ(clock.reading(5, 40, 0), 3.035);  // those after its coming
  EXPECT_DOUBLE_EQ(clock.reading(0, 40, 3), 4.04 / 4.0);
}

// Wrong: the moment drawn for an unseen start would not be the one that its reading means.
TEST(QueueClock, FindsTheMomentOfAReading) {
  QueueClock clock(1000.0);
  for (const Tick at : {100, 200, 200, 400}) clock.started(at);
  for (const std::uint32_t ahead : {0U, 2U}) {
    for (Tick at = 0; at <= 600; at += 7) {
      const Tick found = clock.when(0, 600, ahead, clock.reading(0, at, ahead));
      EXPECT_NEAR(static_cast<double>(found), static_cast<double>(at), 1.0) << at;
    }
  }
  EXPECT_EQ(clock.when(0, 600, 0, 0.5), 100);   // a jump over it
  EXPECT_EQ(clock.when(0, 600, 0, 99.0), 600);  // not yet
}

// Wrong: a long log would fill the memory, or old starts would be taken for new ones.
TEST(QueueClock, RemembersTheLatestStarts) {
  QueueClock clock(1e9);
  const auto n = static_cast<Tick>(QueueClock::Remembered);
  for (Tick at = 1; at <= 3 * n; ++at) clock.started(at);
  EXPECT_NEAR(clock.reading(0, 3 * n, 0), static_cast<double>(n), 0.01);
  EXPECT_NEAR(clock.reading(3 * n - 10, 3 * n - 4, 0), 6.0, 0.01);
}

}  // namespace
}  // namespace twins::fab::track
