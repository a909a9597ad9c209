// If this failed, a fab that changes its rule would go on in the old rule's order, or would lose lots over it.
#include "twins/fab/decide/rank_anew.hpp"

#include <gtest/gtest.h>

#include "twins/fab/decide/scene.hpp"
#include "twins/fab/invariants.hpp"
#include "twins/fab/view.hpp"

namespace twins::fab::decide {
namespace {

TEST(RankAnew, ChangesNothingUnderTheSameRule) {
  const Scene s;
  State plain = s.member(), anew = s.member();
  rank_anew(*s.fab, anew);
  s.fab->advance(plain, s.theta, s.seen.now + 3 * Scene::Day, {9, 0});
  s.fab->advance(anew, s.theta, s.seen.now + 3 * Scene::Day, {9, 0});
  EXPECT_EQ(observe(*s.layout, plain), observe(*s.layout, anew));
  EXPECT_EQ(plain.class_tally, anew.class_tally);
  EXPECT_EQ(plain.group_tally, anew.group_tally);
}

TEST(RankAnew, PutsEveryLineInTheNewRulesOrder) {
  const Scene s;
  State x = s.member();
  const auto edd = make_fab(s.layout, "edd");
  std::size_t out_of_order = 0;
  const auto inversions = [&](const State& y) {
    std::size_t n = 0;
    for (const Line& line : y.lines)
      for (std::uint32_t l = line.head; l != None && y.lots[l].next != None; l = y.lots[l].next) {
        const Lot &a = y.lots[l], &b = y.lots[y.lots[l].next];
        const bool ranked =
            y.groups.empty() || s.layout->groups[s.layout->steps[a.step].group].ranks_priority;
        if (ranked && a.priority != b.priority) continue;
        n += a.due > b.due;
      }
    return n;
  };
  out_of_order = inversions(x);
  const std::uint32_t wip = x.wip;
  rank_anew(*edd, x);
  EXPECT_GT(out_of_order, 0U) << "the scene shows nothing";
  EXPECT_EQ(inversions(x), 0U);
  EXPECT_EQ(x.wip, wip);
  EXPECT_TRUE(check_state(*s.layout, x).empty());
  edd->advance(x, s.theta, s.seen.now + 2 * Scene::Day, {9, 0});
  EXPECT_TRUE(check_state(*s.layout, x).empty());
}

// There and back again at one instant is as if nothing had been.
TEST(RankAnew, CanBeTakenBack) {
  const Scene s;
  State plain = s.member(), there = s.member();
  rank_anew(*make_fab(s.layout, "spt"), there);
  rank_anew(*s.fab, there);
  s.fab->advance(plain, s.theta, s.seen.now + 2 * Scene::Day, {9, 0});
  s.fab->advance(there, s.theta, s.seen.now + 2 * Scene::Day, {9, 0});
  EXPECT_EQ(observe(*s.layout, plain), observe(*s.layout, there));
}

// Lots that a former policy kept outside would stay there for ever.
TEST(RankAnew, LetsInWhomNobodyHoldsOutsideAnyMore) {
  const Scene s;
  State x = s.member();
  const auto shut = make_fab(s.layout, "fifo:conwip=1");
  shut->advance(x, s.theta, x.now + Scene::Day, {9, 0});
  const std::size_t outside = waiting_outside(x).size();
  ASSERT_GT(outside, 4U);
  State other = x;
  const auto wider = make_fab(s.layout, "fifo:conwip=100000");
  rank_anew(*wider, other);  // a control of its own lets them in
  wider->advance(other, s.theta, x.now, {9, 0});
  rank_anew(*s.fab, x);
  EXPECT_EQ(waiting_outside(x).size(), outside);
  s.fab->advance(x, s.theta, x.now, {9, 0});
  EXPECT_TRUE(waiting_outside(x).empty());
  EXPECT_TRUE(waiting_outside(other).empty());
  EXPECT_EQ(x.wip, other.wip);
  EXPECT_TRUE(check_state(*s.layout, x).empty());
  EXPECT_TRUE(check_state(*s.layout, other).empty());
}

// What a mirror follows would lose its lots outside, or let them in on its own.
TEST(RankAnew, AFollowedFabKeepsItsRowOutside) {
  const Scene s;
  State x = s.member();
  const auto shut = make_fab(s.layout, "fifo:conwip=1");
  shut->advance(x, s.theta, x.now + Scene::Day, {9, 0});
  const State seen = Mirror(*shut).follow(x);
  EXPECT_EQ(waiting_outside(seen), waiting_outside(x));
  EXPECT_TRUE(check_state(*s.layout, seen, Future::Unknown).empty());
  State on = with_future(*shut, seen, s.theta, {9, 0});
  shut->advance(on, s.theta, on.now, {9, 0});
  EXPECT_EQ(waiting_outside(on), waiting_outside(x));
  State open = with_future(*s.fab, seen, s.theta, {9, 0});
  s.fab->advance(open, s.theta, open.now, {9, 0});
  EXPECT_TRUE(waiting_outside(open).empty());
}

}  // namespace
}  // namespace twins::fab::decide
