// If this failed, a tool bought would change a fab by more than its work: other tools would fail at other times, lots
// would have other luck, or the fab that is carried over would not be the one that there is.
#include "twins/fab/decide/bought.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "twins/fab/decide/scene.hpp"
#include "twins/fab/invariants.hpp"
#include "twins/fab/lively_fab.hpp"

namespace twins::fab::decide {
namespace {

using testing::IsEmpty;

std::uint32_t group_named(const Layout& m, const std::string& name) {
  for (std::uint32_t g = 0; g < m.groups.size(); ++g)
    if (m.description.tool_groups[g].name == name) return g;
  ADD_FAILURE() << name;
  return 0;
}

std::vector<Bought> one_in_each_of(const Layout& m, Tick from) {
  std::vector<Bought> all;
  for (std::uint32_t g = 0; g < m.groups.size(); ++g) all.push_back({g, 1 + g % 2, from});
  return all;
}

TEST(Bought, NothingIsTheFabItself) {
  const Scene s(Scene::Day);
  EXPECT_EQ(with_bought(s.layout, {}), s.layout);
  const std::vector<Bought> none = {{2, 0, s.seen.now}};
  const auto layout = with_bought(s.layout, none);
  const auto fab = make_fab(layout, "fifo");
  const State before = s.member();
  State x = before;
  carry_over(*fab, none, x, s.theta, {9, 0});
  EXPECT_EQ(x, before);
  EXPECT_EQ(layout->lines, s.layout->lines);
}

TEST(Bought, ToolsStandBehindAllOthersAndAreNamedOn) {
  const auto m = example_fab();
  const std::uint32_t g = group_named(*m, "LithoScan_1"), before = m->tools();
  const std::vector<Bought> bought = {{g, 2, 0}, {0, 1, 0}, {g, 1, 0}};
  const auto more = with_bought(m, bought);
  ASSERT_EQ(more->tools(), before + 4);
  for (std::uint32_t t = 0; t < before; ++t) {
    ASSERT_EQ(more->tool_name(t), m->tool_name(t));
    ASSERT_EQ(more->first_breakdown_clock[t], m->first_breakdown_clock[t]);
  }
  EXPECT_EQ(more->tool_name(before), "LithoScan_1#27");
  EXPECT_EQ(more->tool_name(before + 1), "LithoScan_1#28");
  EXPECT_EQ(more->tool_name(before + 2), m->description.tool_groups[0].name + "#39");
  EXPECT_EQ(more->tool_name(before + 3), "LithoScan_1#29");
}

// What two fabs have in common must be the same to the bit: lots, old tools, their clocks, all counters.
void expect_same_but_for_new_tools(const State& a, const State& b) {
  EXPECT_EQ(a.now, b.now);
  EXPECT_EQ(a.wip, b.wip);
  EXPECT_EQ(a.class_tally, b.class_tally);
  EXPECT_EQ(a.group_tally, b.group_tally);
  EXPECT_EQ(a.window_tally, b.window_tally);
  EXPECT_EQ(a.groups, b.groups);
  EXPECT_EQ(a.dedication, b.dedication);
  const auto begins_with = [](const auto& more, const auto& less) {
    return more.size() >= less.size() && std::equal(less.begin(), less.end(), more.begin());
  };
  EXPECT_TRUE(begins_with(b.tools, a.tools));
  EXPECT_TRUE(begins_with(b.tool_times, a.tool_times));
  EXPECT_TRUE(begins_with(b.pms, a.pms));
  EXPECT_TRUE(begins_with(b.breakdowns, a.breakdowns));
  ASSERT_EQ(a.lots.size(), b.lots.size());
  for (std::size_t slot = 0; slot < a.lots.size(); ++slot) {
    Lot l = a.lots[slot], r = b.lots[slot];
    l.line = r.line = None;  // a line of one tool has another number
    ASSERT_EQ(l, r) << slot;
  }
}

TEST(Bought, AndNeverPutToWorkLeavesTheFabAsItWasToTheBit) {
  std::uint32_t bound = 0, maintained = 0;
  for (const auto& layout : {lively_fab(), example_fab()}) {
    const Scene s(4 * Scene::Day, layout);
    const Tick end = s.seen.now + 4 * Scene::Day;
    const std::vector<Bought> bought = one_in_each_of(*layout, end + 1);
    const auto fab = make_fab(with_bought(layout, bought), "fifo");
    for (std::uint32_t k = 0; k < 3; ++k) {
      State a = s.member(k), b = a;
      for (const Group& group : a.groups) bound += group.waiting_dedicated;
      for (const PmClock& clock : a.pms) maintained -= clock.count;
      carry_over(*fab, bought, b, s.theta, {9, k});
      EXPECT_THAT(check_state(fab->layout(), b), IsEmpty());
      s.fab->advance(a, s.theta, end, {9, k});
      fab->advance(b, s.theta, end, {9, k});
      EXPECT_THAT(check_state(fab->layout(), b), IsEmpty());
      expect_same_but_for_new_tools(a, b);
      for (const PmClock& clock : a.pms) maintained += clock.count;
    }
  }
  EXPECT_GT(bound, 0U) << "no lot waits for a tool of its own: the test sees no line moved";
  EXPECT_GT(maintained, 100U) << "draws that are named by a tool's number";
}

// Sound at every look, with work done in the new tools, their failures and maintenances among it.
TEST(Bought, WorkFailAndAreMaintainedAsTheOthersAre) {
  std::uint64_t failed = 0, maintained = 0, worked = 0;
  for (const bool lively : {true, false}) {
    const Scene s(4 * Scene::Day, lively ? lively_fab() : example_fab());
    for (std::uint32_t k = 0; k < (lively ? 20U : 2U); ++k) {
      const Tick from = s.seen.now + (k % 2) * Scene::Hour;
      const std::vector<Bought> bought = one_in_each_of(*s.layout, from);
      const auto fab = make_fab(with_bought(s.layout, bought), "fifo");
      State x = s.member(k);
      carry_over(*fab, bought, x, s.theta, {9, k});
      EXPECT_THAT(check_state(fab->layout(), x), IsEmpty()) << k;
      for (int n = 0; n < 24; ++n) {
        fab->advance(x, s.theta, x.now + 3 * Scene::Hour, {9, k});
        ASSERT_THAT(check_state(fab->layout(), x), IsEmpty()) << "member " << k << ", look " << n;
      }
      for (std::uint32_t t = s.layout->tools(); t < fab->layout().tools(); ++t) {
        worked += x.tool_times[t][static_cast<std::size_t>(ToolTime::Process)] > 0;
        maintained += x.tool_times[t][static_cast<std::size_t>(ToolTime::Pm)] > 0;
        for (std::uint32_t p = 0; p < fab->layout().groups[fab->layout().tool_group[t]].breakdowns;
             ++p)
          failed += x.breakdowns[fab->layout().first_breakdown_clock[t] + p].count;
      }
    }
  }
  EXPECT_GT(worked, 100U);
  EXPECT_GT(failed, 10U);
  EXPECT_GT(maintained, 10U);
}

}  // namespace
}  // namespace twins::fab::decide
