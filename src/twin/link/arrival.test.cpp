// If this failed, two arrivals that differ could be taken for one.
#include "twin/link/arrival.hpp"

#include <gtest/gtest.h>

namespace twin::link {
namespace {

TEST(Arrival, IsEqualOnlyInEveryPart) {
  const Arrival one{.source = "secs/A", .epoch = 1, .seq = 2, .clock = 3, .arrived = 4};
  Arrival other = one;
  EXPECT_EQ(one, other);
  other.epoch = 2;
  EXPECT_NE(one, other);
  other = one;
  other.raw = {1};
  EXPECT_NE(one, other);
}

}  // namespace
}  // namespace twin::link
