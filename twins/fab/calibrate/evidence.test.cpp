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
Watched watched(double days, LayoutOptions options = {}) {
  const semantics::TinyFab busy = semantics::busy_fab();
  const auto layout = compile(busy.description, options);
  const auto fab = make_fab(layout, "fifo");
  const auto theta = layout->nominal_theta();
  const twin::core::Draw draw{21, 0};
  State x = fab->initial(theta, draw);
  Witness witness(*layout, 0);
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
