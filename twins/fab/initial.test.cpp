// If these failed, a run would begin with another fab than the one described.
#include "twins/fab/initial.hpp"

#include <gtest/gtest.h>

#include "twins/fab/occasions.hpp"
#include "twins/fab/semantics/busy_fab.hpp"

namespace twins::fab {
namespace {

std::size_t events_of(const State& x, Happens kind) {
  std::size_t n = 0;
  for (const auto& event : x.agenda.sorted()) n += event.kind == static_cast<std::uint16_t>(kind);
  return n;
}

// Wrong: tools, calendars or streams would be missing. Per tool one breakdown and one calendar
// maintenance (not the one by wafers), but the hold has none; one release a stream; the listed lots.
TEST(Initial, EverythingIsScheduledOnce) {
  const semantics::TinyFab fab = semantics::busy_fab();
  const auto m = compile(fab.description);
  const State x = initial_state(*m, m->nominal_theta(), fab.draw);
  const std::size_t tools = m->tools() - 50;
  EXPECT_EQ(x.now, 0);
  EXPECT_EQ(x.wip, 0U);  // WIP comes in with the first events, at time zero
  EXPECT_EQ(events_of(x, Happens::Fail), tools);
  EXPECT_EQ(events_of(x, Happens::PmDue), tools);
  EXPECT_EQ(events_of(x, Happens::Release), m->streams.size());
  EXPECT_EQ(events_of(x, Happens::Listed), 1U);
  EXPECT_EQ(x.agenda.size(), 2 * tools + m->streams.size() + 1);
}

// Wrong: a tool would not be found by its group. All are able, in the order of their numbers.
TEST(Initial, AllToolsAreAble) {
  const semantics::TinyFab fab = semantics::busy_fab();
  const auto m = compile(fab.description);
  const State x = initial_state(*m, m->nominal_theta(), fab.draw);
  for (std::uint32_t g = 0; g < m->groups.size(); ++g) {
    std::uint32_t expected = m->groups[g].first_tool;
    for (std::uint32_t t = x.groups[g].able_head; t != None; t = x.tools[t].next) {
      EXPECT_EQ(t, expected++);
      EXPECT_TRUE(x.tools[t].able);
      EXPECT_EQ(x.tools[t].setup, None);
    }
    EXPECT_EQ(expected, m->groups[g].first_tool + m->groups[g].tools);
    EXPECT_EQ(x.groups[g].able_tail, expected - 1);
  }
}

// Wrong: the WIP would not stand in its queues at time zero, in the file's order, with lower numbers
// than what the streams release at that instant.
TEST(Initial, WipStandsInItsQueuesAtTimeZero) {
  semantics::Shift shift(semantics::busy_fab());
  shift.to(0);
  EXPECT_GE(shift.x().wip, 12U);
  for (std::uint32_t i = 0; i < 12; ++i) {
    EXPECT_EQ(shift.lot(i).step % 9, i % 9);
    EXPECT_EQ(shift.lot(i).release, 0);
    EXPECT_EQ(shift.lot(i).location, None);
  }
}

// Wrong: two members would break down together.
TEST(Initial, MembersDiffer) {
  const semantics::TinyFab fab = semantics::busy_fab();
  const auto m = compile(fab.description);
  const auto theta = m->nominal_theta();
  const State a = initial_state(*m, theta, {.seed = 1, .member = 0});
  EXPECT_TRUE(a == initial_state(*m, theta, {.seed = 1, .member = 0}));
  EXPECT_FALSE(a == initial_state(*m, theta, {.seed = 1, .member = 1}));
  EXPECT_FALSE(a == initial_state(*m, theta, {.seed = 2, .member = 0}));
}

}  // namespace
}  // namespace twins::fab
