// If these failed, the log would be thought more complete, or less, than it is.
#include "twins/fab/track/completeness.hpp"

#include <gtest/gtest.h>

namespace twins::fab::track {
namespace {

using Order = SourceCounters::Order;

struct Told {
  std::uint64_t seq;
  twin::event::Tick at;
  Order order;
  std::uint64_t lost;
};

// Wrong: lost events would not be missed, or events heard twice counted as new ones.
TEST(SourceCounters, TellGapsRepeatsAndNewBeginnings) {
  SourceCounters counters(2);
  for (const Told& t :
       {Told{5, 0, Order::Unknown, 0}, Told{6, 0, Order::Next, 0}, Told{9, 3, Order::Gap, 2},
        Told{9, 3, Order::Repeated, 0}, Told{8, 3, Order::Repeated, 0}, Told{10, 4, Order::Next, 0},
        Told{0, 7, Order::Unknown, 0},  // began anew
        Told{1, 7, Order::Next, 0},
        Told{90'000'000'000, 8, Order::Unknown, 0}}) {  // no gap can be as long
    twin::event::Event e;
    e.source = 1;
    e.source_seq = t.seq;
    e.at = t.at;
    std::uint64_t lost = 99;
    EXPECT_EQ(counters.follow(e, lost), t.order) << t.seq;
    EXPECT_EQ(lost, t.lost) << t.seq;
  }
  twin::event::Event stranger;
  stranger.source = 2;
  std::uint64_t lost = 0;
  EXPECT_EQ(counters.follow(stranger, lost), Order::Unknown);
}

// Wrong: one outage would make every other event look likely to be lost.
TEST(Losses, TellsOutagesFromSingleLosses) {
  Losses losses;
  EXPECT_DOUBLE_EQ(losses.share(), 0.5);
  losses.seen = 79;
  for (int i = 0; i < 20; ++i) losses.gap(1);
  EXPECT_DOUBLE_EQ(losses.share(), 20.5 / 100.0);
  losses.gap(8);  // 0.205 to the 8th is more than a millionth
  EXPECT_EQ(losses.lost, 28U);
  losses.gap(11);  // 0.264 to the 11th is less
  EXPECT_EQ(losses.lost, 28U);
  EXPECT_EQ(losses.in_outages, 11U);
  EXPECT_DOUBLE_EQ(losses.share(), 28.5 / 108.0);
}

TEST(Heard, HasAWordForEach) {
  for (std::size_t i = 0; i < Hearings; ++i)
    EXPECT_FALSE(to_string(static_cast<Heard>(i)).empty()) << i;
}

}  // namespace
}  // namespace twins::fab::track
