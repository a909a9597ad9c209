// If this failed, a rollout and a run of weeks would mean different things by tardiness, or forget the hot lots.
#include "twins/fab/decide/lot_sums.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "twins/fab/decide/scene.hpp"

namespace twins::fab::decide {
namespace {

// Three usual lots left, 12 h tardy and after 30 h inside in all. Two of weight 5 are inside, 6 h tardy each; one is to
// have a cycle time of 20 h.
TEST(LotSums, AreMeansOverThoseThatLeftAndThoseCountedInside) {
  const auto layout = example_fab();
  const Layout& m = *layout;
  const auto of = std::ranges::min_element(m.classes, {}, &LotClass::priority);
  const auto c = static_cast<std::uint32_t>(of - m.classes.begin());
  const std::int32_t usual = of->priority;
  State before;
  before.class_tally.resize(m.classes.size());
  before.class_tally[c] = {.finished = 7, .cycle_ticks = 5, .tardy_ticks = 9};
  State after = before;
  const auto hour = static_cast<std::int64_t>(HourMs);
  after.class_tally[c].finished += 3;
  after.class_tally[c].cycle_ticks += 30 * hour;
  after.class_tally[c].tardy_ticks += 12 * hour;
  after.class_tally[c].weighted_tardy_days = 1.0;
  LotSums sums(m, usual);
  sums.left(before, after);
  Outcome o;
  sums.into(o);
  EXPECT_EQ(o.out, 3.0);
  EXPECT_DOUBLE_EQ(o.tardy_hours, 4.0);
  EXPECT_DOUBLE_EQ(o.weighted_tardy_hours, 8.0);
  EXPECT_DOUBLE_EQ(o.cycle_hours, 10.0);
  EXPECT_EQ(o.hot_tardy_hours, 0.0);
  Lot lot;
  lot.lot_class = c;
  lot.weight = 5.0;
  sums.inside(lot, 6 * HourMs);
  sums.inside(lot, 6 * HourMs);
  sums.cycle(20 * HourMs);
  sums.into(o);
  EXPECT_EQ(o.out, 3.0);
  EXPECT_DOUBLE_EQ(o.tardy_hours, 24.0 / 5.0);
  EXPECT_DOUBLE_EQ(o.weighted_tardy_hours, 84.0 / 5.0);
  EXPECT_DOUBLE_EQ(o.cycle_hours, 50.0 / 4.0);
  // Where another, lower priority is known of, these are hot lots.
  LotSums hot(m, usual - 1);
  hot.left(before, after);
  hot.inside(lot, 6 * HourMs);
  hot.into(o);
  EXPECT_DOUBLE_EQ(o.hot_tardy_hours, 18.0 / 4.0);
}

TEST(LotSums, OfNothingAreNothing) {
  const auto layout = example_fab();
  LotSums sums(*layout, 0);
  Outcome o;
  sums.into(o);
  EXPECT_EQ(o, Outcome{});
}

}  // namespace
}  // namespace twins::fab::decide
