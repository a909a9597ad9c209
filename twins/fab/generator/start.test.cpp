// Releases and the lots that are in the fab at time zero.
#include "twins/fab/generator/start.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace twins::fab::generator {
namespace {

// Two products, ten steps of one day each for the first, five for the second.
Description two_products() {
  Description fab;
  fab.tool_groups.resize(1);
  fab.tool_groups[0].name = "A";
  fab.tool_groups[0].tools = 1000;
  Step day;
  day.group = 0;
  day.process.mean_ms = DayMs;
  fab.routes = {{"r_1", std::vector<Step>(10, day)}, {"r_2", std::vector<Step>(5, day)}};
  fab.products = {{"part_1", "product_1", 0}, {"part_2", "product_2", 1}};
  return fab;
}

TEST(Start, StreamsReleaseWhatWasAskedFor) {
  // Wrong: the fab would be loaded with something else than it was sized for.
  Description fab = two_products();
  add_streams(fab, {.wafers_per_week = 5'000.0, .hot_share = 0.1});
  ASSERT_EQ(fab.streams.size(), 5U);
  const FabLoad load = fab_load(fab);
  EXPECT_NEAR(load.lots_per_week[0], 100.25, 0.01);  // with a super-hot lot in four weeks
  EXPECT_NEAR(load.lots_per_week[1], 100.0, 0.01);
  EXPECT_NEAR(7.0 * DayMs / fab.streams[2].interval.mean_ms, 10.0,
              0.01);  // hot lots of the first product
  set_due_dates(fab, load);
  EXPECT_EQ(fab.streams[0].due_offset_ms, 20.0 * DayMs);
  EXPECT_EQ(fab.streams[2].due_offset_ms, 13.5 * DayMs);
  for (const Stream& s : fab.streams)
    EXPECT_EQ(std::fmod(s.start_ms, 1000.0), 0.0);  // dates are whole seconds
  Description cold = two_products();
  add_streams(cold, {.wafers_per_week = 5'000.0, .hot_share = 0.0});
  EXPECT_EQ(cold.streams.size(), 2U);
}

TEST(Start, WipObeysLittlesLaw) {
  // Wrong: the run would begin with a flood or a drought.
  Description fab = two_products();
  add_streams(fab, {.wafers_per_week = 5'000.0, .hot_share = 0.0});
  add_wip(fab, fab_load(fab), 1.5, {1, 0});
  std::vector<double> at(10, 0.0);  // [step] lots of product 1
  double second = 0.0;
  for (const ListedLot& lot : fab.lots) {
    if (lot.product == 0) at[lot.step] += 1.0;
    if (lot.product == 1) second += 1.0;
    EXPECT_GT(lot.due_ms, 0.0);
  }
  // 100 lots a week and 1.5 days at each step are 21.43 lots, evenly spaced: at most one more or
  // less.
  for (std::size_t s = 0; s < at.size(); ++s) EXPECT_NEAR(at[s], 100.0 / 7.0 * 1.5, 1.0) << s;
  EXPECT_NEAR(second, 100.0 / 7.0 * 7.5, 1.0);
  Description empty = two_products();
  add_streams(empty, {.wafers_per_week = 5'000.0});
  add_wip(empty, fab_load(empty), 0.0, {1, 0});
  EXPECT_TRUE(empty.lots.empty());
}

TEST(Start, HotLotsHurry) {
  // Wrong: hot lots would lie about like the others.
  Description fab = two_products();
  add_streams(fab, {.wafers_per_week = 50'000.0, .hot_share = 0.5});
  add_wip(fab, fab_load(fab), 2.0, {1, 0});
  double normal = 0.0, hot = 0.0;
  for (const ListedLot& lot : fab.lots) {
    if (lot.priority == 10) normal += 1.0;
    if (lot.priority == 20) hot += 1.0;
  }
  EXPECT_NEAR(hot / normal, 1.35 / 2.0,
              0.01);  // same starts; 1.35 against 2 times the RPT in the fab
}

}  // namespace
}  // namespace twins::fab::generator
