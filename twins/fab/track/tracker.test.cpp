// What the tracker makes of a log: whole, with holes, damaged. If these failed, lots would be lost, invented, or seen
// where they are not.
#include "twins/fab/track/tracker.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "twins/fab/any_fab.hpp"
#include "twins/fab/lively_fab.hpp"
#include "twins/fab/log_sink.hpp"
#include "twins/fab/semantics/busy_fab.hpp"
#include "twins/fab/track/thin.hpp"

namespace twins::fab::track {
namespace {

using twin::event::Event;
using twin::event::Kind;

std::vector<Event> log_of(const std::shared_ptr<const Layout>& layout, double days, State& x) {
  const auto fab = make_fab(layout, "fifo");
  const auto theta = layout->nominal_theta();
  x = fab->initial(theta, {.seed = 21, .member = 0});
  std::vector<Event> events;
  LogSink log(*layout, x, [&](std::span<const Event> told) {
    events.insert(events.end(), told.begin(), told.end());
  });
  fab->advance(x, theta, static_cast<Tick>(days * DayMs), {.seed = 21, .member = 0}, log);
  return events;
}

Tracker tracker_of(const Layout& layout, Numbering numbering = Numbering::BySource) {
  return {layout, layout.nominal_theta(), numbering};
}

// Wrong: a log without holes would leave doubts. Of every lot the last event says all; those of one instant are
// decided, and none is refused.
TEST(Tracker, KnowsAllOfAWholeLog) {
  for (const auto breakdown :
       {LayoutOptions::Breakdowns::AfterJob, LayoutOptions::Breakdowns::Suspend}) {
    const auto layout = compile(semantics::busy_fab().description, {.breakdown = breakdown});
    State x;
    const auto events = log_of(layout, 8, x);
    for (const auto numbering : {Numbering::BySource, Numbering::None}) {
      Tracker tracker = tracker_of(*layout, numbering);
      for (const Event& e : events) EXPECT_EQ(tracker.saw(e), Heard::Taken) << to_string(e.kind);
      std::size_t inside = 0;
      for (const Sighting& s : tracker.lots()) {
        const auto lot = std::ranges::find_if(
            x.lots, [&](const Lot& l) { return l.place != LotPlace::Free && l.id == s.lot; });
        ASSERT_EQ(lot == x.lots.end(), s.phase == Phase::Left) << s.lot;
        if (lot == x.lots.end()) continue;
        ++inside;
        EXPECT_EQ(s.step, lot->step) << s.lot;
        EXPECT_EQ(s.visit, lot->visit);
        EXPECT_EQ(s.location, lot->location);
        EXPECT_EQ(s.wafers, lot->wafers);
        EXPECT_EQ(s.priority, lot->priority);
        EXPECT_EQ(s.release, lot->release);
        EXPECT_EQ(s.due, lot->due);
        EXPECT_EQ(in_tool(s.phase), lot->place == LotPlace::Processing);
        EXPECT_EQ(s.phase == Phase::Waiting, lot->place == LotPlace::Queued);
        if (in_tool(s.phase)) {
          EXPECT_EQ(s.tool, lot->tool);
        }
      }
      EXPECT_EQ(inside, x.wip);
      EXPECT_EQ(tracker.completeness().fab.lost + tracker.completeness().tools.lost, 0U);
      EXPECT_EQ(tracker.completeness().jobs_unheard, 0U);
    }
  }
}

// Wrong: the share missing, on which every probability rests, would be off. By the sources' numbers it is exact; by the
// lots alone within 5 standard errors (1.5 % of a share of 0.3, with 5,000 trials or more).
TEST(Tracker, FindsHowMuchIsMissing) {
  const auto layout = compile(semantics::busy_fab().description);
  State x;
  const auto events = log_of(layout, 20, x);
  for (const auto numbering : {Numbering::BySource, Numbering::None}) {
    Tracker tracker = tracker_of(*layout, numbering);
    Thinner thinner({.share = 0.3, .seed = 8});
    for (const Event& e : events)
      if (!thinner.loses(e)) (void)tracker.saw(e);
    const Completeness& c = tracker.completeness();
    EXPECT_EQ(c.heard[static_cast<std::size_t>(Heard::Taken)],
              static_cast<std::uint64_t>(
                  std::ranges::count_if(events, [&](const Event& e) { return !thinner.loses(e); })))
        << "seed 8: an event that fits was refused";
    for (const Losses& l : {c.fab, c.tools}) {
      const auto n = static_cast<double>(l.seen + l.lost);
      EXPECT_GT(n, 2500.0);
      EXPECT_NEAR(l.share(), 0.3, 5.0 * std::sqrt(0.21 / n)) << "seed 8";
    }
  }
}

// Wrong: a job seen in a tool would leave the one before inside for ever, or the lots of a batch would part.
TEST(Tracker, TellsOfOthersByOneEvent) {
  semantics::TinyFab tiny;
  tiny.add_group("A");
  const auto p = tiny.add_route({semantics::step_at(0, 10), semantics::step_at(0, 10)});
  for (int i = 0; i < 3; ++i) tiny.add_lot(p);
  const auto layout = compile(tiny.description);
  Tracker tracker = tracker_of(*layout);
  std::uint64_t seq = 0;
  const auto tell = [&](Kind kind, std::uint32_t lot, std::uint32_t job, Tick at,
                        std::uint64_t skip) {
    Event e;
    e.kind = kind;
    e.at = at;
    e.lot = lot;
    e.tool = 0;
    e.route = 0;
    e.step = 0;
    e.visit = 0;
    e.job = job;
    e.wafers = 25;
    e.source = EventNames::source_of(0);
    e.source_seq = seq += skip + 1;
    return tracker.saw(e);
  };
  ASSERT_EQ(tell(Kind::LoadStarted, 0, 7, 10, 0), Heard::Taken);
  ASSERT_EQ(tell(Kind::LoadStarted, 1, 7, 10, 0), Heard::Taken);
  ASSERT_EQ(tell(Kind::ProcessingStarted, 0, 7, 12, 1), Heard::Taken);
  EXPECT_EQ(tracker.lots()[1].phase, Phase::Processing);  // in one job
  EXPECT_EQ(tracker.lots()[1].since, 12);
  EXPECT_EQ(tracker.lots()[1].job_wafers, 50U);
  ASSERT_EQ(tell(Kind::ProcessingStarted, 1, 7, 12, 0), Heard::Taken);  // its own event, later
  ASSERT_EQ(tell(Kind::ProcessingStarted, 2, 8, 40, 5), Heard::Taken);
  EXPECT_EQ(tracker.lots()[0].out, 40);  // one job at a time
  EXPECT_EQ(tracker.lots()[1].out, 40);
  Event e;
  e.kind = Kind::PmDue;
  e.at = 45;
  e.tool = 0;
  e.source = EventNames::source_of(0);
  e.source_seq = ++seq;
  ASSERT_EQ(tracker.saw(e), Heard::Taken);
  EXPECT_EQ(tracker.lots()[2].inside, 45);  // the tool lost nothing in between
}

// Wrong: a damaged log would crash the tracker, or move a lot to where it cannot be.
TEST(Tracker, CountsWhatItCannotTakeByReason) {
  const auto layout = lively_fab();
  State x;
  auto events = log_of(layout, 2, x);
  Tracker tracker = tracker_of(*layout, Numbering::None);
  for (const Event& e : events) (void)tracker.saw(e);
  const auto lots = tracker.lots();
  const auto refused = [&](Heard reason, auto change) {
    const auto model =
        std::ranges::find_if(lots, [](const Sighting& s) { return in_tool(s.phase); });
    ASSERT_NE(model, lots.end());
    Event e;
    e.kind = Kind::ProcessingEnded;
    e.at = tracker.now();
    e.lot = model->lot;
    e.tool = model->tool;
    e.route = model->route;
    e.step = layout->steps[model->step].index;
    e.visit = model->visit - 1;
    e.source = 1;
    change(e);
    EXPECT_EQ(tracker.saw(e), reason) << to_string(reason);
    EXPECT_TRUE(tracker.lots() == lots) << to_string(reason) << " moved something";
  };
  refused(Heard::NotAMove, [](Event& e) { e.kind = Kind::Measurement; });
  refused(Heard::Late, [](Event& e) { e.at -= 1; });
  refused(Heard::BadTime, [](Event& e) { e.at = twin::core::Never; });
  refused(Heard::BadTime, [](Event& e) { e.at = -5; });
  refused(Heard::BadValue, [](Event& e) { e.wafers = 4'000'000'000; });
  refused(Heard::BadValue, [](Event& e) { e.kind = Kind::ReworkDecided, e.value = std::nan(""); });
  refused(Heard::BadValue, [](Event& e) { e.kind = Kind::ReworkDecided, e.value = 1e9; });
  refused(Heard::BadValue,
          [](Event& e) { e.kind = Kind::PriorityChanged, e.value = std::nan(""); });
  refused(Heard::UnknownLot, [](Event& e) { e.lot = None; });
  refused(Heard::UnknownLot, [](Event& e) { e.lot = 4'000'000'000, e.route = None; });
  refused(Heard::UnknownTool, [](Event& e) { e.tool = 4'000'000; });
  refused(Heard::UnknownTool, [](Event& e) { e.kind = Kind::ToolDown, e.tool = None; });
  refused(Heard::UnknownStep, [](Event& e) { e.step = 4'000'000; });
  refused(Heard::UnknownStep, [](Event& e) { e.route = 4'000'000; });
  refused(Heard::UnknownStep, [](Event& e) { e.tool = e.tool == 0 ? 6 : 0; });
  refused(Heard::OutOfOrder, [](Event& e) { e.visit = 0, e.kind = Kind::Moved; });
  refused(Heard::OutOfOrder, [](Event& e) { e.kind = Kind::LotReleased; });
  const auto left = std::ranges::find(lots, Phase::Left, &Sighting::phase);
  if (left != lots.end())
    refused(Heard::AfterEnd, [&](Event& e) { e.lot = left->lot, e.route = left->route; });
}

// Wrong: events in a wrong order, doubled or made up would bring the tracker down.
TEST(Tracker, SurvivesAScrambledLog) {
  const auto layout = lively_fab();
  State x;
  auto events = log_of(layout, 20, x);
  const twin::core::Draw draw{.seed = 77, .member = 0};
  for (const auto numbering : {Numbering::BySource, Numbering::None}) {
    Tracker tracker = tracker_of(*layout, numbering);
    for (std::uint32_t i = 0; i < events.size(); ++i) {
      Event e = events[i];
      const twin::core::Block words = draw.block(1, i, 0);
      if (words[0] % 37 == 0)
        e = events[std::min<std::size_t>(i + words[1] % 40, events.size() - 1)];
      if (words[0] % 7 == 0) e.step = words[2] % 9;
      if (words[0] % 11 == 0) e.tool = words[2] % 9;
      if (words[0] % 13 == 0) e.lot = words[3] % 400;
      if (words[0] % 17 == 0) e.job = words[3] % 50;
      if (words[0] % 19 == 0) e.visit = words[3] % 9;
      if (words[0] % 23 == 0) e.kind = static_cast<Kind>(words[3] % 60);
      if (words[0] % 29 == 0) e.item = words[3] % 60;
      (void)tracker.saw(e);
      if (i % 3 == 0) (void)tracker.saw(e);
    }
    const auto& heard = tracker.completeness().heard;
    EXPECT_GT(heard[static_cast<std::size_t>(Heard::Taken)], 100U);
    EXPECT_GT(heard[static_cast<std::size_t>(Heard::OutOfOrder)], 0U);
    for (const Sighting& s : tracker.lots()) {
      EXPECT_LT(s.route, layout->routes.size());
      EXPECT_LE(s.step, layout->steps.size());
    }
  }
}

// Wrong: a link that begins to have holes in the middle of a run would begin with an empty fab.
TEST(Tracker, BeginsWithAKnownState) {
  const auto layout = compile(semantics::busy_fab().description);
  State x;
  const auto events = log_of(layout, 4, x);
  Tracker whole = tracker_of(*layout), begun = tracker_of(*layout);
  for (const Event& e : events) (void)whole.saw(e);
  begun.begin(x);
  std::size_t inside = 0;
  for (const Sighting& s : whole.lots()) {
    if (s.phase == Phase::Left) continue;
    ++inside;
    const auto same = std::ranges::find(begun.lots(), s.lot, &Sighting::lot);
    ASSERT_NE(same, begun.lots().end());
    EXPECT_EQ(same->phase, s.phase);
    EXPECT_EQ(same->step, s.step);
    EXPECT_EQ(same->tool, s.tool);
    EXPECT_EQ(same->visit, s.visit);
    if (s.phase != Phase::Entered) {
      EXPECT_EQ(same->since, s.since);
    }
  }
  EXPECT_EQ(begun.lots().size(), inside);
}

}  // namespace
}  // namespace twins::fab::track
