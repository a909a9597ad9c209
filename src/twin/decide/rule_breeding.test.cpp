// If these failed, breeding would make what is no rule, or rules that nobody can read.
#include "twin/decide/rule_breeding.hpp"

#include <gtest/gtest.h>

#include <set>

namespace twin::decide {
namespace {

constexpr std::uint64_t RuleBreedingSeed = 20261205;

// Wrong: a child would be no tree, too large, or always its parent. 2,000 pairs, every way.
TEST(RuleBreeding, MakesRulesWithinTheSize) {
  SCOPED_TRACE(RuleBreedingSeed);
  const RuleSize size{4, 40, 7};
  int other[4] = {};
  for (std::uint32_t w = 0; w < 2'000; ++w) {
    Chance chance{{RuleBreedingSeed, 0}, w, 1};
    const Rule a = random_rule(3, Shape::Full, 4, chance),
               b = random_rule(4, Shape::Grown, 4, chance);
    const Rule children[] = {crossed(a, b, size, chance), regrown(a, size, chance),
                             hoisted(a, chance), nudged(a, size, chance)};
    for (int k = 0; k < 4; ++k) {
      ASSERT_TRUE(children[k].valid(4)) << k;
      ASSERT_LE(children[k].size(), size.largest);
      ASSERT_LE(children[k].depth(), size.deepest);
      other[k] += children[k] != a ? 1 : 0;
    }
    ASSERT_LE(children[2].size(), a.size());
    ASSERT_EQ(children[3].size(), a.size());
  }
  for (const int n : other) EXPECT_GT(n, 1'000);
}

// Wrong: shapes would not be what Koza's ramp needs, or some function or attribute would never be drawn.
TEST(RuleBreeding, DrawsEveryKind) {
  SCOPED_TRACE(RuleBreedingSeed);
  std::set<RuleOp> ops;
  std::set<std::uint32_t> attributes;
  for (std::uint32_t w = 0; w < 500; ++w) {
    Chance chance{{RuleBreedingSeed, 1}, w, 0};
    const Rule full = random_rule(4, Shape::Full, 3, chance);
    EXPECT_EQ(full.depth(), 4U);
    EXPECT_LE(random_rule(4, Shape::Grown, 3, chance).depth(), 4U);
    for (const RuleNode& n : full.nodes) {
      ops.insert(n.op);
      if (n.op == RuleOp::Attribute) attributes.insert(n.attribute);
    }
  }
  EXPECT_EQ(ops.size(), RuleOps);
  EXPECT_EQ(attributes.size(), 3U);
}

}  // namespace
}  // namespace twin::decide
