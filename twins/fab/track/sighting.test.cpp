// If these failed, reports would name a lot's phase wrongly, or take a lot in a queue for one in a tool.
#include "twins/fab/track/sighting.hpp"

#include <gtest/gtest.h>

#include <set>

namespace twins::fab::track {
namespace {

TEST(Phase, HasAWordOfItsOwnAndAPlace) {
  std::set<std::string_view> words;
  int inside = 0;
  for (int p = 0; p <= static_cast<int>(Phase::Left); ++p) {
    words.insert(to_string(static_cast<Phase>(p)));
    inside += in_tool(static_cast<Phase>(p)) ? 1 : 0;
  }
  EXPECT_EQ(words.size(), 10U);
  EXPECT_EQ(inside, 4);
}

}  // namespace
}  // namespace twins::fab::track
