#include "twins/fab/rules/random.hpp"

#include <gmock/gmock.h>

#include <map>
#include <string>

#include "twins/fab/rules/queue_at_a.hpp"

namespace twins::fab {
namespace {

using semantics::step_at;
using testing::ElementsAre;

// Wrong: one lot of a queue would be favoured. Three lots wait when A becomes free: each must come first
// in a third of 3,000 seeds. Standard error 25.8; 5.5 of them either way are one false alarm in ten
// million for the three. And who is second must be as open as who is first.
TEST(Random, EachWaitingLotIsAsLikely) {
  std::map<std::string, int> first, second;
  auto fab = queue_at_a({{{step_at(0, 10)}}, {{step_at(0, 10)}}, {{step_at(0, 10)}}});
  constexpr int Seeds = 3000;
  for (int seed = 1; seed <= Seeds; ++seed) {
    fab.draw.seed = static_cast<std::uint64_t>(seed);
    const auto order = order_under<Random>(fab);
    ASSERT_EQ(order.size(), 4U);
    ++first[order[1]];
    ++second[order[2]];
  }
  for (const char* lot : {"1", "2", "3"}) {
    EXPECT_NEAR(first[lot], Seeds / 3, 5.5 * 25.8) << "lot " << lot;
    EXPECT_NEAR(second[lot], Seeds / 3, 5.5 * 25.8) << "lot " << lot;
  }
}

// Wrong: a lot would keep its luck for as long as it waits. The first of two lots is passed over at 50
// in half of all seeds; a third comes, and at 60 lot 1 or 2, whoever was passed over, must be as
// likely as the newcomer, whatever came before. Standard error of 3,000: 27.4.
TEST(Random, DrawsAnewAtEveryDecision) {
  semantics::TinyFab fab = queue_at_a({{{step_at(0, 10)}}, {{step_at(0, 10)}}});
  fab.add_lot(1, {.at = 55});
  int newcomer = 0;
  constexpr int Seeds = 3000;
  for (int seed = 1; seed <= Seeds; ++seed) {
    fab.draw.seed = static_cast<std::uint64_t>(seed);
    newcomer += order_under<Random>(fab)[2] == "3";
  }
  EXPECT_NEAR(newcomer, Seeds / 2, 5.5 * 27.4);
}

}  // namespace
}  // namespace twins::fab
