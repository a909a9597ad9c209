#include "twins/fab/rules/batcs.hpp"

#include <gmock/gmock.h>

#include <cmath>

#include "twins/fab/semantics/tiny_fab.hpp"

namespace twins::fab {
namespace {

using semantics::Shift;
using semantics::step_at;
using semantics::TinyFab;
using testing::ElementsAre;

// Wrong: a batch would count by its best lot alone. ln p - ln w + slack/(k1 p) - ln fill: a half-full
// batch of due lots against a full one: ln 2 = 0.69 between them.
TEST(Batcs, FullnessCounts) {
  const Batcs rule;
  const Look look{.now = 0, .setup_ms = 0.0, .mean_process_ms = 20.0, .mean_setup_ms = 0.0};
  const double full = rule.batch_value(1.0, 20.0, 0.0, 1.0, look);
  EXPECT_NEAR(full, std::log(20.0), 1e-12);
  EXPECT_NEAR(rule.batch_value(1.0, 20.0, 0.0, 0.5, look) - full, std::log(2.0), 1e-12);
  // Slack of the most urgent lot: 80 - 0 - 20 = 60; 60/(2*20) = 1.5.
  EXPECT_NEAR(rule.batch_value(1.0, 20.0, 80.0, 1.0, look) - full, 1.5, 1e-12);
}

// Wrong: the furnace would take the older half-full batch. Of two keys, both due: lots 1 and 2 fill
// 50 of 100, lots 3 to 6 fill 100.
TEST(Batcs, TheFullerBatchStarts) {
  TinyFab fab;
  fab.add_group("F");
  fab.group(0).batch = true;
  fab.options.setup_lines = true;
  Step step = step_at(0, 30, Step::Per::Batch);
  step.batch_min = 25;
  step.batch_max = 100;
  const auto p = fab.add_route({step}), q = fab.add_route({step});
  fab.add_lot(p, {.due = 1});
  for (const double at : {1.0, 2.0}) fab.add_lot(p, {.at = at, .due = 5});
  for (const double at : {3.0, 3.0, 3.0, 3.0}) fab.add_lot(q, {.at = at, .due = 5});
  EXPECT_THAT(Shift<Batcs>(fab).to(200).order(), ElementsAre("0", "3+4+5+6", "1+2"));
}

}  // namespace
}  // namespace twins::fab
