// The order in which events are told to the mirror.
#include "twins/fab/live/told.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "twin/core/archive.hpp"

namespace twins::fab::live {
namespace {

using twin::event::Event;
using twin::event::Kind;

TEST(Told, OrderIsOfTimeThenOfWhatMustComeFirst) {
  // Wrong: at one instant a lot would move on before its tool has let go of it, and the order would
  // depend on who came first.
  const Event unloaded{.at = 5, .source_seq = 8, .source = 3, .lot = 1, .kind = Kind::Unloaded};
  const Event down{.at = 5, .source_seq = 9, .source = 3, .tool = 2, .kind = Kind::ToolDown};
  const Event moved{.at = 5, .source_seq = 1, .source = 0, .lot = 1, .kind = Kind::Moved};
  const Event later{.at = 6, .source_seq = 0, .source = 0, .lot = 2, .kind = Kind::Held};
  const std::vector<Told> order = {{unloaded, 0, 0}, {unloaded, 0, 1},
                                   {down, 0, 0},     {unloaded, 1, 0},  // the source counts anew
                                   {moved, 0, 0},    {later, 0, 0}};
  std::vector<std::size_t> way = {0, 1, 2, 3, 4, 5};
  do {
    std::vector<Told> mixed;
    for (const std::size_t k : way) mixed.push_back(order[k]);
    std::sort(mixed.begin(), mixed.end(), before);
    ASSERT_TRUE(mixed == order);
  } while (std::next_permutation(way.begin(), way.end()));
}

TEST(Told, IsOfOneMessage) {
  // Wrong: a correction would take back another message's events.
  const Told told{{.source_seq = 8, .source = 3}, 2, 1};
  EXPECT_TRUE(told.of_message(3, 2, 8));
  EXPECT_FALSE(told.of_message(3, 1, 8));
  EXPECT_FALSE(told.of_message(3, 2, 7));
  EXPECT_FALSE(told.of_message(2, 2, 8));
  EXPECT_TRUE(twin::core::load<Told>(twin::core::save(told)) == told);
}

}  // namespace
}  // namespace twins::fab::live
