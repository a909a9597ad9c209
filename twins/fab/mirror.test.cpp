// What a mirror does with events that fit and, above all, with those that do not.
#include "twins/fab/mirror.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "twin/event/example.hpp"
#include "twins/fab/invariants.hpp"
#include "twins/fab/lively_fab.hpp"
#include "twins/fab/log_sink.hpp"
#include "twins/fab/view.hpp"

namespace twins::fab {
namespace {

using twin::event::Event;
using twin::event::Kind;

constexpr auto MirrorDay = static_cast<Tick>(DayMs);

class MirrorByHand : public ::testing::Test {
 protected:
  std::shared_ptr<const Layout> layout = lively_fab();
  std::unique_ptr<AnyFab> fab = make_fab(layout, "fifo");
  Mirror mirror{*fab};
  State x = mirror.start();
  Tick now = 0;

  // Tools of the small fab: Litho 0, 1; Etch 2 to 4; Furnace 5; Implant 6. Product A, route 0:
  // Litho, Etch, Furnace, Implant, Litho, Hold, Etch.
  static constexpr std::uint32_t Litho1 = 0, Litho2 = 1, Etch1 = 2, Furnace = 5;

  Event event(Kind kind, std::uint32_t lot, std::uint32_t tool = None, std::uint32_t step = None) {
    Event e;
    e.kind = kind;
    e.at = e.arrived = ++now;
    e.lot = lot;
    e.tool = tool;
    e.step = step;
    return e;
  }

  Applied feed(const Event& e) {
    const State before = x;
    const Applied outcome = mirror.apply(x, e);
    if (outcome == Applied::Moved) {
      EXPECT_EQ(x.now, e.at);
    } else {
      EXPECT_TRUE(x == before) << to_string(e.kind) << " was refused but moved something";
    }
    EXPECT_EQ(check_state(*layout, x, Future::Unknown), std::vector<std::string>{})
        << to_string(e.kind);
    return outcome;
  }
  Applied feed(Kind kind, std::uint32_t lot, std::uint32_t tool = None, std::uint32_t step = None) {
    return feed(event(kind, lot, tool, step));
  }
  void release(std::uint32_t lot) {
    Event e = event(Kind::LotReleased, lot);
    e.item = mirror.names().product_item[0];
    ASSERT_EQ(feed(e), Applied::Moved);
  }
  void queue(std::uint32_t lot, std::uint32_t step) {
    release(lot);
    ASSERT_EQ(feed(Kind::Moved, lot, None, step), Applied::Moved);
    ASSERT_EQ(feed(Kind::ArrivedAtQueue, lot, None, step), Applied::Moved);
  }
  const Lot& lot(std::uint32_t id) { return x.lots[find_lot(x, id)]; }
};

TEST_F(MirrorByHand, OneLotThroughOneTool) {
  // Wrong: the most ordinary life of a lot would not be followed.
  queue(40, 0);
  EXPECT_EQ(lot(40).place, LotPlace::Queued);
  EXPECT_EQ(lot(40).wafers, 25U);
  EXPECT_EQ(feed(Kind::LoadStarted, 40, Litho1), Applied::Moved);
  EXPECT_EQ(lot(40).tool, Litho1);
  EXPECT_EQ(observe(*layout, x).tools[Litho1].mode, ToolMode::Load);
  EXPECT_EQ(feed(Kind::ProcessingStarted, 40, Litho1), Applied::Moved);
  EXPECT_EQ(feed(Kind::ToolDown, None, Litho1), Applied::Moved);
  EXPECT_EQ(feed(Kind::ProcessingSuspended, 40, Litho1), Applied::Moved);
  EXPECT_EQ(feed(Kind::ProcessingEnded, 40, Litho1), Applied::ToolStopped);
  EXPECT_EQ(observe(*layout, x).tools[Litho1].mode, ToolMode::Down);
  EXPECT_EQ(feed(Kind::ToolUp, None, Litho1), Applied::Moved);
  EXPECT_EQ(feed(Kind::ProcessingResumed, 40, Litho1), Applied::Moved);
  EXPECT_EQ(feed(Kind::ProcessingEnded, 40, Litho1), Applied::Moved);
  EXPECT_EQ(observe(*layout, x).tools[Litho1].mode, ToolMode::Unload);
  EXPECT_EQ(feed(Kind::Unloaded, 40, Litho1), Applied::Moved);
  EXPECT_EQ(observe(*layout, x).tools[Litho1].mode, ToolMode::Idle);
  EXPECT_EQ(x.dedication[find_lot(x, 40) * layout->dedication_slots], Litho1);
  EXPECT_EQ(feed(Kind::Finished, 40), Applied::Moved);
  EXPECT_EQ(find_lot(x, 40), None);
  EXPECT_EQ(x.wip, 0U);
}

TEST_F(MirrorByHand, RefusesWhatDoesNotFit) {
  // Wrong: an event that is lost, late or false would silently bend the twin, or stop it.
  EXPECT_EQ(feed(Kind::ArrivedAtQueue, 7), Applied::UnknownLot);
  EXPECT_EQ(feed(Kind::ArrivedAtQueue, None), Applied::UnknownLot);
  EXPECT_EQ(feed(Kind::LotReleased, 7), Applied::UnknownItem);
  queue(7, 0);
  Event again = event(Kind::LotReleased, 7);
  again.item = mirror.names().product_item[0];
  EXPECT_EQ(feed(again), Applied::KnownLot);
  EXPECT_EQ(feed(Kind::ArrivedAtQueue, 7), Applied::WrongPlace);
  EXPECT_EQ(feed(Kind::ProcessingEnded, 7, Litho1), Applied::WrongPlace);
  EXPECT_EQ(feed(Kind::Unloaded, 7, Litho1), Applied::WrongPlace);
  EXPECT_EQ(feed(Kind::LoadStarted, 7, 4'000), Applied::UnknownTool);
  EXPECT_EQ(feed(Kind::LoadStarted, 7, None), Applied::UnknownTool);
  EXPECT_EQ(feed(Kind::LoadStarted, 7, Etch1), Applied::WrongTool);
  EXPECT_EQ(feed(Kind::LoadStarted, 7, Litho1, 4), Applied::WrongStep);
  EXPECT_EQ(feed(Kind::LoadStarted, 7, Litho1, 99), Applied::UnknownStep);
  EXPECT_EQ(feed(Kind::LoadStarted, 7, Litho1), Applied::Moved);
  EXPECT_EQ(feed(Kind::LoadStarted, 7, Litho1), Applied::OutOfOrder);  // twice
  EXPECT_EQ(feed(Kind::LoadStarted, 7, Litho2), Applied::TwoTools);
  EXPECT_EQ(feed(Kind::ProcessingEnded, 7, Litho1), Applied::OutOfOrder);  // done before started
  EXPECT_EQ(feed(Kind::Unloaded, 7, Litho1), Applied::OutOfOrder);
  EXPECT_EQ(feed(Kind::Moved, 7), Applied::WrongPlace);
  EXPECT_EQ(feed(Kind::Finished, 7), Applied::WrongPlace);
  EXPECT_EQ(feed(Kind::ProcessingSuspended, 7, Litho1), Applied::OutOfOrder);
  EXPECT_EQ(feed(Kind::ToolUp, None, Litho1), Applied::OutOfOrder);
  EXPECT_EQ(feed(Kind::PmEnded, None, Litho1), Applied::UnknownItem);  // which calendar?
  queue(8, 0);
  const std::uint32_t slots = layout->groups[0].slots;
  Applied outcome = Applied::Moved;
  for (std::uint32_t k = 0; k + 1 < slots; ++k) {
    queue(20 + k, 0);
    EXPECT_EQ(feed(Kind::LoadStarted, 20 + k, Litho1), Applied::Moved);
  }
  outcome = feed(Kind::LoadStarted, 8, Litho1);
  EXPECT_EQ(outcome, Applied::ToolBusy);
  Event late = event(Kind::Held, 8);
  late.at = 1;
  EXPECT_EQ(feed(late), Applied::Late);
  late.at = twin::core::Never;
  EXPECT_EQ(feed(late), Applied::BadTime);
  Event nan = event(Kind::PriorityChanged, 8);
  nan.value = std::nan("");
  EXPECT_EQ(feed(nan), Applied::BadValue);
  EXPECT_EQ(feed(Kind::Measurement, 8), Applied::NotAMove);
}

TEST_F(MirrorByHand, ABatchIsOneJob) {
  // Wrong: lots that share a furnace would be seen in it one after the other.
  queue(1, 2);
  queue(2, 2);
  queue(3, 2);
  for (const std::uint32_t id : {2U, 1U}) {
    Event e = event(Kind::BatchFormed, id, Furnace);
    e.at = now = 100;
    e.job = 5;
    ASSERT_EQ(feed(e), Applied::Moved);
  }
  EXPECT_EQ(feed(Kind::LoadStarted, 2, Furnace), Applied::Moved);
  EXPECT_EQ(feed(Kind::LoadStarted, 1, Furnace), Applied::Moved);
  EXPECT_EQ(feed(Kind::BatchFormed, 3, Furnace), Applied::ToolBusy);
  const View view = observe(*layout, x);
  ASSERT_EQ(view.tools[Furnace].jobs.size(), 1U);
  EXPECT_EQ(view.tools[Furnace].jobs[0].lots, (std::vector<std::uint32_t>{2, 1}));
  EXPECT_EQ(view.tools[Furnace].jobs[0].wafers, 50U);
  for (const Kind kind : {Kind::ProcessingStarted, Kind::ProcessingEnded, Kind::Unloaded}) {
    EXPECT_EQ(feed(kind, 2, Furnace), Applied::Moved);
    EXPECT_EQ(feed(kind, 1, Furnace), Applied::Moved);
  }
  EXPECT_EQ(observe(*layout, x).tools[Furnace].mode, ToolMode::Idle);
}

TEST_F(MirrorByHand, Maintenance) {
  // Wrong: a tool in maintenance would be offered lots.
  Event e = event(Kind::PmDue, None, Etch1);
  e.item = mirror.names().pm_item[layout->groups[1].first_pm];
  EXPECT_EQ(feed(e), Applied::Moved);
  EXPECT_FALSE(x.tools[Etch1].able);
  ++e.at;
  EXPECT_EQ(feed(e), Applied::OutOfOrder);
  e.kind = Kind::PmStarted;
  EXPECT_EQ(feed(e), Applied::Moved);
  EXPECT_EQ(observe(*layout, x).tools[Etch1].mode, ToolMode::Pm);
  EXPECT_EQ(feed(e), Applied::OutOfOrder);
  now = 20;
  EXPECT_EQ(feed(Kind::ToolDown, None, Etch1), Applied::ToolStopped);
  e.kind = Kind::PmEnded;
  e.at = 30;
  EXPECT_EQ(feed(e), Applied::Moved);
  EXPECT_TRUE(x.tools[Etch1].able);
  EXPECT_EQ(x.tool_times[Etch1][static_cast<std::size_t>(ToolTime::Pm)], 30 - 2);
}

TEST_F(MirrorByHand, PeopleMoveLots) {
  // Wrong: a lot on hold would be dispatched, scrapped wafers would go on, a split would lose some.
  queue(1, 0);
  queue(2, 0);
  EXPECT_EQ(feed(Kind::Held, 1), Applied::Moved);
  EXPECT_EQ(lot(1).place, LotPlace::Held);
  EXPECT_EQ(feed(Kind::Held, 1), Applied::OutOfOrder);
  EXPECT_EQ(feed(Kind::LoadStarted, 1, Litho1), Applied::WrongPlace);
  EXPECT_EQ(feed(Kind::ReleasedFromHold, 1), Applied::Moved);
  EXPECT_EQ(feed(Kind::ReleasedFromHold, 1), Applied::OutOfOrder);
  EXPECT_EQ(x.lots[x.lines[lot(1).line].head].id, 2U);  // joined anew, behind the other

  Event e = event(Kind::Split, 1);
  e.item = 9;
  e.wafers = 25;
  EXPECT_EQ(feed(e), Applied::BadValue);
  e.wafers = 10;
  EXPECT_EQ(feed(e), Applied::Moved);
  EXPECT_EQ(lot(1).wafers, 15U);
  EXPECT_EQ(lot(9).wafers, 10U);
  EXPECT_EQ(lot(9).place, LotPlace::Queued);
  e.at = now = 50;
  EXPECT_EQ(feed(e), Applied::KnownLot);
  e = event(Kind::Merged, 2);
  e.item = 9;
  EXPECT_EQ(feed(e), Applied::Moved);
  EXPECT_EQ(lot(2).wafers, 35U);
  EXPECT_EQ(find_lot(x, 9), None);

  e = event(Kind::PriorityChanged, 1);
  e.value = 20;
  EXPECT_EQ(feed(e), Applied::Moved);
  EXPECT_EQ(lot(1).priority, 20);
  e = event(Kind::Scrapped, 1);
  e.wafers = 5;
  EXPECT_EQ(feed(e), Applied::Moved);
  EXPECT_EQ(lot(1).wafers, 10U);
  EXPECT_EQ(feed(Kind::LoadStarted, 1, Litho1), Applied::Moved);
  EXPECT_EQ(feed(Kind::Scrapped, 1), Applied::Moved);  // broken inside: the tool is free again
  EXPECT_EQ(observe(*layout, x).tools[Litho1].mode, ToolMode::Idle);
  EXPECT_EQ(x.wip, 1U);
}

TEST_F(MirrorByHand, SurvivesAnyEvents) {
  // Wrong: data from outside could stop the twin or break it. A true log with events lost, turned
  // and made up: whatever is taken, the State stays one that can be. Set right every six hours, or
  // what is lost would soon stop everything.
  const std::vector<double> theta = layout->nominal_theta();
  State sim = fab->initial(theta, {});
  const twin::core::Draw draw{.seed = 99};
  std::size_t moved = 0, refused = 0;
  for (std::uint32_t part = 1; part <= 60; ++part) {
    x = mirror.follow(sim);
    std::vector<Event> events;
    LogSink log(*layout, sim, [&](std::span<const Event> batch) {
      events.insert(events.end(), batch.begin(), batch.end());
    });
    fab->advance(sim, theta, part * MirrorDay / 4, {}, log);
    for (std::uint32_t k = 0; k < events.size(); ++k) {
      const auto words = draw.block(part, k, 0);
      Event e = events[k];
      const std::uint32_t harm = words[0] % 50;
      if (harm == 0) continue;
      if (harm == 1) e.tool = words[1] % (layout->tools() + 1);
      if (harm == 2) e.kind = twin::event::kinds()[words[1] % twin::event::kinds().size()].value;
      if (harm == 3) e.lot = words[1] % 200;
      if (harm == 4) e = twin::event::any_event(draw, k);
      if (e.at > events[k].at) e.at = events[k].at;  // or all that follows would be late
      const State before = x;
      const Applied outcome = mirror.apply(x, e);
      (outcome == Applied::Moved ? moved : refused) += 1;
      ASSERT_TRUE(outcome == Applied::Moved || x == before) << part << ", " << k;
      if (harm > 4 && k % 10 != 0) continue;
      ASSERT_EQ(check_state(*layout, x, Future::Unknown), std::vector<std::string>{})
          << "part " << part << ", event " << k << ", " << to_string(e.kind);
    }
  }
  EXPECT_GT(moved, 3'000U);
  EXPECT_GT(refused, 1'000U);
}

TEST(AppliedWords, AreAllThere) {
  // Wrong: a refusal would be shown to people without its reason.
  for (int k = 0; k <= static_cast<int>(Applied::OutOfOrder); ++k)
    EXPECT_FALSE(to_string(static_cast<Applied>(k)).empty()) << k;
}

}  // namespace
}  // namespace twins::fab
