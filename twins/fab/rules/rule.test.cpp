// What the rules compute with: if these were wrong, every rule would be another rule.
#include "twins/fab/rules/rule.hpp"

#include <gtest/gtest.h>

#include "twins/fab/semantics/tiny_fab.hpp"

namespace twins::fab {
namespace {

using semantics::step_at;
using semantics::TinyFab;

// Step 1: 2 min a piece, load and unload 1 min each; step 2: 30 min a lot, sampled 50 %. 10 wafers.
TEST(Rule, ExpectedTimesByHand) {
  TinyFab fab;
  fab.add_group("A");
  fab.group(0).load_ms = fab.group(0).unload_ms = MinuteMs;
  fab.add_group("B");
  Step sampled = step_at(1, 30);
  sampled.sampling = 0.5;
  fab.add_route({step_at(0, 2, Step::Per::Piece), sampled});
  const auto m = compile(fab.description);
  Lot lot;
  lot.wafers = 10;
  EXPECT_DOUBLE_EQ(process_ms(*m, lot), 20 * MinuteMs);
  EXPECT_DOUBLE_EQ(expected_step_ms(*m, lot), 22 * MinuteMs);
  EXPECT_DOUBLE_EQ(remaining_ms(*m, lot), 37 * MinuteMs);
  lot.release = 100;
  lot.due = 100 + 37'000;
  EXPECT_DOUBLE_EQ(operation_due(*m, lot), 100.0 + 22'000.0);
  lot.step = 1;
  EXPECT_DOUBLE_EQ(process_ms(*m, lot), 30 * MinuteMs);
  EXPECT_DOUBLE_EQ(remaining_ms(*m, lot), 15 * MinuteMs);
  EXPECT_DOUBLE_EQ(operation_due(*m, lot), 100.0 + 37'000.0);
}

}  // namespace
}  // namespace twins::fab
