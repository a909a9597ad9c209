#include "twins/fab/import/small_fab.hpp"

#include <gtest/gtest.h>

#include "twins/fab/import/smt2020.hpp"

namespace twins::fab::import {
namespace {

constexpr double SmallFabMin = MinuteMs;

// The broken data sets would be broken for another reason than the one under test.
TEST(SmallFab, reads_without_a_warning) {
  const Description fab = read_smt2020(small_fab());
  EXPECT_EQ(fab.warnings, std::vector<std::string>{});
  EXPECT_EQ(fab.name, "small");
}

// A column would fill another field, or another unit.
TEST(SmallFab, fills_the_tool_groups) {
  const Description fab = read_smt2020(small_fab());
  ASSERT_EQ(fab.tool_groups.size(), 5U);
  ToolGroup litho;
  litho.name = litho.area = "Litho";
  litho.location = "Fab";
  litho.tools = 2;
  litho.load_ms = litho.unload_ms = SmallFabMin;
  litho.wakes_least_setup = true;
  litho.rank = {Criterion::HighestPriority, Criterion::LeastSetup, Criterion::Fifo};
  const Duration week{Duration::Law::Exponential, 7 * DayMs, 0};
  litho.breakdowns = {{"BREAK_Litho", week, week, {Duration::Law::Exponential, 12 * HourMs, 0}}};
  litho.maintenances = {{"Litho_MN",
                         Maintenance::Trigger::Calendar,
                         30 * DayMs,
                         25 * DayMs,
                         {Duration::Law::Uniform, 10 * HourMs, 2 * HourMs}}};
  EXPECT_EQ(fab.tool_groups[0], litho);
  ToolGroup etch;
  etch.name = etch.area = "Etch";
  etch.location = "Fab";
  etch.tools = 3;
  etch.job_slots = 2;
  etch.load_ms = etch.unload_ms = SmallFabMin;
  etch.rank = {Criterion::HighestPriority, Criterion::Fifo};
  etch.maintenances = {{"Etch_WK",
                        Maintenance::Trigger::Wafers,
                        2500,
                        1880,
                        {Duration::Law::Constant, 6 * HourMs, 0}}};
  EXPECT_EQ(fab.tool_groups[1], etch);
  ToolGroup furnace;
  furnace.name = "Furnace";
  furnace.area = "Diff";
  furnace.location = "Fab";
  furnace.load_ms = furnace.unload_ms = SmallFabMin;
  furnace.batch = true;
  furnace.rank = {Criterion::HighestPriority, Criterion::CriticalRatio};
  EXPECT_EQ(fab.tool_groups[2], furnace);
  ToolGroup implant;
  implant.name = implant.area = "Implant";
  implant.location = "Fab";
  implant.load_ms = SmallFabMin / 2;
  implant.unload_ms = SmallFabMin;
  implant.keeps_minimum_run = true;
  implant.min_run_setups = {0, 1};
  implant.rank = {Criterion::HighestPriority, Criterion::LeastSetup, Criterion::CriticalRatio};
  EXPECT_EQ(fab.tool_groups[3], implant);
  ToolGroup hold;
  hold.name = "Hold";
  hold.location = "Delay";
  hold.tools = 50;
  hold.rank = {Criterion::Fifo};
  EXPECT_EQ(fab.tool_groups[4], hold);
}

// The same for setups, transport and products.
TEST(SmallFab, fills_setups_transport_and_products) {
  const Description fab = read_smt2020(small_fab());
  EXPECT_EQ(fab.setups, (std::vector<fab::Setup>{{"P1", 4}, {"P2", 4}, {"M1", 0}, {"M2", 0}}));
  EXPECT_EQ(fab.setup_changes,
            (std::vector<SetupChange>{
                {None, 0, 30 * SmallFabMin}, {None, 1, 40 * SmallFabMin}, {0, 1, HourMs}}));
  EXPECT_EQ(fab.transports,
            (std::vector<Transport>{
                {"Fab", "Fab", {Duration::Law::Uniform, 7.5 * SmallFabMin, 2.5 * SmallFabMin}}}));
  EXPECT_EQ(fab.products, (std::vector<Product>{{"A", "family_A", 0}, {"B", "family_B", 1}}));
}

// The same for the steps.
TEST(SmallFab, fills_the_routes) {
  const Description fab = read_smt2020(small_fab());
  ASSERT_EQ(fab.routes.size(), 2U);
  EXPECT_EQ(fab.routes[0].name, "r_A");
  EXPECT_EQ(fab.routes[1].name, "r_B");
  const std::vector<Step>& a = fab.routes[0].steps;
  ASSERT_EQ(a.size(), 7U);
  Step litho;
  litho.name = "1_Litho";
  litho.group = 0;
  litho.process = {Duration::Law::Uniform, 2 * SmallFabMin, 0.1 * SmallFabMin};
  litho.per = Step::Per::Piece;
  litho.setup = 2;
  litho.setup_ms = 8 * SmallFabMin;
  litho.dedicates = 4;
  EXPECT_EQ(a[0], litho);
  Step etch;
  etch.name = "2_Etch";
  etch.group = 1;
  etch.process = {Duration::Law::Uniform, 3 * SmallFabMin, 0.15 * SmallFabMin};
  etch.per = Step::Per::Piece;
  etch.cascade_interval_ms = 2.25 * SmallFabMin;
  etch.queue_time_exit = 2;
  etch.queue_time_ms = 2 * HourMs;
  EXPECT_EQ(a[1], etch);
  Step furnace;
  furnace.name = "3_Furnace";
  furnace.group = 2;
  furnace.process = {Duration::Law::Uniform, 240 * SmallFabMin, 12 * SmallFabMin};
  furnace.per = Step::Per::Batch;
  furnace.batch_min = 50;
  furnace.batch_max = 75;
  EXPECT_EQ(a[2], furnace);
  Step rework;
  rework.name = "5_Litho";
  rework.group = 0;
  rework.process = {Duration::Law::Uniform, 40 * SmallFabMin, 2 * SmallFabMin};
  rework.setup = 3;
  rework.setup_always = true;
  rework.setup_ms = 8 * SmallFabMin;
  rework.rework = 0.015;
  rework.rework_to = 3;
  EXPECT_EQ(a[4], rework);
  EXPECT_EQ(a[3].setup, 0U);
  EXPECT_LT(a[3].setup_ms, 0.0);
  EXPECT_EQ(a[5].sampling, 0.5);
  EXPECT_EQ(a[5].process, (Duration{Duration::Law::Constant, 2 * HourMs, 0}));
  EXPECT_EQ(a[6].cascade_interval_ms, 45 * SmallFabMin);
  EXPECT_EQ(fab.routes[1].steps[1].name, "2");
}

// The same for the lots and what releases them.
TEST(SmallFab, fills_the_orders) {
  const Description fab = read_smt2020(small_fab());
  ASSERT_EQ(fab.streams.size(), 3U);
  Stream lot_a;
  lot_a.name = "Lot_A";
  lot_a.product = 0;
  lot_a.interval = {Duration::Law::Constant, 2 * HourMs, 0};
  lot_a.count = 5000;
  lot_a.due_offset_ms = 2 * DayMs;
  EXPECT_EQ(fab.streams[0], lot_a);
  Stream hot_a;
  hot_a.name = "Hot_A";
  hot_a.product = 0;
  hot_a.priority = 20;
  hot_a.start_ms = DayMs;
  hot_a.interval = {Duration::Law::Exponential, 2.5 * DayMs, 0};
  hot_a.count = 500;
  hot_a.due_offset_ms = 1.5 * DayMs;
  hot_a.reserves = true;
  EXPECT_EQ(fab.streams[1], hot_a);
  EXPECT_EQ(fab.streams[2].lots_per_release, 2U);
  EXPECT_EQ(fab.streams[2].wafers, 20U);
  ASSERT_EQ(fab.lots.size(), 3U);  // the initial WIP first
  EXPECT_EQ(fab.lots[0], (ListedLot{"Init_1", 0, 10, 25, 0, DayMs / 2, 3, false, 1.0}));
  EXPECT_EQ(fab.lots[1], (ListedLot{"Init_2", 0, 20, 25, 0, -DayMs / 2, 2, false, 1.0}));
  EXPECT_EQ(fab.lots[2], (ListedLot{"One_B", 1, 30, 10, 31 * DayMs, 32 * DayMs, None, false, 1.0}));
}

// A broken cell would be put somewhere else.
TEST(SmallFab, is_broken_where_it_is_told) {
  Folder folder = small_fab();
  set_cell(folder, "fromto.txt", 2, "DTIME2", "9");
  EXPECT_EQ(folder.files.at("fromto.txt"),
            "FROMLOC\tTOLOC\tDDIST\tDTIME\tDTIME2\tDUNITS\nFab\tFab\tuniform\t7.5\t9\tmin\n");
  EXPECT_THROW(set_cell(folder, "fromto.txt", 2, "X", ""), std::logic_error);
}

}  // namespace
}  // namespace twins::fab::import
