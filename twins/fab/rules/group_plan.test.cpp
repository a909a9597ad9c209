// If these failed, a plan would be written that reads as another one, or a typing error be taken for a plan.
#include "twins/fab/rules/group_plan.hpp"

#include <gmock/gmock.h>

#include "twin/contract/refusal.hpp"
#include "twins/fab/any_fab.hpp"
#include "twins/fab/rules/policy_text.hpp"
#include "twins/fab/semantics/tiny_fab.hpp"

namespace twins::fab {
namespace {

using semantics::step_at;
using testing::HasSubstr;
using twin::contract::refusal;

std::shared_ptr<const Layout> with_a_furnace() {
  semantics::TinyFab fab;
  const auto a = fab.add_group("Etch", 2), b = fab.add_group("Furnace");
  fab.group(b).batch = true;
  Step batch = step_at(b, 60, Step::Per::Batch);
  batch.batch_min = batch.batch_max = 50;
  fab.add_route({step_at(a, 10), batch});
  return compile(fab.description, fab.options);
}

TEST(GroupPlan, ReadsWhatItWrote) {
  const auto m = with_a_furnace();
  const std::vector<PlannedJob> jobs = {{0, 45'000'000, {{17, 0}}},
                                        {0, 45'000'001, {{3, 0}}},
                                        {2, 123'456'789'012, {{17, 1}, {4, 1}}}};
  const std::string text = text_of(*m, jobs);
  EXPECT_EQ(text, "plan.Etch#1=17@1~12.5;3@1~12.5000003,plan.Furnace#1=17@2+4@2~34293.5525033");
  const auto fab = make_fab(m, "fifo:" + text);
  EXPECT_EQ(fab->beside().planned->jobs, jobs);
  EXPECT_EQ(fab->beside().planned->until, 123'456'789'012);
  EXPECT_EQ(fab->beside().planned->job_of({4, 1}), 2U);
  EXPECT_EQ(fab->beside().planned->job_of({4, 0}), None);
  EXPECT_EQ(text_of(*m, {}), "");
}

TEST(GroupPlan, StandsBesideTheOthers) {
  EXPECT_EQ(with_parameter("cr:conwip=60,plan.A#1=3@1~2", "plan.A#1=4@1~2"),
            "cr:conwip=60,plan.A#1=4@1~2");
  EXPECT_EQ(without_plan("cr:conwip=60,plan.A#1=3@1~2,plan.A#2=4@1~2"), "cr:conwip=60");
}

TEST(GroupPlan, RefusesWhatIsNoPlan) {
  const auto m = with_a_furnace();
  const auto why = [&](const std::string& plan) {
    return refusal([&] { (void)make_fab(m, "fifo:" + plan); });
  };
  EXPECT_EQ(why("plan.etch#1=3@1~2"), "accepted");
  EXPECT_THAT(why("plan.etsch#1=3@1~2"), HasSubstr("did you mean Etch#1?"));
  for (const char* text :
       {"",        "3",      "3@1",    "3~2",    "@1~2",           "3@~2",
        "3@1~",    "3@0~2",  "x@1~2",  "-3@1~2", "3@1~nan",        "3@1~-1",
        "3@1~1e9", "3@1~2;", ";3@1~2", "3@1+~2", "4294967295@1~2", "99999999999@1~2",
        "3@1~2x",  "3 @1~2"})
    EXPECT_THAT(why(std::string("plan.etch#1=") + text), HasSubstr("in rule 'fifo:plan.etch#1="))
        << text;
  EXPECT_THAT(why("plan.etch#1=3@1+4@1~2"), HasSubstr("one lot at a time"));
  EXPECT_THAT(why("plan.etch#1=3@1~2,plan.etch#2=3@1~2"), HasSubstr("lot 3@1 in rule"));
  EXPECT_THAT(why("plan.furnace#1=3@2+3@2~2"), HasSubstr("stands in two jobs"));
}

}  // namespace
}  // namespace twins::fab
