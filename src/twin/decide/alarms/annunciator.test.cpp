// If these failed, an operator would drown in alarms, or never see the one that matters.
#include "twin/decide/alarms/annunciator.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "twin/contract/refusal.hpp"
#include "twin/core/archive.hpp"
#include "twin/core/draw.hpp"

namespace twin::decide::alarms {
namespace {

using contract::refusal;
constexpr std::uint64_t AnnunciatorSeed = 20261210;
constexpr core::Tick Minute = 60'000, Hour = 60 * Minute, Day = 24 * Hour;

// site (0), areas LITHO and ETCH (1, 2), groups of LITHO (3, 4) and of ETCH (5), tools 6 to 8 of 3, 9 to 11
// of 4, 12 to 14 of 5.
CauseTree small() {
  return CauseTree({{"site", 0},
                    {"LITHO", 0},
                    {"ETCH", 0},
                    {"L-A", 1},
                    {"L-B", 1},
                    {"E-A", 2},
                    {"L1", 3},
                    {"L2", 3},
                    {"L3", 3},
                    {"L4", 4},
                    {"L5", 4},
                    {"L6", 4},
                    {"E1", 5},
                    {"E2", 5},
                    {"E3", 5}});
}
// Twenty kinds: 16 low, 3 medium, 1 high (the last).
std::vector<AlarmKind> kinds(core::Tick on = 0, core::Tick off = 0) {
  std::vector<AlarmKind> out;
  for (int k = 0; k < 20; ++k)
    out.push_back({"kind " + std::to_string(k), "call the engineer", double(k), on, off});
  return out;
}
AlarmEvent set(core::Tick at, std::uint32_t cause, std::uint32_t kind = 0) {
  return {at, cause, kind, Change::Set};
}
AlarmEvent cleared(core::Tick at, std::uint32_t cause, std::uint32_t kind = 0) {
  return {at, cause, kind, Change::Cleared};
}
std::vector<std::uint32_t> causes(const std::vector<AlarmGroup>& groups) {
  std::vector<std::uint32_t> out;
  for (const AlarmGroup& g : groups) out.push_back(g.cause);
  return out;
}
using Causes = std::vector<std::uint32_t>;

// Wrong: many alarms of one cause would stand on the list as many, or strangers as one.
TEST(Annunciator, GroupsByCause) {
  Annunciator a(small(), kinds(), {});
  EXPECT_EQ(a.take(set(1, 6)), (std::vector<Announcement>{{1, 6, Priority::Low, 1, 1}}));
  EXPECT_EQ(a.take(set(2, 6, 1)), std::vector<Announcement>{});  // the same tool
  a.take(set(3, 7));
  EXPECT_EQ(causes(a.groups()), (Causes{6, 7}));
  // The third tool of a group: its group is the cause, and is announced as such.
  EXPECT_EQ(a.take(set(4, 8)), (std::vector<Announcement>{{4, 3, Priority::Low, 4, 4}}));
  EXPECT_EQ(causes(a.groups()), Causes{3});
  // A stranger of another area stays one.
  a.take(set(5, 12));
  EXPECT_EQ(causes(a.groups()), (Causes{3, 12}));
  // Both groups of LITHO: the area. ETCH is not part of it, and the site not the cause.
  a.take(set(6, 9)), a.take(set(7, 10)), a.take(set(8, 11));
  EXPECT_EQ(causes(a.groups()).front(), 12U);
  EXPECT_EQ(a.groups().back().cause, 1U);  // the budget for low ones is spent: it waits
  EXPECT_FALSE(a.groups().back().announced);
  EXPECT_EQ(a.groups().back().active, 7U);
  // As long as one alarm of it is active, what comes in the area is part of it.
  for (std::uint32_t tool = 6; tool <= 10; ++tool)
    a.take(cleared(9, tool)), a.take(cleared(9, tool, 1));
  EXPECT_EQ(a.groups().size(), 2U);
  a.take(set(10, 6));
  EXPECT_EQ(a.groups().back().active, 2U);
  a.take(cleared(11, 11)), a.take(cleared(11, 6));
  EXPECT_EQ(causes(a.groups()), Causes{12});
  EXPECT_EQ(a.totals().passed, 1U);  // it was gone before there was room
  EXPECT_EQ(a.totals().sets, 9U);
  // An alarm of an area's own is the cause of what is below.
  a.take(set(12, 2, 5)), a.take(set(13, 13));
  EXPECT_EQ(causes(a.groups()), Causes{2});
}

// Wrong: delays would not do what they are for.
TEST(Annunciator, WaitsOutDelays) {
  AnnunciatorOptions options;
  options.chatter_within = 0;  // three times in a minute would be a chatter
  Annunciator a(small(), kinds(5'000, 10'000), options);
  EXPECT_TRUE(a.take(set(1'000, 6)).empty());
  a.take(cleared(5'999, 6));
  EXPECT_TRUE(a.advance(20'000).empty());  // too short
  EXPECT_EQ(a.totals().activations, 0U);
  EXPECT_EQ(a.landed(6), 1U);  // and still counted
  a.take(set(30'000, 6));
  EXPECT_EQ(a.advance(40'000), (std::vector<Announcement>{{35'000, 6, Priority::Low, 2, 1}}));
  a.take(cleared(50'000, 6)), a.take(set(55'000, 6));  // back within the delay: the same alarm
  a.take(cleared(60'000, 6));
  EXPECT_EQ(a.groups().size(), 1U);
  a.advance(70'000);
  EXPECT_TRUE(a.groups().empty());
  EXPECT_EQ(a.totals().activations, 1U);
}

// Wrong: an alarm that comes and goes would be announced each time.
TEST(Annunciator, HoldsChatteringAsOne) {
  Annunciator a(small(), kinds(), {});
  std::size_t announced = 0;
  for (core::Tick t = 0; t < 100; ++t) {  // every 10 s for 1,000 s
    announced += a.take(set(t * 10'000, 6)).size();
    announced += a.take(cleared(t * 10'000 + 3'000, 6)).size();
  }
  EXPECT_EQ(announced, 3U);  // twice before it is seen to chatter, and as it is
  EXPECT_EQ(a.chattering(), (std::vector<AlarmName>{{6, 0}}));
  EXPECT_EQ(a.totals().sets, 100U);
  EXPECT_EQ(a.totals().activations, 3U);
  a.advance(993'000 + 10 * Minute - 1);
  EXPECT_EQ(a.groups().size(), 1U);
  a.advance(993'000 + 10 * Minute);
  EXPECT_TRUE(a.groups().empty());
  EXPECT_TRUE(a.chattering().empty());
}

// Wrong: what nobody looks at any more would hide, or a shelf be a grave.
TEST(Annunciator, ListsStaleOnesAndEndsShelves) {
  Annunciator a(small(), kinds(), {});
  a.take(set(0, 6)), a.take(set(0, 12, 3));
  EXPECT_TRUE(a.stale().empty());
  a.shelve({{12, 3}, "engineer-7", "sensor ordered", 2 * Day});
  EXPECT_EQ(causes(a.groups()), Causes{6});
  a.advance(Day + 1);
  EXPECT_EQ(a.stale(), (std::vector<AlarmName>{{6, 0}, {12, 3}}));
  EXPECT_EQ(a.shelved().size(), 1U);
  a.take(cleared(Day + 2, 12, 3)),
      a.take(set(Day + 3, 12, 3));  // while it is shelved: counted, not shown
  EXPECT_EQ(a.landed(12), 2U);
  EXPECT_EQ(causes(a.groups()), Causes{6});
  const auto back = a.advance(2 * Day);
  ASSERT_EQ(back.size(), 1U);
  EXPECT_EQ(back[0].cause, 12U);
  EXPECT_EQ(back[0].at, 2 * Day);
  EXPECT_TRUE(a.shelved().empty());
  a.shelve({{6, 0}, "engineer-7", "known", 3 * Day});
  EXPECT_EQ(causes(a.groups()), Causes{12});
  a.unshelve({6, 0});
  EXPECT_EQ(a.groups().size(), 2U);
  EXPECT_EQ(refusal([&] {
              a.shelve({{6, 0}, "engineer-7", "", 3 * Day});
            }),
            "shelving without a name or a reason (both are kept with it)");
  EXPECT_NE(refusal([&] { a.shelve({{6, 0}, "x", "y", 2 * Day}); }), "accepted");
  EXPECT_NE(refusal([&] { a.shelve({{6, 0}, "x", "y", 2 * Day + 8 * Day}); }), "accepted");
}

// Wrong: nobody would know whether somebody is on his way, or a group that has become worse would pass for seen.
TEST(Annunciator, KnowsWhoHasSeenAGroupUntilItBecomesWorse) {
  Annunciator a(small(), kinds(), {});
  EXPECT_EQ(refusal([&] { a.acknowledge(6, Priority::Low, "otto"); }),
            "'L1' has no open group of alarms to acknowledge");
  (void)a.take(set(1'000, 6));
  ASSERT_EQ(a.groups().size(), 1U);
  EXPECT_EQ(a.groups()[0].acknowledged, Acknowledgement());
  (void)a.advance(2'000);
  EXPECT_EQ(refusal([&] { a.acknowledge(6, Priority::Low, ""); }),
            "an alarm acknowledged by nobody (a name is kept with it)");
  a.acknowledge(6, Priority::Low, "otto");
  a.acknowledge(6, Priority::High, "anna");  // he was first
  EXPECT_EQ(a.groups()[0].acknowledged, (Acknowledgement{"otto", 2'000}));
  EXPECT_EQ(a.totals().acknowledged, 1U);
  // As bad as before: it is the same. Worse: it is to be seen again, as what it is now.
  (void)a.take(set(3'000, 6, 1));
  EXPECT_EQ(a.groups()[0].acknowledged.who, "otto");
  (void)a.take(set(4'000, 6, 19));
  EXPECT_EQ(a.groups()[0].acknowledged, Acknowledgement());
  EXPECT_EQ(refusal([&] { a.acknowledge(6, Priority::Low, "otto"); }),
            "the alarms of 'L1' have become worse since");
  a.acknowledge(6, Priority::High, "anna");
  EXPECT_EQ(a.groups()[0].acknowledged, (Acknowledgement{"anna", 4'000}));
  EXPECT_EQ(core::load<Annunciator>(core::save(a)), a);
  // When it is over, what comes next is another.
  for (const std::uint32_t kind : {0U, 1U, 19U}) (void)a.take(cleared(Hour, 6, kind));
  (void)a.take(set(2 * Hour, 6));
  EXPECT_EQ(a.groups().at(0).acknowledged, Acknowledgement());
}

// Wrong: the budget would be overrun, or the one alarm that matters wait behind those that do not.
TEST(Annunciator, KeepsItsBudgetAndLetsTheWorstThrough) {
  // Forty groups of one tool each, directly below a site of 1,000: nothing is grouped.
  std::vector<Cause> many = {{"site", 0}};
  for (int i = 0; i < 1'000; ++i) many.push_back({"T" + std::to_string(i), 0});
  AnnunciatorOptions options;
  options.together = 1'000;
  Annunciator a(CauseTree(many), kinds(), options);
  std::vector<Announcement> shown;
  const auto keep = [&](std::vector<Announcement> more) {
    shown.insert(shown.end(), more.begin(), more.end());
  };
  for (std::uint32_t i = 0; i < 20; ++i) keep(a.take(set(i, 1 + i)));
  EXPECT_EQ(shown.size(), 4U);  // two of six are kept for high ones
  EXPECT_TRUE(a.flood());
  keep(a.take(set(30, 100, 19)));
  ASSERT_EQ(shown.size(), 5U);
  EXPECT_EQ(shown.back().priority, Priority::High);
  keep(a.take(set(31, 101, 18)));  // medium: waits, but goes first
  keep(a.advance(Hour + 10));
  EXPECT_EQ(shown[5].cause, 101U);
  EXPECT_LE(shown.size(), 9U);
  // An announced group that gets worse is announced again.
  keep(a.take(set(2 * Hour, 1, 19)));
  EXPECT_EQ(shown.back().cause, 1U);
  EXPECT_EQ(shown.back().priority, Priority::High);
  keep(a.advance(30 * Day));
  EXPECT_EQ(a.totals().announced, 22U + 1U);  // all in the end, one twice
}

// Wrong: a flood would be no flood, or never end. 11 within 10 minutes begin it; fewer than 5 end it.
TEST(Annunciator, KnowsAFlood) {
  Annunciator a(small(), kinds(), {});
  for (std::uint32_t i = 0; i < 10; ++i) a.take(set(i * Minute / 2, 6, i));
  EXPECT_FALSE(a.flood());
  a.take(set(5 * Minute, 6, 10));
  EXPECT_TRUE(a.flood());
  a.advance(Day);  // it ended when the one of minute 3 was 10 minutes old, and four were left
  EXPECT_FALSE(a.flood());
  EXPECT_EQ(a.totals().floods, 1U);
  EXPECT_EQ(a.totals().in_flood, 13 * Minute - 5 * Minute);
}

// The plant of the storm: 8 areas, 5 groups each, 25 tools each.
CauseTree plant() {
  std::vector<Cause> c = {{"site", 0}};
  for (std::uint32_t i = 0; i < 8; ++i) c.push_back({"area", 0});
  for (std::uint32_t i = 0; i < 40; ++i) c.push_back({"group", 1 + i / 5});
  for (std::uint32_t i = 0; i < 1'000; ++i) c.push_back({"tool", 9 + i / 25});
  return CauseTree(c);
}
// Event i of n over a day. Half of the alarms come from one area, as from a common cause, most kinds are low.
AlarmEvent stormy(std::uint32_t i, std::uint32_t n, core::Tick day) {
  const auto u = [&](std::uint32_t what) {
    return core::Draw{AnnunciatorSeed, 0}.uniform(what, i, 0);
  };
  const auto tool = static_cast<std::uint32_t>(u(0) < 0.5 ? 125 * u(1) : 1'000 * u(1));
  return {static_cast<core::Tick>(double(i) / n * double(day)), 49 + tool,
          static_cast<std::uint32_t>(20 * u(2)), u(3) < 0.5 ? Change::Set : Change::Cleared};
}

// Wrong: a storm of ten times what is usual would drown everybody, lose alarms, or end otherwise when the
// fold is paused. 100,000 Set events in a day (10,000 a day are the 10 alarms a tool of an untamed plant)
// and as many Cleared: at most 6 announcements in each hour, no flood of them, all alarms counted, the
// list short, high ones within a minute unless six were announced in their hour.
TEST(Annunciator, StandsAStorm) {
  SCOPED_TRACE(AnnunciatorSeed);
  constexpr std::uint32_t Events = 200'000;
  Annunciator a(plant(), kinds(), {}), other = a;
  std::vector<Announcement> shown;
  std::uint64_t sets = 0, most_groups = 0;
  for (std::uint32_t i = 0; i < Events; ++i) {
    const AlarmEvent e = stormy(i, Events, Day);
    sets += e.change == Change::Set ? 1U : 0U;
    for (const Announcement& x : a.take(e)) shown.push_back(x);
    other.take(e);
    if (i % 500 == 0) most_groups = std::max<std::uint64_t>(most_groups, a.groups().size());
    if (i == Events / 3) other = core::load<Annunciator>(core::save(other));
  }
  EXPECT_EQ(other, a);
  EXPECT_GE(sets, 99'000U);
  EXPECT_EQ(a.totals().sets, sets);
  std::uint64_t landed = 0;
  for (std::uint32_t c = 0; c < a.tree().size(); ++c) landed += a.landed(c);
  EXPECT_EQ(landed, sets);
  EXPECT_EQ(a.totals().announced, shown.size());
  EXPECT_LE(shown.size(), 150U);
  EXPECT_GE(shown.size(), 1U);
  for (std::size_t i = 6; i < shown.size(); ++i) EXPECT_GE(shown[i].at - shown[i - 6].at, Hour);
  EXPECT_TRUE(a.flood());
  EXPECT_GE(a.totals().floods, 1U);
  EXPECT_LE(most_groups, 1'000U);
  const auto share = [&](Priority p) {
    return double(a.totals().by_priority[std::size_t(p)]) / double(a.totals().activations);
  };
  EXPECT_NEAR(share(Priority::Low), 0.80, 0.02);
  EXPECT_NEAR(share(Priority::Medium), 0.15, 0.02);
  EXPECT_NEAR(share(Priority::High), 0.05, 0.02);
  RecordProperty("announced", std::to_string(shown.size()));
  RecordProperty("sets", std::to_string(sets));
  RecordProperty("activations", std::to_string(a.totals().activations));
  RecordProperty("groups_at_most", std::to_string(most_groups));
  RecordProperty("passed", std::to_string(a.totals().passed));
  RecordProperty("bytes_of_state", std::to_string(core::save(a).size()));
}

// Wrong: grouping would be something else than what is written: against a fold that recounts the whole
// plant at each event, without delays and chatter, the active alarms of every cause agree.
TEST(Annunciator, CountsWhatIsActive) {
  SCOPED_TRACE(AnnunciatorSeed);
  AnnunciatorOptions options;
  options.chatter_within = 0;
  Annunciator a(small(), kinds(), options);
  std::map<std::pair<std::uint32_t, std::uint32_t>, bool> on;
  core::Tick t = 0;
  for (std::uint32_t i = 0; i < 5'000; ++i) {
    const core::Draw d{AnnunciatorSeed, 1};
    const auto pick = [&](std::uint32_t what, double n) {
      return static_cast<std::uint32_t>(n * d.uniform(what, i, 0));
    };
    const std::uint32_t cause = pick(0, 15), kind = pick(1, 2);
    const bool up = d.uniform(2, i, 0) < 0.4;
    t += 1'000 + pick(3, 100'000);
    a.take({t, cause, kind, up ? Change::Set : Change::Cleared});
    on[{cause, kind}] = up;
    std::uint64_t active = 0, listed = 0;
    for (const auto& [alarm, is] : on) active += is ? 1U : 0U;
    std::vector<std::uint8_t> covered(15, 0);
    for (const AlarmGroup& g : a.groups()) {
      listed += g.active;
      EXPECT_EQ(a.active(g.cause).size(), g.active);
      EXPECT_GT(g.active, 0U);
      EXPECT_GE(g.count, 1U);
      covered[g.cause] = 1;
    }
    ASSERT_EQ(listed, active) << i;           // each active alarm stands in exactly one open group
    for (std::uint32_t c = 1; c < 15; ++c) {  // and no group stands below another one
      if (covered[c] == 0) continue;
      for (std::uint32_t up_from = a.tree().above(c);; up_from = a.tree().above(up_from)) {
        ASSERT_EQ(covered[up_from], 0);
        if (a.tree().root(up_from)) break;
      }
    }
  }
}

// Wrong: nonsense would be folded in.
TEST(Annunciator, RefusesNonsense) {
  std::vector<AlarmKind> mute = kinds();
  mute[3].response.clear();
  EXPECT_EQ(refusal([&] { Annunciator(small(), mute, {}); }),
            "alarm 'kind 3' has no response (an alarm needs one); make it a notification?");
  EXPECT_NE(refusal([&] { Annunciator(small(), {}, {}); }), "accepted");
  EXPECT_NE(refusal([&] { Annunciator(small(), kinds(-1), {}); }), "accepted");
  AnnunciatorOptions none;
  none.hourly = 2;
  EXPECT_NE(refusal([&] { Annunciator(small(), kinds(), none); }), "accepted");
  Annunciator a(small(), kinds(), {});
  const Annunciator before = a;
  EXPECT_EQ(refusal([&] { a.take(set(1, 15)); }),
            "alarm of cause 15, kind 0 (there are 15 causes and 20 kinds)");
  EXPECT_EQ(a, before);
  a.take(set(100, 6)), a.take(set(50, 7));  // late: as of now
  EXPECT_EQ(a.now(), 100);
  EXPECT_EQ(a.totals().late, 1U);
}

}  // namespace
}  // namespace twin::decide::alarms
