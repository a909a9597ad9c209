#include "twins/fab/interventions.hpp"

#include <gtest/gtest.h>

#include <map>

#include "twins/fab/floor.hpp"
#include "twins/fab/invariants.hpp"
#include "twins/fab/kpi.hpp"
#include "twins/fab/lively_fab.hpp"
#include "twins/fab/mirror.hpp"
#include "twins/fab/view.hpp"

namespace twins::fab {
namespace {

using twin::event::Event;
using twin::event::Kind;

constexpr auto Minute = static_cast<Tick>(MinuteMs);

// Two tools in a row, A (one tool, 10 min) and B (one tool, 10 min), no transport but 5 min from A
// to B; a lot of 25 wafers every 4 minutes, so that lots wait at A. No rank but arrival.
Description two_tools() {
  const auto constant = [](double minutes) {
    return Duration{Duration::Law::Constant, minutes * MinuteMs, 0.0};
  };
  Description d;
  for (const char* name : {"A", "B"}) {
    ToolGroup g;
    g.name = g.location = name;
    g.rank = {Criterion::HighestPriority, Criterion::Fifo};
    d.tool_groups.push_back(g);
  }
  Step s;
  s.process = constant(10);
  s.group = 0;
  Step last = s;
  last.group = 1;
  d.routes = {{"r", {s, last}}};
  d.products = {{"p", "", 0}};
  Stream stream;
  stream.name = "lots";
  stream.product = 0;
  stream.interval = constant(4);
  stream.count = 5;
  stream.due_offset_ms = DayMs;
  d.streams = {stream};
  d.transports = {{"A", "B", constant(5)}};
  return d;
}

class ByHand : public ::testing::Test {
 protected:
  std::shared_ptr<const Layout> layout = compile(two_tools());
  std::unique_ptr<AnyFab> fab = make_fab(layout, "fifo");
  std::vector<double> theta = layout->nominal_theta();
  State x = fab->initial(theta, {});
  Interventions people{*fab, x};

  void run_to(Tick minutes) {
    fab->advance(x, theta, minutes * Minute, {});
    sound();
  }
  void sound() { EXPECT_EQ(check_state(*layout, x), std::vector<std::string>{}); }
  const Lot& lot(std::uint32_t id) { return x.lots[find_lot(x, id)]; }
  std::vector<std::uint32_t> queue_of(std::size_t group) {
    std::vector<std::uint32_t> ids;
    const View view = observe(*layout, x);
    for (const Waiting& w : view.groups[group].queue) ids.push_back(w.lot);
    return ids;
  }
  using Ids = std::vector<std::uint32_t>;
};

// Lots 0 to 4 are released at minutes 0, 4, 8, 12, 16 and begin at A at 0, 10, 20, 30, 40.

TEST_F(ByHand, HoldAndRelease) {
  // Wrong: a lot on hold would be processed, or one that is free again would wait for ever.
  run_to(9);
  ASSERT_EQ(queue_of(0), (Ids{1, 2}));
  EXPECT_EQ(people.hold(1), Intervened::Now);
  EXPECT_EQ(people.hold(1), Intervened::HeldAlready);
  EXPECT_EQ(lot(1).place, LotPlace::Held);
  sound();
  run_to(11);
  EXPECT_EQ(lot(2).place, LotPlace::Processing);  // it went instead
  run_to(17);
  EXPECT_EQ(people.release(1), Intervened::Now);
  EXPECT_EQ(people.release(1), Intervened::NotHeld);
  EXPECT_EQ(queue_of(0), (Ids{3, 4, 1}));  // behind those that came meanwhile
  sound();
  run_to(200);
  EXPECT_EQ(x.wip, 0U);
  EXPECT_EQ(people.hold(77), Intervened::UnknownLot);
  EXPECT_EQ(people.release(1), Intervened::UnknownLot);  // it has left
}

TEST_F(ByHand, ReleaseWakesAnIdleTool) {
  // Wrong: the tool would stand idle before a waiting lot until something else happened.
  run_to(9);
  for (const std::uint32_t id : {1U, 2U}) EXPECT_EQ(people.hold(id), Intervened::Now);
  run_to(13);  // lot 3 came at 12 and began
  run_to(17);
  EXPECT_EQ(people.hold(4), Intervened::Now);
  run_to(27);
  EXPECT_EQ(observe(*layout, x).tools[0].mode, ToolMode::Idle);
  EXPECT_EQ(people.release(2), Intervened::Now);
  run_to(27);
  EXPECT_EQ(lot(2).place, LotPlace::Processing);
  EXPECT_EQ(x.tools[0].jobs[0].start, 27 * Minute);
}

TEST_F(ByHand, HoldAfterTheJobOrTheMove) {
  // Wrong: a hold would be forgotten where the lot cannot be stopped at once.
  run_to(5);
  EXPECT_EQ(people.hold(0), Intervened::Later);  // in A until 10, at B from 15
  EXPECT_EQ(people.hold(0), Intervened::HeldAlready);
  run_to(12);
  EXPECT_EQ(lot(0).place, LotPlace::Moving);
  run_to(16);
  EXPECT_EQ(lot(0).place, LotPlace::Held);
  EXPECT_EQ(lot(0).step, 1U);
  run_to(22);
  EXPECT_EQ(people.hold(1), Intervened::Later);   // on its way, at B from 25
  EXPECT_EQ(people.release(1), Intervened::Now);  // thought better of it
  run_to(26);
  EXPECT_EQ(lot(1).place, LotPlace::Processing);
}

TEST_F(ByHand, Scrap) {
  // Wrong: wafers that are gone would go on, or leave a hole in the counters.
  run_to(9);
  EXPECT_EQ(people.scrap(0), Intervened::InTool);
  EXPECT_EQ(people.scrap(1), Intervened::Now);  // in the queue
  EXPECT_EQ(people.scrap(1), Intervened::UnknownLot);
  sound();
  EXPECT_EQ(people.hold(2), Intervened::Now);
  EXPECT_EQ(people.scrap(2), Intervened::Now);  // on hold
  run_to(12);
  EXPECT_EQ(people.scrap(0), Intervened::Now);  // on its way
  EXPECT_EQ(x.wip, 1U);
  run_to(200);
  EXPECT_EQ(x.wip, 0U);
  EXPECT_EQ(x.class_tally[0].finished, 2U);
  EXPECT_EQ(x.class_tally[0].scrapped, 3U);
  // Little's integral: lots 0, 1, 2 were inside for 12, 9 - 4, 9 - 8 minutes; lots 3 and 4 began at
  // A at 12 and 22 and were through B at 37 and 47, released at 12 and 16.
  const ClassTally& k = x.class_tally[0];
  EXPECT_EQ(k.exit_ticks - k.release_ticks, (12 + 5 + 1 + 25 + 31) * Minute);
}

TEST_F(ByHand, SplitAndMerge) {
  // Wrong: wafers would be lost or doubled, or a lot would get younger by being split.
  run_to(9);
  EXPECT_EQ(people.split(0, 5).outcome, Intervened::InTool);
  EXPECT_EQ(people.split(1, 0).outcome, Intervened::BadWafers);
  EXPECT_EQ(people.split(1, 25).outcome, Intervened::BadWafers);
  const auto [outcome, child] = people.split(1, 10);
  EXPECT_EQ(outcome, Intervened::Now);
  EXPECT_EQ(child, 3U);  // the next number: lots 3 and 4 of the stream become 4 and 5
  EXPECT_EQ(lot(1).wafers, 15U);
  EXPECT_EQ(lot(child).wafers, 10U);
  EXPECT_EQ(lot(child).release, lot(1).release);
  EXPECT_EQ(queue_of(0), (Ids{1, 3, 2}));  // beside its other half: the same arrival
  EXPECT_EQ(x.wip, 4U);
  sound();
  EXPECT_EQ(people.merge(1, 1), Intervened::SameLot);
  EXPECT_EQ(people.merge(1, 0), Intervened::InTool);
  EXPECT_EQ(people.hold(child), Intervened::Now);
  EXPECT_EQ(people.merge(1, child), Intervened::NotTogether);
  EXPECT_EQ(people.release(child), Intervened::Now);
  EXPECT_EQ(people.merge(2, child), Intervened::Now);
  EXPECT_EQ(lot(2).wafers, 35U);
  EXPECT_EQ(queue_of(0), (Ids{1, 2}));
  sound();
  run_to(16);
  EXPECT_EQ(people.split(0, 5).outcome, Intervened::InTool);  // at B
  run_to(22);
  EXPECT_EQ(people.split(1, 5).outcome, Intervened::OnItsWay);
  run_to(300);
  EXPECT_EQ(x.wip, 0U);
  EXPECT_EQ(x.class_tally[0].wafers_finished, 5U * 25U);
}

TEST_F(ByHand, PriorityReorders) {
  // Wrong: an urgent lot would wait its turn.
  run_to(13);
  ASSERT_EQ(queue_of(0), (Ids{2, 3}));
  EXPECT_EQ(people.set_priority(3, 20), Intervened::Now);
  EXPECT_EQ(queue_of(0), (Ids{3, 2}));
  EXPECT_EQ(people.set_priority(1, 30), Intervened::Now);  // in the tool: for the next queue
  sound();
  run_to(21);
  EXPECT_EQ(lot(3).place, LotPlace::Processing);
}

TEST(Interventions, MergeKeepsToTheBatchAhead) {
  // Wrong: a merged lot could become too large for a furnace and wait before it for ever.
  const auto layout = lively_fab();
  const auto fab = make_fab(layout);
  const std::vector<double> theta = layout->nominal_theta();
  State x = fab->initial(theta, {});
  Interventions people(*fab, x);
  std::map<std::uint32_t, std::vector<std::uint32_t>> held;  // step -> lots on hold
  std::uint32_t refused = 0, done = 0;
  for (int minute = 1; minute <= 10 * 24 * 60; ++minute) {
    fab->advance(x, theta, minute * Minute, {});
    for (const Lot& lot : x.lots) {  // a hold moves none of them
      if (lot.place != LotPlace::Queued || layout->steps[lot.step].route != 0) continue;
      if (layout->steps[lot.step].index > 2) continue;  // the furnace (75 wafers) is still ahead
      ASSERT_EQ(people.hold(lot.id), Intervened::Now);
      held[lot.step].push_back(lot.id);
    }
  }
  for (const auto& [step, ids] : held) {
    for (std::size_t k = 1; k < ids.size(); ++k) {
      const Intervened outcome = people.merge(ids[0], ids[k]);
      (outcome == Intervened::TooManyWafers ? refused : done) += 1;
      EXPECT_LE(x.lots[find_lot(x, ids[0])].wafers, 75U);
    }
  }
  EXPECT_GT(done, 0U);
  EXPECT_GT(refused, 0U);
  EXPECT_EQ(check_state(*layout, x), std::vector<std::string>{});
}

struct Storm {
  std::string rule;
  LayoutOptions::Breakdowns breakdown;
};

class Random : public ::testing::TestWithParam<Storm> {};

TEST_P(Random, InterventionsLeaveAFabThatRunsOn) {
  // Wrong: some action at some instant would break a queue, a list or a counter. And the mirror,
  // told by the log, must follow all of it.
  LayoutOptions options = with_rule({.breakdown = GetParam().breakdown}, GetParam().rule);
  options.super_hot_reservation = true;
  const auto layout = compile(lively_description(), options);
  const auto fab = make_fab(layout, GetParam().rule);
  const std::vector<double> theta = layout->nominal_theta();
  State x = fab->initial(theta, {});
  Mirror mirror(*fab);
  State y = mirror.start();
  LogSink log(*layout, x, [&](std::span<const Event> batch) {
    for (const Event& e : batch)
      ASSERT_EQ(mirror.apply(y, e), Applied::Moved) << to_string(e.kind) << " of lot " << e.lot;
  });
  Interventions people(*fab, x, &log);
  const twin::core::Draw draw{.seed = 2};
  std::map<Intervened, int> outcomes;
  for (std::uint32_t k = 0; k < 4'000; ++k) {
    const auto words = draw.block(1, k, 0), more = draw.block(2, k, 0);
    if (words[3] % 3 != 0)
      fab->advance(x, theta, x.now + static_cast<Tick>(words[3] % (20 * 60'000)), {}, log);
    std::vector<std::uint32_t> ids;
    for (const Lot& l : x.lots)
      if (l.place != LotPlace::Free && l.place != LotPlace::Finished) ids.push_back(l.id);
    if (ids.empty()) continue;
    const std::uint32_t a = ids[words[0] % ids.size()];
    std::uint32_t b = ids[words[1] % ids.size()];
    for (const std::uint32_t id : ids)  // one that stands beside it, where there is one
      if (id != a && x.lots[find_lot(x, id)].step == x.lots[find_lot(x, a)].step) b = id;
    Intervened outcome = Intervened::Now;
    switch (words[2] % 12) {
      case 0:
      case 1:
      case 2: outcome = people.hold(a); break;
      case 3:
      case 4:
      case 5:
      case 6: outcome = people.release(a); break;
      case 7: outcome = k % 4 == 0 ? people.scrap(a) : Intervened::Now; break;
      case 8: outcome = people.split(a, more[0] % 26).outcome; break;
      case 9:
      case 10: outcome = people.merge(a, b); break;
      case 11: outcome = people.set_priority(a, static_cast<std::int32_t>(more[0] % 4) * 10); break;
    }
    ++outcomes[outcome];
    ASSERT_EQ(check_state(*layout, x), std::vector<std::string>{}) << "action " << k;
    fab->advance(x, theta, x.now, {}, log);  // what the action calls for, and the log of it
    ASSERT_EQ(check_state(*layout, x), std::vector<std::string>{}) << "after action " << k;
    ASSERT_EQ(first_difference(*layout, observe(*layout, x), observe(*layout, y)), "") << k;
    ASSERT_EQ(check_state(*layout, y, Future::Unknown), std::vector<std::string>{}) << k;
  }
  for (int o = 0; o <= static_cast<int>(Intervened::AskedAlready); ++o) {
    const auto outcome = static_cast<Intervened>(o);
    EXPECT_FALSE(to_string(outcome).empty());
    EXPECT_EQ(was_done(outcome), o <= 1);
    const bool rare = outcome >= Intervened::UnknownTool || outcome == Intervened::UnknownLot ||
                      outcome == Intervened::TooManyWafers;
    EXPECT_TRUE(outcomes[outcome] > 0 || rare) << to_string(outcome);
  }
}

INSTANTIATE_TEST_SUITE_P(Rules, Random,
                         ::testing::Values(Storm{"published", LayoutOptions::Breakdowns::AfterJob},
                                           Storm{"fifo", LayoutOptions::Breakdowns::Suspend},
                                           Storm{"srpt", LayoutOptions::Breakdowns::Suspend},
                                           Storm{"atcs", LayoutOptions::Breakdowns::AfterJob}),
                         [](const auto& p) { return p.param.rule; });

TEST(Interventions, DoNotDependOnWhereTheRunPauses) {
  // Wrong: the same actions at the same times would lead to two different fabs.
  const auto layout = lively_fab();
  const auto fab = make_fab(layout);
  const std::vector<double> theta = layout->nominal_theta();
  State a = fab->initial(theta, {}), b = a;
  for (std::uint32_t k = 1; k <= 50; ++k) {
    const Tick at = k * 2 * 3'600'000;
    fab->advance(a, theta, at, {});
    for (int part = 1; part <= 7; ++part)
      fab->advance(b, theta, std::max(b.now, at - 3'600'000 + part * 500'000), {});
    fab->advance(b, theta, at, {});
    EXPECT_EQ(Interventions(*fab, a).hold(3 * k), Interventions(*fab, b).hold(3 * k));
    EXPECT_EQ(Interventions(*fab, a).release(k), Interventions(*fab, b).release(k));
    EXPECT_EQ(Interventions(*fab, a).set_priority(2 * k, 15),
              Interventions(*fab, b).set_priority(2 * k, 15));
    ASSERT_TRUE(a == b) << k;
  }
}

TEST(Interventions, StartAMaintenanceBesideItsCalendar) {
  // Wrong: a maintenance asked for would not come, come into a running job, move the calendar, or
  // leave a mirror of the log elsewhere.
  const auto layout = lively_fab();
  const auto fab = make_fab(layout);
  const std::vector<double> theta = layout->nominal_theta();
  State x = fab->initial(theta, {});
  Mirror mirror(*fab);
  State y = mirror.start();
  std::map<Kind, int> told;  // of the calendar that was asked for, since then
  bool watch = false;
  LogSink log(*layout, x, [&](std::span<const Event> events) {
    for (const Event& e : events) {
      ASSERT_NE(mirror.apply(y, e), Applied::WrongPlace);
      if (watch && e.tool == 0 && e.item == mirror.names().pm_item[0]) ++told[e.kind];
    }
  });
  fab->advance(x, theta, 10 * Minute, {}, log);
  Interventions people(*fab, x, &log);
  EXPECT_EQ(people.start_pm(layout->tools(), 0), Intervened::UnknownTool);
  EXPECT_EQ(people.start_pm(0, 2), Intervened::UnknownCalendar);
  const auto due = [&](const State& s) {
    std::vector<Tick> at;
    for (const twin::des::Event& e : s.agenda.sorted())
      if (static_cast<Happens>(e.kind) == Happens::PmDue && e.who == 0) at.push_back(e.at);
    return at;
  };
  const std::vector<Tick> before = due(x);
  const bool busy = x.tools[0].jobs_inside != 0;
  watch = true;
  EXPECT_EQ(people.start_pm(0, 0), busy ? Intervened::Later : Intervened::Now);
  fab->advance(x, theta, x.now, {}, log);
  EXPECT_EQ(people.start_pm(0, 0), Intervened::AskedAlready);
  EXPECT_EQ(due(x), before);
  fab->advance(x, theta, 10 * 60 * Minute, {}, log);  // its own turn comes at 12 h
  EXPECT_EQ(told[Kind::PmDue], 1);
  EXPECT_EQ(told[Kind::PmStarted], 1);
  EXPECT_EQ(told[Kind::PmEnded], 1);
  EXPECT_EQ(check_state(*layout, x), std::vector<std::string>{});
  EXPECT_EQ(first_difference(*layout, observe(*layout, mirror.follow(x)), observe(*layout, y)), "");
}

}  // namespace
}  // namespace twins::fab
