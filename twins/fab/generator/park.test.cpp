// Tool groups and who works where.
#include "twins/fab/generator/park.hpp"

#include <gtest/gtest.h>

#include <numeric>

namespace twins::fab::generator {
namespace {

TEST(Park, ApportionsAsPublished) {
  // Wrong: a large fab's groups would not be spread over the areas as a real fab's are.
  const auto of_105 = apportion(105);
  EXPECT_EQ(std::accumulate(of_105.begin(), of_105.end(), 0U), 105U);
  for (std::size_t f = 0; f < ToolFamilyCount; ++f) {
    EXPECT_NEAR(of_105[f], profile(static_cast<Family>(f)).weight, 1.0)
        << profile(static_cast<Family>(f)).name;
  }
  const auto least = apportion(MinGroups);
  EXPECT_EQ(std::accumulate(least.begin(), least.end(), 0U), MinGroups);
}

TEST(Park, EveryGroupWorksAndEveryOperationHasItsFamily) {
  // Wrong: tools would stand idle for ever, or lots be sent to tools that can't process them.
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    for (const std::uint32_t wish : {15U, 40U, 105U}) {
      SCOPED_TRACE("seed " + std::to_string(seed) + ", groups " + std::to_string(wish));
      const Flow flow = make_flow({}, {seed, 0});
      const Park park = make_park(flow, wish, {seed, 0});
      EXPECT_LE(park.groups.size(), wish + 1);
      std::vector<std::uint32_t> used(park.groups.size(), 0);
      for (std::size_t l = 0; l < flow.layers.size(); ++l) {
        const Layer& layer = flow.layers[l];
        ASSERT_EQ(park.group_of[l].size(), layer.operations.size());
        for (std::size_t o = 0; o < layer.operations.size(); ++o) {
          const Park::Group& group = park.groups[park.group_of[l][o]];
          ++used[park.group_of[l][o]];
          EXPECT_EQ(group.family, layer.operations[o].family);
          EXPECT_TRUE(layer.stage == Stage::FrontEnd ? group.front_end : group.back_end);
        }
      }
      for (std::size_t g = 0; g < used.size(); ++g)
        EXPECT_GT(used[g], 0U) << profile(park.groups[g].family).name;
    }
  }
}

TEST(Park, CriticalLayersOfAStageMeetInOneGroup) {
  // Wrong: a lens could not be kept, since the next layer would run in another group.
  const Flow flow = make_flow({}, {3, 0});
  const Park park = make_park(flow, 105, {3, 0});
  for (const Stage stage : {Stage::FrontEnd, Stage::BackEnd}) {
    std::uint32_t meeting = None;
    for (std::size_t l = 0; l < flow.layers.size(); ++l) {
      for (std::size_t o = 0; o < flow.layers[l].operations.size(); ++o) {
        if (flow.layers[l].stage != stage || !flow.layers[l].operations[o].critical) continue;
        if (meeting == None) meeting = park.group_of[l][o];
        EXPECT_EQ(park.group_of[l][o], meeting);
      }
    }
    EXPECT_NE(meeting, None);
  }
}

}  // namespace
}  // namespace twins::fab::generator
