// If this failed, alternatives would differ by luck instead of by what they do, or by how many threads compared them.
#include "twins/fab/decide/rollouts.hpp"

#include <gtest/gtest.h>

#include <array>

#include "twin/contract/refusal.hpp"
#include "twins/fab/decide/scene.hpp"
#include "twins/fab/semantics/tiny_fab.hpp"

namespace twins::fab::decide {
namespace {

using twin::decide::Runs;

RolloutsAsked asked_of(const Scene& s) {
  RolloutsAsked asked;
  asked.now = s.seen.now;
  asked.horizon_hours = 36.0;
  asked.standing = "fifo";
  asked.seed = 9;
  asked.outlook.paces = {{0, 1.8, 3.6e6, 1}};
  return asked;
}

std::vector<Alternative> menu_of(const Scene& s) {
  return {{"standing", "", {}},
          {"fifo", "fifo", {}},
          {"edd", "edd", {}},
          {"spt", "spt", {}},
          {"expedite", "", {SetPriority{s.waiting_lot(), 90, s.seen.now + 6 * Scene::Hour}}}};
}

TEST(Rollouts, AreTheSameForAnyNumberOfThreadsAndAnyOrder) {
  const Scene s;
  const auto all = [&](unsigned threads, bool bit_by_bit) {
    Rollouts r(s.layout, s.seen, {}, menu_of(s), asked_of(s));
    std::vector<Runs> wanted;
    for (std::size_t a = 0; a < 5; ++a) wanted.push_back({a, 0, 6});
    if (bit_by_bit) {
      for (std::size_t a = 5; a-- > 0;) r.run(std::vector<Runs>{{a, 0, 2}}, threads);
      for (Runs& w : wanted) w.first = 2, w.count = 4;
    }
    r.run(wanted, threads);
    EXPECT_EQ(r.spent(), 30U);
    std::vector<Outcome> told;
    for (std::size_t a = 0; a < 5; ++a)
      told.insert(told.end(), r.outcomes(a).begin(), r.outcomes(a).end());
    return told;
  };
  const std::vector<Outcome> one = all(1, false);
  ASSERT_EQ(one.size(), 30U);
  for (const unsigned threads : {1U, 2U, 3U, 8U}) {
    EXPECT_EQ(all(threads, true), one) << threads;
    EXPECT_EQ(all(threads, false), one) << threads;
  }
}

TEST(Rollouts, OfTheSameDoingAreTheSame) {
  const Scene s;
  Rollouts r(s.layout, s.seen, {}, menu_of(s), asked_of(s));
  r.run(std::vector<Runs>{{0, 0, 4}, {1, 0, 4}, {2, 0, 4}}, 1);
  for (std::size_t k = 0; k < 4; ++k) EXPECT_EQ(r.outcomes(0)[k], r.outcomes(1)[k]);
  EXPECT_NE(r.outcomes(0)[0], r.outcomes(2)[0]);
}

// A slow and obvious one.
TEST(Rollouts, TellWhatARunByHandComesTo) {
  const Scene s;
  const RolloutsAsked asked = asked_of(s);
  Rollouts r(s.layout, s.seen, {}, menu_of(s), asked);
  r.run(std::vector<Runs>{{0, 0, 3}}, 1);
  const State start = s.member(2);
  State x = start;
  s.fab->advance(x, s.theta, s.seen.now + 36 * Scene::Hour, {9, 2});
  double tardy = 0.0, cycle = 0.0, n = 0.0;
  for (std::size_t c = 0; c < x.class_tally.size(); ++c) {
    const ClassTally &a = start.class_tally[c], &b = x.class_tally[c];
    tardy += static_cast<double>(b.tardy_ticks - a.tardy_ticks);
    cycle += static_cast<double>(b.cycle_ticks - a.cycle_ticks);
    n += static_cast<double>(b.finished - a.finished);
  }
  const double out = n;
  for (const Lot& lot : x.lots) {
    if (lot.place == LotPlace::Free) continue;
    tardy += asked.outlook.tardy_ms(*s.layout, lot, x.now);
    cycle += static_cast<double>(x.now - lot.release) + asked.outlook.remaining_ms(*s.layout, lot);
    n += 1.0;
  }
  const Outcome& told = r.outcomes(0)[2];
  EXPECT_NEAR(told.tardy_hours, tardy / n / HourMs, 1e-9 * (1.0 + told.tardy_hours));
  EXPECT_NEAR(told.cycle_hours, cycle / n / HourMs, 1e-9 * told.cycle_hours);
  EXPECT_EQ(told.out, out);
  EXPECT_EQ(told.wip, x.wip);
  EXPECT_TRUE(r.broken(4, 0).empty());
}

// If these failed, release control would be advised for what it hides: lots that are due and not let in would be lots
// without tardiness. Nobody enters (one lot may be inside): every lot that came due is outside, with the tardiness of
// one that still has to wait for those before it, at the pace of its product's streams.
TEST(Rollouts, WhoIsKeptOutsideIsCountedAndWaitsThere) {
  const Scene s;
  Rollouts r(s.layout, s.seen, {}, {{"as it is", "", {}}, {"shut", "fifo:conwip=1", {}}},
             asked_of(s));
  r.run(std::vector<Runs>{{0, 0, 1}, {1, 0, 1}}, 1);
  const Outcome &open = r.outcomes(0)[0], &shut = r.outcomes(1)[0];
  EXPECT_EQ(open.outside, 0.0);
  EXPECT_GT(shut.outside, 10.0);
  EXPECT_EQ(open.out + open.wip, shut.out + shut.wip + shut.outside);
  EXPECT_GT(shut.tardy_hours, open.tardy_hours);
  EXPECT_TRUE(r.broken(1, 0).empty());
}

TEST(Rollouts, TheWaitOutsideIsThePlaceInTheRowOverThePaceOfTheStreams) {
  const Scene s;
  const Layout& m = *s.layout;
  State x = s.member();
  const auto shut = make_fab(s.layout, "fifo:conwip=1");
  shut->advance(x, s.theta, x.now + Scene::Day, {9, 0});
  const std::vector<std::uint32_t> row = waiting_outside(x);
  ASSERT_GT(row.size(), 4U);
  const RolloutsAsked asked = asked_of(s);
  const Outcome all = outcome_of(m, asked.outlook, x, x);
  std::vector<double> places(m.description.products.size(), 0.0);
  double sum = 0.0, lots = 0.0;
  for (const Lot& lot : x.lots)
    if (lot.place != LotPlace::Free && lot.place != LotPlace::Outside)
      sum += asked.outlook.tardy_ms(m, lot, x.now), lots += 1.0;
  for (const std::uint32_t slot : row) {
    const std::uint32_t p = m.classes[x.lots[slot].lot_class].product;
    double rate = 0.0;  // [lots/ms]
    for (const StreamInfo& stream : m.streams)
      if (stream.product == p) rate += stream.lots_per_release / stream.interval_ms;
    const double wait = ++places[p] / rate;
    sum += asked.outlook.tardy_ms(m, x.lots[slot], x.now + to_ticks(wait));
    lots += 1.0;
  }
  EXPECT_NEAR(all.tardy_hours, sum / lots / HourMs, 1e-9 * all.tardy_hours);
  EXPECT_EQ(all.outside, static_cast<double>(row.size()));
}

// If this failed, what a rule brings if it stays would be promised by runs of three days, or of another start.
TEST(Rollouts, OverAnotherTime) {
  const Scene s;
  RolloutsAsked asked = asked_of(s);
  Rollouts r(s.layout, s.seen, {}, menu_of(s), asked);
  const std::array<std::size_t, 2> of = {0, 2};
  Rollouts longer = r.over(of, 2.0 * asked.horizon_hours);
  asked.horizon_hours *= 2.0;
  Rollouts same(s.layout, s.seen, {}, menu_of(s), asked);
  longer.run(std::vector<Runs>{{0, 0, 2}, {1, 0, 2}}, 1);
  same.run(std::vector<Runs>{{0, 0, 2}, {2, 0, 2}}, 1);
  for (std::size_t k = 0; k < 2; ++k) {
    EXPECT_EQ(longer.outcomes(0)[k], same.outcomes(0)[k]);
    EXPECT_EQ(longer.outcomes(1)[k], same.outcomes(2)[k]);
  }
}

// If this failed, a reason would be called a reason though nothing hangs on it.
TEST(Rollouts, OfAFabThatIsOtherwise) {
  const Scene s;
  Rollouts r(s.layout, s.seen, {}, menu_of(s), asked_of(s));
  const std::vector<Runs> both = {{0, 0, 4}, {1, 0, 4}};
  r.run(std::vector<Runs>{{0, 0, 4}, {2, 0, 4}}, 1);
  const std::array<std::size_t, 2> of = {0, 2};
  Rollouts same = r.changed(of, {});
  same.run(both, 1);
  for (std::size_t k = 0; k < 4; ++k) {
    EXPECT_EQ(same.outcomes(0)[k], r.outcomes(0)[k]);
    EXPECT_EQ(same.outcomes(1)[k], r.outcomes(2)[k]);
  }
  Rollouts in_time = r.changed(of, {.later_due = 1'000 * Scene::Day});
  in_time.run(both, 1);
  std::vector<Act> all;
  for (const Lot& lot : s.seen.lots)
    if (lot.place == LotPlace::Queued) all.emplace_back(HoldLot{lot.id});
  ASSERT_GT(all.size(), 3U);
  Rollouts held = r.changed(of, {.anyway = all});
  held.run(both, 1);
  for (std::size_t k = 0; k < 4; ++k) {
    // What is left is of the lots that come in meanwhile.
    EXPECT_LT(in_time.outcomes(0)[k].tardy_hours, r.outcomes(0)[k].tardy_hours);
    EXPECT_NE(held.outcomes(0)[k], r.outcomes(0)[k]);
  }
  EXPECT_EQ(
      twin::contract::refusal([&] { (void)r.changed(of, {.anyway = {ReleaseLot{999'999}}}); }),
      "what is done anyway: lot 999999 (is not in the fab)");
}

TEST(Rollouts, RefuseWhatCannotBeDone) {
  const Scene s;
  const auto with = [&](std::vector<Alternative> menu) {
    return [&s, menu = std::move(menu)] { Rollouts(s.layout, s.seen, {}, menu, asked_of(s)); };
  };
  using twin::contract::refusal;
  EXPECT_EQ(refusal(with({})), "a menu without alternatives (what is to be decided?)");
  EXPECT_EQ(refusal(with({{"a", "", {}}, {"a", "", {}}})),
            "alternative 'a' (the menu has two of this name)");
  EXPECT_EQ(refusal(with({{"a", "", {HoldLot{999'999}}}})),
            "alternative 'a': lot 999999 (is not in the fab)");
  EXPECT_NE(refusal(with({{"a", "eddy", {}}})).find("did you mean edd?"), std::string::npos);
  EXPECT_EQ(
      refusal(with({{"a", "atcs", {}}})),
      "alternative 'a': rule 'atcs' (needs queue lines by setup, and this fab was set up without)");
}

// By hand: A opens a window of 15 min each 10 min, from 10 on; B takes 30 min a lot. Lot 0 starts at 10, lot 1 at 40
// and 5 min late, lot 2 at 70 and 25 min late. If this failed, a limit of queue times would be kept on paper.
TEST(Rollouts, TellWhichQueueTimesAreTooLate) {
  semantics::TinyFab fab;
  const auto a = fab.add_group("A"), b = fab.add_group("B");
  Step first = semantics::step_at(a, 10);
  first.queue_time_exit = 1;
  first.queue_time_ms = 15 * MinuteMs;
  fab.add_route({first, semantics::step_at(b, 30)});
  for (int n = 0; n < 3; ++n) fab.add_lot(0);
  const Outlook outlook{{{0, 1.0, 0.0, 1}}};
  const auto between = [&](double from, double until) {
    const semantics::Shift before = semantics::Shift(fab).to(from);
    const semantics::Shift after = semantics::Shift(fab).to(until);
    const Outcome o = outcome_of(after.layout(), outlook, before.x(), after.x());
    return std::pair{o.windows, o.late_windows};
  };
  EXPECT_EQ(between(5, 12), std::pair(1.0, 0.0));
  EXPECT_EQ(between(35, 60), std::pair(2.0, 2.0)) << "lot 1 closed late, lot 2 is open and over";
  EXPECT_EQ(between(38, 60), std::pair(1.0, 1.0)) << "lot 1 was over before";
  EXPECT_EQ(between(5, 100), std::pair(3.0, 2.0));
  EXPECT_EQ(between(60, 65), std::pair(0.0, 0.0));
}

}  // namespace
}  // namespace twins::fab::decide
