// If these failed, a snapshot would not be the fab.
#include "twins/fab/state.hpp"

#include <gtest/gtest.h>

#include "twin/core/archive.hpp"
#include "twins/fab/semantics/busy_fab.hpp"

namespace twins::fab {
namespace {

State busy_state() { return semantics::Shift(semantics::busy_fab()).to(1440).x(); }

// Wrong: a copy would share what the original changes.
TEST(State, ACopyIsASnapshot) {
  State x = busy_state();
  const State copy = x;
  EXPECT_EQ(x, copy);
  x.lots[0].due += 1;
  EXPECT_FALSE(x == copy);
  EXPECT_EQ(copy, busy_state());
}

// Wrong: a difference in some part would be overlooked, by == or by the list of fields. One change a
// part; each must be seen by both.
TEST(State, EveryPartCounts) {
  const State x = busy_state();
  const auto seen = [&x](const char* part, auto change) {
    State y = x;
    change(y);
    EXPECT_FALSE(y == x) << part;
    EXPECT_NE(twin::core::fingerprint(y), twin::core::fingerprint(x)) << part;
  };
  seen("now", [](State& y) { ++y.now; });
  seen("agenda", [](State& y) { y.agenda.pop(); });
  seen("lots", [](State& y) { y.lots[0].word_process ^= 1U; });
  seen("dedication", [](State& y) { y.dedication[0] ^= 1U; });
  seen("free_lot", [](State& y) { y.free_lot ^= 1U; });
  seen("next_lot_id", [](State& y) { ++y.next_lot_id; });
  seen("next_serial", [](State& y) { ++y.next_serial; });
  seen("wip", [](State& y) { ++y.wip; });
  seen("tools", [](State& y) { y.tools[0].jobs[1].process_end += 1; });
  seen("groups", [](State& y) { ++y.groups[0].waiting; });
  seen("lines", [](State& y) { ++y.lines[0].wafers; });
  seen("pms", [](State& y) { y.pms[0].mark += 1.0; });
  seen("breakdowns", [](State& y) { ++y.breakdowns[0].count; });
  seen("releases", [](State& y) { ++y.releases[0]; });
  seen("next_listed", [](State& y) { ++y.next_listed; });
  seen("touched", [](State& y) { y.touched.push_back({}); });
  seen("events", [](State& y) { ++y.events; });
  seen("tool_times", [](State& y) { ++y.tool_times[0][0]; });
  seen("class_tally", [](State& y) { ++y.class_tally[0].cycle_histogram[5]; });
  seen("group_tally", [](State& y) { ++y.group_tally[0].skipped; });
  seen("window_tally", [](State& y) { ++y.window_tally[1].over_4h; });
}

}  // namespace
}  // namespace twins::fab
