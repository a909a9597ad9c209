// If these failed, the sets of steps would hold another share of the probability than they say.
#include "twins/fab/track/belief.hpp"

#include <gtest/gtest.h>

#include "twins/fab/any_fab.hpp"
#include "twins/fab/log_sink.hpp"
#include "twins/fab/semantics/busy_fab.hpp"
#include "twins/fab/track/thin.hpp"

namespace twins::fab::track {
namespace {

using twin::event::Event;
using twin::event::Kind;

// Wrong: a set would be too small for its share, or hold a step more than it needs.
TEST(LotBelief, SmallestAndExactSets) {
  LotBelief b;
  b.steps = {{4, 0.6}, {5, 0.25}, {None, 0.15}};
  EXPECT_EQ(b.credible(0.5), 1U);
  EXPECT_EQ(b.credible(0.6), 1U);
  EXPECT_EQ(b.credible(0.7), 2U);
  EXPECT_EQ(b.credible(0.9), 3U);
  EXPECT_DOUBLE_EQ(b.inside(), 0.85);
  EXPECT_DOUBLE_EQ(b.exactly_credible(0.9, 4), 1.0);
  EXPECT_NEAR(b.exactly_credible(0.7, 5), 0.1 / 0.25, 1e-12);
  EXPECT_EQ(b.exactly_credible(0.7, None), 0.0);
  EXPECT_EQ(b.exactly_credible(0.9, 77), 0.0);
  // The expectation over the belief itself is the share, whatever it is.
  for (double share = 0.05; share < 1.0; share += 0.05)
    EXPECT_NEAR(0.6 * b.exactly_credible(share, 4) + 0.25 * b.exactly_credible(share, 5) +
                    0.15 * b.exactly_credible(share, None),
                share, 1e-12);
}

Tracker thinned(const Layout& layout, const std::shared_ptr<const Layout>& shared, double days) {
  const auto fab = make_fab(shared, "fifo");
  const auto theta = layout.nominal_theta();
  State x = fab->initial(theta, {.seed = 2, .member = 0});
  Tracker tracker(layout, theta, Numbering::BySource);
  Thinner thinner({.share = 0.4, .seed = 2});
  LogSink log(layout, x, [&](std::span<const Event> told) {
    for (const Event& e : told)
      if (!thinner.loses(e)) (void)tracker.saw(e);
  });
  fab->advance(x, theta, static_cast<Tick>(days * DayMs), {.seed = 2, .member = 0}, log);
  return tracker;
}

// Wrong: the belief would depend on the machine.
TEST(Believe, IsTheSameForAnyNumberOfThreads) {
  const auto layout = compile(semantics::busy_fab().description);
  const Tracker tracker = thinned(*layout, layout, 6);
  const Tick at = 6 * static_cast<Tick>(DayMs);
  const auto one = believe(tracker, at, {.seed = 9, .threads = 1});
  EXPECT_GT(one.size(), 20U);
  for (const unsigned threads : {2U, 3U, 7U})
    EXPECT_TRUE(believe(tracker, at, {.seed = 9, .threads = threads}) == one) << threads;
  EXPECT_FALSE(believe(tracker, at, {.seed = 10, .threads = 1}) == one);
  for (const LotBelief& b : one) {
    double sum = 0.0;
    for (const StepShare& s : b.steps) sum += s.share;
    EXPECT_NEAR(sum, 1.0, 1e-12);
  }
}

// Wrong: a tool whose repair was not told would stand for ever. Exponential repairs of 30 minutes: after one mean
// exp(-1) last, and the end of the others was missed.
TEST(StoppedTools, AreUpAgainByTheirLaw) {
  const auto layout = compile(semantics::busy_fab().description);
  Tracker tracker(*layout, layout->nominal_theta(), Numbering::None);
  Event e;
  e.kind = Kind::ToolDown;
  e.tool = 1;
  e.item = tracker.names().breakdown_item[layout->groups[layout->tool_group[1]].first_breakdown];
  e.source = EventNames::source_of(1);
  ASSERT_EQ(tracker.saw(e), Heard::Taken);
  const Missing missing{0.1, 0.2, 0.0, {}};
  const auto tools = stopped_tools(tracker, 30 * static_cast<Tick>(MinuteMs), missing);
  ASSERT_EQ(tools.size(), 1U);
  EXPECT_EQ(tools[0].tool, 1U);
  const double lasts = 0.36787944117144233;
  EXPECT_NEAR(tools[0].still, lasts / (lasts + (1.0 - lasts) * 0.2), 1e-12);
  e.kind = Kind::ToolUp;
  e.at = 5;
  ASSERT_EQ(tracker.saw(e), Heard::Taken);
  EXPECT_TRUE(stopped_tools(tracker, 5, missing).empty());
}

}  // namespace
}  // namespace twins::fab::track
