// If this failed, the door's tests would speak of messages that no tool sends.
#include "twin/link/door_example.hpp"

#include <gtest/gtest.h>

namespace twin::link {
namespace {

TEST(DoorExample, IsTakenAsHonest) {
  Site site;
  for (std::uint64_t seq = 0; seq < 10; ++seq)
    EXPECT_EQ(site.take(site.move(seq)), Taken::Accepted);
  EXPECT_EQ(site.state().accepted, 10U);
  EXPECT_EQ(site.notes("names").size(), 10U);  // each lot is new
}

}  // namespace
}  // namespace twin::link
