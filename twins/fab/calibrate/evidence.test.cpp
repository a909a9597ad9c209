// If these failed, the fab would learn its numbers from something else than what happened.
#include "twins/fab/calibrate/evidence.hpp"

#include <gtest/gtest.h>

#include "twins/fab/any_fab.hpp"
#include "twins/fab/log_sink.hpp"
#include "twins/fab/semantics/busy_fab.hpp"

namespace twins::fab::calibrate {
namespace {

struct Watched {
  std::shared_ptr<const Layout> layout;
  State x;
  Evidence evidence;
};

// The busy fab, in which everything happens, watched from its beginning for so many days.
Watched watched(double days, LayoutOptions options = {}, Tick window = Witness::Day) {
  const semantics::TinyFab busy = semantics::busy_fab();
  const auto layout = compile(busy.description, options);
  const auto fab = make_fab(layout, "fifo");
  const auto theta = layout->nominal_theta();
  const twin::core::Draw draw{21, 0};
  State x = fab->initial(theta, draw);
  Witness witness(*layout, 0, window);
  LogSink log(*layout, x, [&](std::span<const twin::event::Event> events) {
    for (const auto& event : events) witness.saw(event);
  });
  fab->advance(x, theta, static_cast<Tick>(days * DayMs), draw, log);
  return {layout, x, witness.evidence(x.now)};
}

std::uint64_t sum_of(const std::vector<GroupTally>& tallies, std::uint64_t GroupTally::*member) {
  std::uint64_t sum = 0;
  for (const GroupTally& tally : tallies) sum += tally.*member;
  return sum;
}

// Wrong: a decision to do a step again, or to leave one out, would be missed or counted twice. The engine's own
// counters know how many there were.
TEST(Evidence, DecisionsAreAsManyAsTheEngineCounted) {
  const Watched w = watched(20);
  std::uint64_t reworked = 0, skipped = 0;
  for (const auto& area : w.evidence.rework)
    for (const auto& kind : area.kinds()) reworked += kind.yes;
  for (const auto& area : w.evidence.sampling)
    for (const auto& kind : area.kinds()) skipped += kind.no;
  EXPECT_GT(reworked, 0U);
  EXPECT_GT(skipped, 0U);
  EXPECT_EQ(reworked, sum_of(w.x.group_tally, &GroupTally::reworks));
  EXPECT_EQ(skipped, sum_of(w.x.group_tally, &GroupTally::skipped));
}

// Wrong: a job would tell of its process time never, or once for each lot of a batch. Each job that has ended told
// once, or was left out; those under way have told nothing.
TEST(Evidence, EachJobTellsOnce) {
  for (const auto breakdown :
       {LayoutOptions::Breakdowns::AfterJob, LayoutOptions::Breakdowns::Suspend}) {
    const Watched w = watched(20, {.breakdown = breakdown});
    std::uint64_t told = w.evidence.left_out, inside = 0;
    for (const auto& group : w.evidence.process) told += group.count();
    for (const Tool& tool : w.x.tools) {
      const Tick now = tool.breakdowns != 0 ? tool.stopped_at : w.x.now;  // suspended since
      for (const Job& job : tool.jobs) inside += job.first_lot != None && job.process_end > now;
    }
    EXPECT_EQ(told + inside, sum_of(w.x.group_tally, &GroupTally::jobs));
  }
}

// Wrong: durations under way would count as ended. Failures that have ended are those that the clocks count, and the
// tools that are down; the time under observation is all of it.
TEST(Evidence, BreakdownsAreWatchedAllTheTime) {
  const Watched w = watched(60, {.breakdown = LayoutOptions::Breakdowns::Suspend});
  double ended = 0.0, repairs = 0.0, counted = 0.0, down = 0.0;
  for (const auto& area : w.evidence.time_to_failure) ended += area.shape;
  for (const auto& area : w.evidence.time_to_repair) repairs += area.shape;
  for (const BreakdownClock& clock : w.x.breakdowns) counted += clock.count;
  for (const Tool& tool : w.x.tools) down += tool.breakdowns;
  EXPECT_GT(counted, 10.0);
  EXPECT_EQ(repairs, counted);
  EXPECT_EQ(ended, counted + down);
}

// Wrong: what the windows hold would not add up to the whole, or a duration stand in another window than the one it
// began in. A log cut into windows of three days says the same in sum as one of a single window.
TEST(Evidence, WindowsAddUpToTheWhole) {
  const Watched days = watched(20, {}, static_cast<Tick>(3 * DayMs));
  const Watched whole = watched(20, {}, static_cast<Tick>(100 * DayMs));
  ASSERT_EQ(days.evidence.windows.size(), 7U);
  ASSERT_EQ(whole.evidence.windows.size(), 1U);
  for (std::size_t g = 0; g < days.evidence.process.size(); ++g) {
    EXPECT_EQ(days.evidence.process[g].count(), whole.evidence.process[g].count());
    double n = 0.0, w = 0.0, wy = 0.0;
    for (std::size_t i = 0; i < 7; ++i) {
      const RatioSums& sums = days.evidence.windows[i].process_course[g];
      n += sums.n, w += sums.w, wy += sums.wy;
      if (sums.n == 0.0) continue;
      EXPECT_GE(sums.wt / sums.w, static_cast<double>(i));
      EXPECT_LE(sums.wt / sums.w, static_cast<double>(i) + 1.0);
    }
    const RatioSums& all = whole.evidence.windows[0].process_course[g];
    EXPECT_EQ(n, all.n);
    EXPECT_NEAR(wy, all.wy, 1e-9 * w);
  }
  for (std::size_t a = 0; a < days.evidence.time_to_failure.size(); ++a) {
    EXPECT_EQ(days.evidence.time_to_failure[a].shape, whole.evidence.time_to_failure[a].shape);
    EXPECT_NEAR(days.evidence.time_to_failure[a].exposure,
                whole.evidence.time_to_failure[a].exposure, 1e-9);
  }
  EXPECT_EQ(days.evidence.under_way, whole.evidence.under_way);
  EXPECT_GT(days.evidence.under_way, 0U);
}

// Wrong: events that name what the fab does not have would be believed, or end the reading.
TEST(Evidence, WhatIsUnknownIsPassedOver) {
  const semantics::TinyFab busy = semantics::busy_fab();
  const auto layout = compile(busy.description);
  Witness witness(*layout, 0);
  for (int kind = 0; kind < 64; ++kind) {
    twin::event::Event e;
    e.kind = static_cast<twin::event::Kind>(kind);
    witness.saw(e);
    e.tool = 1'000'000, e.route = 1'000, e.step = 1'000'000, e.lot = 7, e.item = 1'000'000;
    witness.saw(e);
  }
  const Evidence evidence = witness.evidence(0);
  EXPECT_EQ(evidence.events, 128U);
  for (const auto& group : evidence.process) EXPECT_EQ(group.count(), 0U);
}

}  // namespace
}  // namespace twins::fab::calibrate
