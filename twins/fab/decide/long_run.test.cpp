// If this failed, a rule would be taken for what it does in three days, and the fab would pay for it for months.
#include "twins/fab/decide/long_run.hpp"

#include <gtest/gtest.h>

#include <array>

#include "twin/contract/refusal.hpp"
#include "twin/decide/paired.hpp"
#include "twins/fab/decide/scene.hpp"

namespace twins::fab::decide {
namespace {

constexpr std::array<std::string, 0> NoRules = {};

LongRunsAsked two_weeks(const Scene& s) {
  LongRunsAsked asked;
  asked.now = s.seen.now;
  asked.standing = "fifo";
  asked.settle_days = 5.0;
  asked.days = 15.0;
  asked.members = 3;
  asked.seed = 7;
  return asked;
}

TEST(LongRuns, AreTheSameForAnyNumberOfThreads) {
  const Scene s;
  const std::array<std::string, 2> rules = {"fifo", "cr"};
  LongRunsAsked asked = two_weeks(s);
  const auto one = long_runs(s.layout, s.seen, {}, rules, asked);
  ASSERT_EQ(one.size(), 2U);
  ASSERT_EQ(one[0].size(), 3U);
  for (const unsigned threads : {2U, 5U}) {
    asked.threads = threads;
    EXPECT_EQ(long_runs(s.layout, s.seen, {}, rules, asked), one);
  }
  // Which rules stand beside it changes no rule's figures, and members differ.
  const std::array<std::string, 1> alone = {"cr"};
  EXPECT_EQ(long_runs(s.layout, s.seen, {}, alone, asked)[0], one[1]);
  EXPECT_NE(one[0][0], one[0][1]);
  EXPECT_TRUE(long_runs(s.layout, s.seen, {}, NoRules, asked).empty());
}

// The same life counted lot by lot, by whoever watches the tallies of the classes.
TEST(LongRuns, CountTheLotsThatLeaveAfterSettling) {
  const Scene s;
  LongRunsAsked asked = two_weeks(s);
  asked.members = 1;
  const std::array<std::string, 1> rules = {"fifo"};
  const Outcome o = long_runs(s.layout, s.seen, {}, rules, asked)[0][0];
  const twin::core::Draw draw{asked.seed, 0};
  State x = with_future(*s.fab, s.seen, s.theta, draw);
  s.fab->advance(x, s.theta, asked.now + 5 * Scene::Day, draw);
  const auto left = [](const State& of) {
    double lots = 0.0, hours = 0.0;
    for (const ClassTally& c : of.class_tally) {
      lots += static_cast<double>(c.finished);
      hours += static_cast<double>(c.cycle_ticks) / HourMs;
    }
    return std::pair(lots, hours);
  };
  const auto [lots, hours] = left(x);
  s.fab->advance(x, s.theta, asked.now + 15 * Scene::Day, draw);
  const auto [all_lots, all_hours] = left(x);
  EXPECT_GT(o.out, 50.0);
  EXPECT_EQ(o.out, all_lots - lots);
  EXPECT_NEAR(o.cycle_hours, (all_hours - hours) / (all_lots - lots), 1e-9 * o.cycle_hours);
  EXPECT_EQ(o.wip, x.wip);
}

// A rule that shows nothing within its first days and much later: earliest due date against first in, first out brings
// lots through sooner (on 10 plants with hidden numbers of this fab by 2 to 13 %). 20 pairs; by their own interval.
TEST(LongRuns, SeeWhatDaysDoNot) {
  const Scene s(20 * Scene::Day);
  LongRunsAsked asked = two_weeks(s);
  asked.settle_days = 20.0;
  asked.days = 60.0;
  asked.members = 20;
  asked.threads = 2;
  const std::array<std::string, 2> rules = {"fifo", "edd"};
  const auto runs = long_runs(s.layout, s.seen, {}, rules, asked);
  twin::decide::Paired cycle;
  for (std::size_t k = 0; k < 20; ++k) cycle.add(runs[1][k].cycle_hours, runs[0][k].cycle_hours);
  RecordProperty("cycle_share", std::to_string(cycle.interval().mean / cycle.b().mean()));
  EXPECT_LT(cycle.interval(0.999).high(), 0.0);
}

// Alternatives that are no rule have no long run; the same rule under two names has one.
TEST(LongRuns, AreThoseOfAMenusRules) {
  const Scene s;
  const LongRunsAsked asked = two_weeks(s);
  const std::vector<Alternative> menu = {
      {"as it is", "", {}},
      {"CR", "cr", {}},
      {"hold a lot", "", {HoldLot{s.waiting_lot()}}},
      {"CR, called otherwise", "cr", {}},
      {"CR, and a hold", "cr", {HoldLot{s.waiting_lot()}}},
      {"a plan of eight hours", "fifo:plan." + s.layout->tool_name(0) + "=1@1~8", {}}};
  const AdviceAsked advice;
  const auto stays = stays_of(s.layout, s.seen, {}, menu, advice, asked);
  ASSERT_EQ(stays.size(), menu.size());
  ASSERT_TRUE(stays[0] && stays[1] && stays[3]);
  EXPECT_FALSE(stays[2] || stays[4] || stays[5]);
  EXPECT_EQ(stays[1], stays[3]);
  EXPECT_EQ(stays[0]->benefit.mean, 0.0);
  const std::array<std::string, 2> rules = {"fifo", "cr"};
  const auto runs = long_runs(s.layout, s.seen, {}, rules, asked);
  EXPECT_EQ(*stays[1], stay_of(advice.objective, runs[0], runs[1], runs[0], advice.confidence));
  // Where nothing on the menu is a rule, nothing is run.
  EXPECT_FALSE(stays_of(s.layout, s.seen, {}, std::span(menu).first(1), advice, asked)[0]);
}

TEST(LongRuns, RefuseARuleThatIsNone) {
  const Scene s;
  const std::array<std::string, 1> rules = {"best"};
  EXPECT_NE(
      twin::contract::refusal([&] { (void)long_runs(s.layout, s.seen, {}, rules, two_weeks(s)); }),
      "");
}

}  // namespace
}  // namespace twins::fab::decide
