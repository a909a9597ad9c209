// If this failed, the answer to a what-if question would tell of luck, or of something else than what was asked.
#include "twins/fab/decide/what_if.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twin/contract/refusal.hpp"
#include "twins/fab/decide/menu.hpp"
#include "twins/fab/decide/scene.hpp"
#include "twins/fab/invariants.hpp"
#include "twins/fab/lively_fab.hpp"

namespace twins::fab::decide {
namespace {

using testing::IsEmpty;
using twin::contract::refusal;

WhatIfAsked asked_of_what_if(const Scene& s, std::uint64_t pairs = 6) {
  WhatIfAsked asked;
  asked.now = s.seen.now;
  asked.horizon_hours = 36.0;
  asked.standing = "fifo";
  asked.seed = 9;
  asked.pairs = pairs;
  asked.outlook.paces = {{0, 1.8, 3.6e6, 1}};
  return asked;
}

WhatIfResult answer(const Scene& s, const WhatIf& what_if, std::uint64_t pairs = 6) {
  return compare(s.layout, s.seen, {}, what_if, asked_of_what_if(s, pairs));
}

// All kinds at once.
WhatIf much(const Scene& s) {
  const Tick now = s.seen.now;
  WhatIf w;
  w.acts = {SetPriority{s.waiting_lot(), 90, now + 6 * Scene::Hour}};
  w.downs = {{0, now, now + 9 * Scene::Hour}, {0, now + 5 * Scene::Hour, now + 12 * Scene::Hour}};
  w.mixes = {{0, 2.0 * starts_of(*s.layout, 0, now).per_day}};
  w.bought = {{0, 2, now}, {1, 1, now + 3 * Scene::Hour}};
  return w;
}

TEST(WhatIf, NothingIsOtherwiseNothingChanges) {
  const Scene s;
  const WhatIfResult r = answer(s, {});
  EXPECT_EQ(r.pairs, 6U);
  EXPECT_TRUE(r.queues.empty());
  for (const Changed* c : {&r.tardy_hours, &r.weighted_tardy_hours, &r.hot_tardy_hours,
                           &r.cycle_hours, &r.out, &r.wip, &r.violations}) {
    EXPECT_EQ(c->by.mean, 0.0);
    EXPECT_EQ(c->by.half_width, 0.0);
    EXPECT_EQ(c->as_it_is, c->otherwise);
  }
  EXPECT_GT(r.out.as_it_is, 0.0);
}

// The two ways to ask must agree: what can be said as an alternative comes out as an alternative does.
TEST(WhatIf, ActsAreWhatRolloutsMakeOfThem) {
  const Scene s;
  const WhatIfAsked asked = asked_of_what_if(s, 3);
  WhatIf what_if{.acts = much(s).acts};
  for (const Lot& lot : s.seen.lots)
    if (lot.place == LotPlace::Queued)
      what_if.acts.emplace_back(HoldLot{lot.id, s.seen.now + 12 * Scene::Hour});
  RolloutsAsked as_well;
  as_well.now = asked.now;
  as_well.horizon_hours = asked.horizon_hours;
  as_well.standing = asked.standing;
  as_well.seed = asked.seed;
  as_well.outlook = asked.outlook;
  Rollouts rollouts(s.layout, s.seen, {}, {{"as it is", "", {}}, {"expedite", "", what_if.acts}},
                    as_well);
  rollouts.run(std::vector<twin::decide::Runs>{{0, 0, 3}, {1, 0, 3}}, 1);
  const TwoLives lives(s.layout, s.seen, {}, what_if, asked);
  for (std::uint32_t k = 0; k < 3; ++k) {
    TwoLives::Ends ends;
    lives.live(k, ends);
    EXPECT_EQ(outcome_of(*s.layout, asked.outlook, ends.start, ends.as_it_is),
              rollouts.outcomes(0)[k]);
    EXPECT_EQ(outcome_of(*s.layout, asked.outlook, ends.start, ends.otherwise),
              rollouts.outcomes(1)[k]);
    EXPECT_NE(rollouts.outcomes(0)[k], rollouts.outcomes(1)[k]);
  }
}

TEST(WhatIf, TheAnswerIsTheSameForAnyNumberOfThreads) {
  const Scene s;
  WhatIfAsked asked = asked_of_what_if(s, 9);
  asked.threads = 1;
  const WhatIfResult one = compare(s.layout, s.seen, {}, much(s), asked);
  EXPECT_EQ(one.queues.size(), 10U);
  for (const unsigned threads : {2U, 3U, 16U}) {
    asked.threads = threads;
    EXPECT_EQ(compare(s.layout, s.seen, {}, much(s), asked), one) << threads;
  }
}

TEST(WhatIf, TheWayThereIsToldWithoutChangingIt) {
  // If this failed, two futures would be drawn that are not those whose ends are told.
  const Scene s;
  WhatIfAsked drawn = asked_of_what_if(s);
  drawn.course_points = 24;
  const WhatIfResult a = answer(s, much(s));
  WhatIfResult b = compare(s.layout, s.seen, {}, much(s), drawn);
  ASSERT_EQ(b.course.size(), 25U);
  EXPECT_TRUE(a.course.empty());
  EXPECT_EQ(b.course.front().wip.by.mean, 0.0) << "both lives begin alike";
  EXPECT_EQ(b.course.front().out.as_it_is, 0.0);
  EXPECT_EQ(b.course.back().wip, b.wip);
  EXPECT_EQ(b.course.back().out, b.out);
  EXPECT_EQ(b.course.back().hours, drawn.horizon_hours);
  for (std::size_t k = 1; k < b.course.size(); ++k)
    EXPECT_GE(b.course[k].out.as_it_is, b.course[k - 1].out.as_it_is);
  b.course.clear();
  EXPECT_EQ(a, b) << "to look on the way changes nothing";
}

TEST(WhatIf, StopsWhenToldAndSaysOfHowManyPairs) {
  const Scene s(Scene::Day);
  const TwoLives lives(s.layout, s.seen, {}, {}, asked_of_what_if(s, 9));
  EXPECT_EQ(compare(lives, [](std::uint64_t) { return false; }).pairs, 4U);
  EXPECT_EQ(compare(lives, [](std::uint64_t) { return true; }).pairs, 9U);
}

TEST(WhatIf, BothLivesEndInASoundState) {
  for (const bool lively : {true, false}) {
    const Scene s(4 * Scene::Day, lively ? lively_fab() : example_fab());
    const TwoLives lives(s.layout, s.seen, {}, much(s), asked_of_what_if(s));
    for (std::uint32_t k = 0; k < (lively ? 30U : 4U); ++k) {
      TwoLives::Ends ends;
      lives.live(k, ends);
      EXPECT_THAT(check_state(lives.as_it_is(), ends.as_it_is), IsEmpty()) << k;
      EXPECT_THAT(check_state(lives.otherwise(), ends.otherwise), IsEmpty()) << k;
    }
  }
}

// Without its only tool nothing passes a group, and what would have passed waits there.
TEST(WhatIf, AGroupWhoseToolsAreAllDownPassesNothing) {
  const Scene s;
  const Layout& m = *s.layout;
  const std::uint32_t g = waited_for(m, s.seen).front();
  WhatIf what_if;
  for (std::uint32_t k = 0; k < m.groups[g].tools; ++k)
    what_if.downs.push_back({m.groups[g].first_tool + k, s.seen.now, s.seen.now + 2 * Scene::Day});
  const TwoLives lives(s.layout, s.seen, {}, what_if, asked_of_what_if(s));
  for (std::uint32_t k = 0; k < 4; ++k) {
    TwoLives::Ends ends;
    lives.live(k, ends);
    // At the very instant of the question tools that were free may have been given lots already.
    EXPECT_EQ(ends.otherwise.group_tally[g].jobs, ends.start.group_tally[g].jobs);
    EXPECT_GT(ends.as_it_is.group_tally[g].jobs, ends.start.group_tally[g].jobs + 10);
    for (std::uint32_t t = m.groups[g].first_tool; t < m.groups[g].first_tool + m.groups[g].tools;
         ++t)
      EXPECT_NE(ends.otherwise.tools[t].breakdowns, 0);
  }
  const WhatIfResult r = answer(s, what_if);
  ASSERT_FALSE(r.queues.empty());
  EXPECT_EQ(r.queues.front().group, g) << "it changes most there";
  EXPECT_GT(r.queues.front().lots.by.low(), 0.0);
  EXPECT_GT(r.cycle_hours.by.low(), 0.0);
}

// One tool more where most waits: fewer lots wait there. That they do in the mean is no theorem, but a queue that grew
// with its tools would be one for the books; the interval leaves it one chance in forty.
TEST(WhatIf, AToolBoughtAtTheBottleneckShortensItsQueue) {
  const Scene s;
  const std::uint32_t g = waited_for(*s.layout, s.seen).front();
  WhatIf what_if;
  what_if.bought = {{g, 4, s.seen.now}};
  const WhatIfResult r = answer(s, what_if, 12);
  const auto there =
      std::ranges::find_if(r.queues, [g](const QueueChanged& q) { return q.group == g; });
  ASSERT_NE(there, r.queues.end());
  EXPECT_LT(there->lots.by.high(), 0.0);
}

TEST(WhatIf, TwiceTheStartsAreTwiceTheLotsReleased) {
  const Scene s;
  const ProductStarts now = starts_of(*s.layout, 1, s.seen.now);
  WhatIf what_if;
  what_if.mixes = {{1, 2.0 * now.per_day}};
  const TwoLives lives(s.layout, s.seen, {}, what_if, asked_of_what_if(s));
  TwoLives::Ends ends;
  lives.live(0, ends);
  const auto released = [&](const State& x) {
    double lots = 0.0;
    for (std::size_t c = 0; c < x.class_tally.size(); ++c)
      if (s.layout->classes[c].product == 1)
        lots += static_cast<double>(x.class_tally[c].released) -
                static_cast<double>(ends.start.class_tally[c].released);
    return lots;
  };
  const double expected =
      now.per_day * 1.5;  // in 36 h; streams by the clock: each off by one at most
  const auto streams = static_cast<double>(now.streams.size());
  EXPECT_NEAR(released(ends.as_it_is), expected, streams);
  EXPECT_NEAR(released(ends.otherwise), 2.0 * expected, streams);
  EXPECT_GT(answer(s, what_if).wip.by.low(), 0.0);
}

TEST(WhatIf, SaysWhyNot) {
  const Scene s(Scene::Day);
  const Tick now = s.seen.now, hour = Scene::Hour;
  const auto why = [&](const WhatIf& w) {
    return refusal([&] { TwoLives(s.layout, s.seen, {}, w, asked_of_what_if(s)); });
  };
  const std::string tool = s.layout->tool_name(3),
                    group = s.layout->description.tool_groups[2].name;
  EXPECT_EQ(why(much(s)), "accepted");
  EXPECT_EQ(why({.acts = {HoldLot{999'999}}}), "lot 999999 (is not in the fab)");
  EXPECT_EQ(why({.downs = {{99'999, now, now + hour}}}),
            "tool 99999 (there are " + std::to_string(s.layout->tools()) + ")");
  EXPECT_EQ(why({.downs = {{3, now + hour, now + hour}}}),
            tool + " down from 1.00 h to 1.00 h (must end after it begins)");
  EXPECT_EQ(why({.downs = {{3, now - hour, now + hour}}}),
            tool + " down from -1.00 h to 1.00 h (begins before now)");
  EXPECT_EQ(why({.downs = {{3, now + 36 * hour, now + 40 * hour}}}),
            tool + " down from 36.00 h to 40.00 h (begins behind the horizon)");
  EXPECT_EQ(why({.mixes = {{99, 1.0}}}), "product 99 (there are 3)");
  EXPECT_EQ(why({.mixes = {{0, -1.0}}}), "-1 lots of part_1 a day (must be 0 to 10000)");
  EXPECT_EQ(why({.mixes = {{0, 1.0}, {0, 2.0}}}), "product part_1 (is there twice)");
  EXPECT_EQ(why({.bought = {{999, 1, now}}}),
            "tool group 999 (there are " + std::to_string(s.layout->groups.size()) + ")");
  EXPECT_EQ(why({.bought = {{2, 0, now}}}), "0 tools more in " + group + " (must be 1 to 100)");
  EXPECT_EQ(why({.bought = {{2, 101, now}}}), "101 tools more in " + group + " (must be 1 to 100)");
  EXPECT_EQ(why({.bought = {{2, 1, now - 1}}}), "tools more in " + group + " (come before now)");
  EXPECT_EQ(why({.bought = {{2, 1, now + 36 * hour}}}),
            "tools more in " + group + " (come behind the horizon)");
  Description still = s.layout->description;
  still.streams.clear();
  const Scene none(Scene::Day, compile(still));
  EXPECT_EQ(refusal([&] {
              TwoLives(none.layout, none.seen, {}, {.mixes = {{0, 1.0}}}, asked_of_what_if(none));
            }),
            "product part_1 (nothing releases it again and again)");
}

TEST(WhatIf, SaysWhatIsAsked) {
  const Scene s(Scene::Day);
  const Layout& m = *s.layout;
  const auto texts = texts_of(m, much(s), s.seen.now);
  ASSERT_EQ(texts.size(), 6U);
  EXPECT_EQ(texts[1], m.tool_name(0) + " down from 0.0 h to 9.0 h");
  EXPECT_THAT(texts[3], testing::MatchesRegex("[0-9.]+ lots of part_1 a day instead of [0-9.]+"));
  EXPECT_EQ(texts[4], "2 tools more in " + m.description.tool_groups[0].name);
  EXPECT_EQ(texts[5], "1 tool more in " + m.description.tool_groups[1].name + " from 3.0 h on");
}

// Another policy in one of the lives would be one in both, or in none; and lots of another mix would pass by the gate.
TEST(WhatIf, AnotherPolicyIsOneOfTheOtherLife) {
  const Scene s;
  EXPECT_EQ(answer(s, {.rule = "fifo"}).tardy_hours.by.mean, 0.0);
  const WhatIfResult shut = answer(s, {.rule = "fifo:conwip=1"});
  EXPECT_EQ(shut.outside.as_it_is, 0.0);
  EXPECT_GT(shut.outside.by.low(), 0.0);
  EXPECT_LT(shut.wip.by.high(), 0.0);
  const WhatIfResult more = answer(
      s,
      {.mixes = {{0, 2.0 * starts_of(*s.layout, 0, s.seen.now).per_day}}, .rule = "fifo:conwip=1"});
  EXPECT_GT(more.outside.otherwise, shut.outside.otherwise);
  EXPECT_LE(more.wip.otherwise, shut.wip.otherwise + 1e-9);
  EXPECT_THAT(refusal([&] { (void)answer(s, {.rule = "fifo:conwip=no"}); }),
              testing::HasSubstr("must be a whole number"));
  EXPECT_THAT(texts_of(*s.layout, {.rule = "cr:conwip=9"}, 0),
              testing::ElementsAre("cr:conwip=9 from now on"));
}

}  // namespace
}  // namespace twins::fab::decide
