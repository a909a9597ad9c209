// If these failed, alarms of one cause would not be told as one.
#include "twin/decide/alarms/cause_tree.hpp"

#include <gtest/gtest.h>

#include "twin/contract/refusal.hpp"
#include "twin/core/archive.hpp"

namespace twin::decide::alarms {
namespace {

using contract::refusal;

// Wrong: a tool would belong to another area.
TEST(CauseTree, KnowsWhatIsAbove) {
  const CauseTree tree({{"site", 0}, {"LITHO", 0}, {"L1", 1}, {"L2", 1}});
  EXPECT_TRUE(tree.root(0));
  EXPECT_FALSE(tree.root(2));
  EXPECT_EQ(tree.above(3), 1U);
  EXPECT_EQ(tree.below(1), 2U);
  EXPECT_EQ(tree.below(0), 1U);
  EXPECT_EQ(tree.name(3), "L2");
  EXPECT_EQ(core::load<CauseTree>(core::save(tree)), tree);
}

// Wrong: a loop would be climbed for ever.
TEST(CauseTree, RefusesLoops) {
  EXPECT_EQ(refusal([] { CauseTree(std::vector<Cause>{}); }),
            "no causes (needs at least one, the root)");
  EXPECT_EQ(refusal([] {
              CauseTree({{"site", 0}, {"A", 2}, {"B", 1}});
            }),
            "cause 'A' is above itself (the first is the root, each other one stands after the one "
            "above it); sort them from the root down?");
  EXPECT_NE(refusal([] { CauseTree({{"site", 0}, {"A", 1}}); }), "accepted");
}

}  // namespace
}  // namespace twin::decide::alarms
