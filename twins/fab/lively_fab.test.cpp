#include "twins/fab/lively_fab.hpp"

#include <gtest/gtest.h>

#include "twins/fab/any_fab.hpp"
#include "twins/fab/kpi.hpp"

namespace twins::fab {
namespace {

TEST(LivelyFab, EverythingHappensInIt) {
  // Wrong: tests of the log and the mirror would pass because what they watch never happens.
  const auto layout = lively_fab();
  const auto fab = make_fab(layout);
  const std::vector<double> theta = layout->nominal_theta();
  const twin::core::Draw draw{.seed = 1};
  State x = fab->initial(theta, draw);
  const Reading from = read_counters(*layout, x);
  fab->advance(x, theta, static_cast<Tick>(28 * DayMs), draw);
  const Kpi kpi = key_figures(*layout, from, read_counters(*layout, x));
  double reworks = 0, skipped = 0, setups = 0, fill = 0, down = 0, pm = 0;
  for (const GroupKpi& g : kpi.groups) {
    reworks += g.reworks, skipped += g.skipped, setups += g.setup_share, fill += g.batch_fill;
    down += g.down, pm += g.pm;
  }
  EXPECT_GT(reworks, 10.0);
  EXPECT_GT(skipped, 10.0);
  EXPECT_GT(setups, 0.1);
  EXPECT_GT(fill, 0.3);
  EXPECT_GT(down, 0.05);
  EXPECT_GT(pm, 0.05);
  EXPECT_GT(kpi.windows.closed, 10.0);
  EXPECT_GT(kpi.outs_per_day, 1.0);
  EXPECT_LT(kpi.wip, 300.0);  // it keeps up with its releases, or nearly
  EXPECT_GT(layout->dedication_slots, 0U);
}

}  // namespace
}  // namespace twins::fab
