#include "twins/fab/rules/beside.hpp"

#include <gtest/gtest.h>

#include "twins/fab/any_fab.hpp"
#include "twins/fab/semantics/busy_fab.hpp"

namespace twins::fab {
namespace {

// Wrong: a fab of a plain rule would hold lots outside, or one whose text asks for a control would not.
TEST(Beside, IsWhatTheTextOfTheRuleSays) {
  const auto m = compile(semantics::busy_fab().description);
  EXPECT_EQ(make_fab(m, "fifo:batch=mcb")->beside().release, nullptr);
  EXPECT_EQ(make_fab(m, "fifo:batch=mcb")->beside().how.batch.start, BatchPolicy::Start::Fullest);
  const auto fab = make_fab(m, "published:conwip=9,conwip.P1=4,setups=ignore");
  ASSERT_NE(fab->beside().release, nullptr);
  EXPECT_EQ(fab->beside().release->wip_most, 9U);
  EXPECT_EQ(fab->beside().release->product_most[1], 4U);
  EXPECT_EQ(fab->beside().how.setups, SetupRank::Ignore);
  EXPECT_EQ(fab->beside().qualified, nullptr);
  const auto narrow = make_fab(m, "fifo:not.litho#2=p1,only.etch#1=p0");
  ASSERT_NE(narrow->beside().qualified, nullptr);
  EXPECT_FALSE(narrow->beside().qualified->allows(1, m->routes[1].first_step));
  const Beside of = Dispatching{.setups = SetupRank::Avoid};
  EXPECT_EQ(of.how.setups, SetupRank::Avoid);
}

}  // namespace
}  // namespace twins::fab
