// If these failed, an entry could be altered, left out or moved, and the next would not say so.
#include "twin/people/trail.hpp"

#include <gtest/gtest.h>

#include "twin/contract/refusal.hpp"

namespace twin::people {
namespace {

TEST(PeopleTrail, FollowsInOrderAndSaysWhatIsWrong) {
  Trail trail;
  const core::Note first{.at = 5, .kind = "people.x", .text = "one"};
  trail.follow(first, 0, {});
  EXPECT_EQ(trail.size(), 1U);
  EXPECT_EQ(trail.head(), sha256(Digest().show() + "\n5\npeople.x\none"));
  const Trail kept = trail;
  EXPECT_EQ(contract::refusal([&] { trail.follow(first, 0, {}); }),
            "people.x: entry 0 stands where 1 should");
  EXPECT_EQ(contract::refusal([&] { trail.follow(first, 2, trail.head()); }),
            "people.x: entry 2 stands where 1 should");
  EXPECT_EQ(contract::refusal([&] { trail.follow(first, 1, {}); }),
            "people.x: entry 1 does not stand behind the one before it");
  EXPECT_EQ(trail, kept);
}

TEST(PeopleTrail, TimeKindAndTextAllCount) {
  const auto head = [](const core::Note& note) {
    Trail trail;
    trail.follow(note, 0, {});
    return trail.head();
  };
  const core::Note note{.at = 5, .kind = "k", .text = "t"};
  EXPECT_NE(head(note), head({.at = 6, .kind = "k", .text = "t"}));
  EXPECT_NE(head(note), head({.at = 5, .kind = "l", .text = "t"}));
  EXPECT_NE(head(note), head({.at = 5, .kind = "k", .text = "u"}));
}

}  // namespace
}  // namespace twin::people
