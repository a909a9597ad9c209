// If these failed, a plan would be judged by a run that does something else, or a tool would stand idle for a lot that
// never comes.
#include "twins/fab/engine/engine.hpp"

#include <gmock/gmock.h>

#include "twins/fab/any_fab.hpp"
#include "twins/fab/decide/scene.hpp"
#include "twins/fab/invariants.hpp"
#include "twins/fab/rules/cr.hpp"
#include "twins/fab/semantics/busy_fab.hpp"

namespace twins::fab {
namespace {

using semantics::Shift;
using semantics::step_at;
using semantics::TinyFab;
using testing::ElementsAre;

Beside by_plan(const TinyFab& fab, const std::vector<NamedValue>& named) {
  Beside beside;
  beside.planned = std::make_shared<const GroupPlan>(
      *group_plan(*compile(fab.description, fab.options), named, "test"));
  return beside;
}

// What group A starts.
std::vector<std::string> starts_at_a(const TinyFab& fab, const Beside& beside, double until) {
  std::vector<std::string> some;
  for (const std::string& line : Shift(fab, Cr{}, beside).to(until).lines_of("start"))
    if (line.find("A#") != std::string::npos) some.push_back(line);
  return some;
}

// A furnace A of batches, two lots for it at once and one that comes from B at minute 30.
TinyFab three_for_a_batch(std::uint32_t most, std::uint32_t tools = 1) {
  TinyFab fab;
  const auto a = fab.add_group("A", tools), b = fab.add_group("B");
  fab.group(a).batch = true;
  Step step = step_at(a, 60, Step::Per::Batch);
  step.batch_min = 50;
  step.batch_max = most;
  step.batch_key = 1;
  fab.add_route({step});
  fab.add_route({step_at(b, 30), step});
  fab.add_lot(0);
  fab.add_lot(0);
  fab.add_lot(1);
  return fab;
}

// Two tools, four lots of 10 min that are there at once.
TinyFab four_lots() {
  TinyFab fab;
  const auto a = fab.add_group("A", 2);
  fab.add_route({step_at(a, 10)});
  for (int n = 0; n < 4; ++n) fab.add_lot(0);
  return fab;
}

TEST(ByPlan, ToolsDoTheirJobsInTheirOrder) {
  const TinyFab fab = four_lots();
  const std::vector<std::string> planned = {"0 start 3 A#1", "0 start 1 A#2", "10 start 0 A#1",
                                            "10 start 2 A#2"};
  const std::vector<NamedValue> plan = {{"plan.a#1", "3@1~1;0@1~1"}, {"plan.a#2", "1@1~1;2@1~1"}};
  EXPECT_EQ(Shift(fab, Fifo{}, by_plan(fab, plan)).to(60).lines_of("start"), planned);
  EXPECT_EQ(Shift(fab, Cr{}, by_plan(fab, plan)).to(60).lines_of("start"), planned);
}

// A#2 has no job: it takes the lots of no plan, and not those that wait for A#1.
TEST(ByPlan, TheRuleHasTheOthers) {
  const TinyFab fab = four_lots();
  EXPECT_THAT(
      Shift(fab, Fifo{}, by_plan(fab, {{"plan.a#1", "2@1~1;0@1~1"}})).to(60).lines_of("start"),
      ElementsAre("0 start 2 A#1", "0 start 1 A#2", "10 start 0 A#1", "10 start 3 A#2"));
}

// Lot 1 comes from B at minute 20. Nobody waits for it alone: lot 0, which is there, goes first, and lot 2 waits its
// turn.
TEST(ByPlan, WhoHasNotComeHoldsUpNobody) {
  TinyFab fab;
  const auto a = fab.add_group("A"), b = fab.add_group("B");
  fab.add_route({step_at(a, 30)});
  fab.add_route({step_at(b, 20), step_at(a, 30)});
  fab.add_lot(0);
  fab.add_lot(1);
  fab.add_lot(0);
  EXPECT_THAT(starts_at_a(fab, by_plan(fab, {{"plan.a#1", "1@2~1;0@1~1;2@1~1"}}), 59),
              ElementsAre("0 start 0 A#1", "30 start 1 A#1"));
}

// Without a plan the first two go at once.
TEST(ByPlan, ABatchWaitsForItsLots) {
  const TinyFab fab = three_for_a_batch(75);
  EXPECT_THAT(starts_at_a(fab, {}, 59), ElementsAre("0 start 0+1 A#1"));
  EXPECT_THAT(starts_at_a(fab, by_plan(fab, {{"plan.a#1", "0@1+1@1+2@2~1"}}), 90),
              ElementsAre("30 start 0+1+2 A#1"));
  // Too late for it: the two are the rule's again at minute 12.
  EXPECT_THAT(starts_at_a(fab, by_plan(fab, {{"plan.a#1", "0@1+1@1+2@2~0.2"}}), 71),
              ElementsAre("12 start 0+1 A#1"));
}

// The rule, beside a plan, makes its batches of the other lots: lot 1 is kept.
TEST(ByPlan, BatchesBesideAPlan) {
  TinyFab fab = three_for_a_batch(50, 2);
  fab.add_lot(0);
  for (const bool as_a_whole : {false, true}) {
    Beside beside = by_plan(fab, {{"plan.a#1", "1@1+2@2~1"}});
    if (as_a_whole) beside.how.batch.start = BatchPolicy::Start::BestOfFamily;
    EXPECT_THAT(starts_at_a(fab, beside, 90), ElementsAre("0 start 0+3 A#2", "30 start 1+2 A#1"))
        << as_a_whole;
  }
}

// A job that can be no batch any more is passed over; its lot is the rule's once its time is over.
TEST(ByPlan, WhatIsNoBatchIsPassedOver) {
  TinyFab fab;
  const auto a = fab.add_group("A");
  fab.group(a).batch = true;
  Step step = step_at(a, 10, Step::Per::Batch);
  step.batch_min = 50;
  step.batch_max = 50;
  fab.add_route({step});
  for (int n = 0; n < 3; ++n) fab.add_lot(0);
  EXPECT_THAT(Shift(fab, Fifo{}, by_plan(fab, {{"plan.a#1", "0@1~0.5;1@1+2@1~1"}}))
                  .to(60)
                  .lines_of("start"),
              ElementsAre("0 start 1+2 A#1", "30 start 0 A#1"));  // nobody else may still come
}

// A plan may name a step that its tool does not do, since only the lot knows its route: it is nobody's, for the tool
// and for the group whose step it is.
TEST(ByPlan, AStepOfAnotherGroupIsNotTaken) {
  TinyFab fab;
  const auto a = fab.add_group("A"), b = fab.add_group("B");
  fab.add_route({step_at(a, 10)});
  fab.add_route({step_at(b, 10)});
  fab.add_lot(0);
  fab.add_lot(1);
  EXPECT_THAT(Shift(fab, Fifo{}, by_plan(fab, {{"plan.a#1", "1@1~1;0@1~1"}, {"plan.b#1", "9@1~1"}}))
                  .to(60)
                  .lines_of("start"),
              ElementsAre("0 start 0 A#1", "0 start 1 B#1"));
}

// Lots that are gone, or were never there, hold nothing up.
TEST(ByPlan, WhoIsGoneIsNotWaitedFor) {
  const TinyFab fab = four_lots();
  EXPECT_THAT(Shift(fab, Fifo{}, by_plan(fab, {{"plan.a#1", "77@1~1;1@1~1"}})).to(30).order(),
              ElementsAre("1", "0", "2", "3"));
}

// Where the caller pauses does not matter, and the State stays sound: plans for the busiest group of the example fab,
// of whatever lots wait or are to come.
TEST(ByPlan, AFabStaysSoundUnderAnyPlan) {
  const decide::Scene scene;
  const Layout& m = *scene.layout;
  for (std::uint32_t k = 0; k < 6; ++k) {
    State x = scene.member(k);
    std::vector<PlannedJob> jobs;
    std::uint32_t n = 0;
    for (const Lot& lot : x.lots) {
      if (lot.place == LotPlace::Free || lot.place == LotPlace::Finished) continue;
      const GroupInfo& group = m.groups[m.steps[lot.step].group];
      if (twin::core::Draw{3, k}.uniform(1, lot.id, 0) < 0.4) continue;
      jobs.push_back({group.first_tool + n++ % group.tools,
                      x.now + static_cast<Tick>(HourMs) * (1 + n % 9),
                      {{lot.id, m.steps[lot.step].index}}});
    }
    ASSERT_GT(jobs.size(), 10U);
    const auto fab = make_fab(scene.layout, "cr:" + text_of(m, jobs));
    State at_once = x, with_pauses = x;
    const Tick end = x.now + 2 * decide::Scene::Day;
    fab->advance(at_once, scene.theta, end, {9, k});
    for (int part = 1; part <= 50; ++part)
      fab->advance(with_pauses, scene.theta, x.now + (end - x.now) * part / 50, {9, k});
    EXPECT_EQ(at_once, with_pauses);
    EXPECT_TRUE(check_state(m, at_once).empty()) << check_state(m, at_once).front();
  }
}

}  // namespace
}  // namespace twins::fab
