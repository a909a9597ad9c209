// If this failed, forecasts would be judged by other figures than those the fab reports.
#include "twins/fab/validate/snapshot.hpp"

#include <gtest/gtest.h>

#include <numeric>

#include "twins/fab/any_fab.hpp"
#include "twins/fab/kpi.hpp"
#include "twins/fab/lively_fab.hpp"

namespace twins::fab::validate {
namespace {

// Wrong: a figure here would be another one than the key figure of the same name.
TEST(Snapshot, FiguresAreTheKeyFigures) {
  const auto layout = lively_fab();
  const auto fab = make_fab(layout, "fifo");
  const std::vector<double> theta = layout->nominal_theta();
  State x = fab->initial(theta, {});
  const auto day = static_cast<Tick>(DayMs);
  fab->advance(x, theta, 5 * day, {});
  const Snapshot a = snapshot(*layout, x);
  const Reading ra = read_counters(*layout, x);
  fab->advance(x, theta, 9 * day, {});
  const Snapshot b = snapshot(*layout, x);
  const Kpi kpi = key_figures(*layout, ra, read_counters(*layout, x));
  EXPECT_EQ(std::accumulate(b.area_wip.begin(), b.area_wip.end(), 0.0), b.wip);
  for (const Figure& f : figures(*layout, {0, 1, 2})) {
    const auto value = value_of(f, a, b);
    ASSERT_TRUE(value) << f.name;
    switch (f.kind) {
      case Figure::Kind::Wip: EXPECT_EQ(*value, x.wip); break;
      case Figure::Kind::AreaWip: EXPECT_EQ(*value, b.area_wip[f.index]); break;
      case Figure::Kind::Finished: EXPECT_NEAR(*value, kpi.outs_per_day * 4.0, 1e-9); break;
      case Figure::Kind::CycleTime: EXPECT_NEAR(*value, kpi.all.cycle_days, 1e-9); break;
      case Figure::Kind::Utilisation:
        EXPECT_NEAR(*value, kpi.groups[f.index].utilisation, 1e-9) << f.name;
        break;
    }
  }
}

TEST(Snapshot, WhatHasNoValueHasNone) {
  // Wrong: a day without finished lots would have a cycle time of zero.
  const auto layout = lively_fab();
  const auto fab = make_fab(layout, "fifo");
  const Snapshot s = snapshot(*layout, fab->initial(layout->nominal_theta(), {}));
  EXPECT_FALSE(value_of({Figure::Kind::CycleTime, 0, "", ""}, s, s));
  EXPECT_FALSE(value_of({Figure::Kind::Utilisation, 0, "", ""}, s, s));
}

}  // namespace
}  // namespace twins::fab::validate
