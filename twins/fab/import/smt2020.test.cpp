#include "twins/fab/import/smt2020.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <set>

#include "twin/core/error.hpp"
#include "twins/fab/import/small_fab.hpp"

namespace twins::fab::import {
namespace {

namespace fs = std::filesystem;

// The published data, as reference/fab.md 1.1 and 1.2 count them (from the files, by other means).
// Of sampled steps it counts every StepPercent, 221 and 955; here only those below 100 count.
struct Published {
  std::string folder;
  std::size_t products, steps, streams, wip;
  std::uint32_t tools;
  // per_lot plain, per_lot cascading, per_piece plain, per_piece cascading, per_batch
  std::array<std::size_t, 5> mix;
  std::size_t sampled, reworked, dedicated, set_up, windows;
  std::vector<std::pair<std::string, std::size_t>> routes;
  Criterion last_criterion;
};

std::vector<Published> published() {
  return {{"HVLM",
           2,
           926,
           5,
           2255,
           1043,
           {395, 95, 124, 284, 28},
           149,
           14,
           18,
           93,
           66,
           {{"r_3", 583}, {"r_4", 343}},
           Criterion::Fifo},
          {"LVHM",
           10,
           4013,
           21,
           2156,
           913,
           {1703, 401, 507, 1267, 135},
           662,
           52,
           73,
           401,
           264,
           {{"r_1", 521},
            {"r_2", 529},
            {"r_3", 583},
            {"r_4", 343},
            {"r_5", 242},
            {"r_6", 293},
            {"r_7", 353},
            {"r_8", 375},
            {"r_9", 384},
            {"r_10", 390}},
           Criterion::CriticalRatio}};
}

class Smt2020Published : public testing::TestWithParam<std::size_t> {
 protected:
  void SetUp() override {
    const char* shared = std::getenv("FABTWIN_SHARED");
    const fs::path root = shared != nullptr ? shared : "../shared";
    if (!fs::exists(root)) GTEST_SKIP() << "reference data absent: set FABTWIN_SHARED";
    truth_ = published()[GetParam()];
    fab_ = read_smt2020(root / "data" / "smt2020" / truth_.folder);
  }
  template <class Condition>
  std::size_t steps_with(Condition condition) const {
    std::size_t n = 0;
    for (const Route& r : fab_.routes) {
      n += static_cast<std::size_t>(std::count_if(r.steps.begin(), r.steps.end(), condition));
    }
    return n;
  }
  Published truth_;
  Description fab_;
};

// The fab would have other tools than the published one.
TEST_P(Smt2020Published, has_the_published_tools) {
  EXPECT_EQ(fab_.warnings, std::vector<std::string>{});
  ASSERT_EQ(fab_.tool_groups.size(), 106U);  // with Delay_32
  std::uint32_t tools = 0;
  std::size_t cascading = 0, batch = 0, minimum_run = 0, wake = 0, breakdowns = 0;
  std::size_t by_days = 0, by_wafers = 0;
  std::set<std::string> areas;
  for (const ToolGroup& g : fab_.tool_groups) {
    areas.insert(g.area);
    cascading += g.job_slots == 2 ? 1U : 0U;
    batch += g.batch ? 1U : 0U;
    minimum_run += g.keeps_minimum_run ? 1U : 0U;
    wake += g.wakes_least_setup ? 1U : 0U;
    breakdowns += g.breakdowns.size();
    for (const Maintenance& m : g.maintenances) {
      (m.trigger == Maintenance::Trigger::Calendar ? by_days : by_wafers) += 1;
    }
    EXPECT_EQ(g.rank, (std::vector<Criterion>{Criterion::HighestPriority, Criterion::LeastSetup,
                                              truth_.last_criterion}));
    if (g.name == "Delay_32") {
      EXPECT_EQ(g.tools, 400U);
      EXPECT_EQ(g.location, "Delay");
      EXPECT_EQ(g.load_ms + g.unload_ms, 0.0);
      EXPECT_TRUE(g.breakdowns.empty());
    } else {
      tools += g.tools;
      EXPECT_EQ(g.load_ms, MinuteMs);
      EXPECT_EQ(g.breakdowns.size(), 1U) << g.name;
    }
    EXPECT_EQ(g.min_run_setups.size(), g.keeps_minimum_run ? 9U : 0U);
  }
  EXPECT_EQ(tools, truth_.tools);
  EXPECT_EQ(areas.size(), 12U);
  EXPECT_EQ(cascading, 45U);
  EXPECT_EQ(batch, 10U);
  EXPECT_EQ(minimum_run, 3U);
  EXPECT_EQ(wake, 9U);
  EXPECT_EQ(breakdowns, 105U);
  EXPECT_EQ(by_days, 79U);
  EXPECT_EQ(by_wafers, 213U);
  EXPECT_EQ(fab_.setup_changes.size(), 13U);
  EXPECT_EQ(fab_.transports.size(), 1U);
}

// The routes would have other steps than the published ones.
TEST_P(Smt2020Published, has_the_published_steps) {
  ASSERT_EQ(fab_.routes.size(), truth_.products);
  for (std::size_t r = 0; r < fab_.routes.size(); ++r) {
    EXPECT_EQ(fab_.routes[r].name, truth_.routes[r].first);
    EXPECT_EQ(fab_.routes[r].steps.size(), truth_.routes[r].second);
  }
  const auto mix = [&](Step::Per per, bool cascading) {
    return steps_with(
        [&](const Step& s) { return s.per == per && (s.cascade_interval_ms > 0) == cascading; });
  };
  EXPECT_EQ(mix(Step::Per::Lot, false), truth_.mix[0]);
  EXPECT_EQ(mix(Step::Per::Lot, true), truth_.mix[1]);
  EXPECT_EQ(mix(Step::Per::Piece, false), truth_.mix[2]);
  EXPECT_EQ(mix(Step::Per::Piece, true), truth_.mix[3]);
  EXPECT_EQ(mix(Step::Per::Batch, false), truth_.mix[4]);
  EXPECT_EQ(steps_with([](const Step& s) { return s.sampling < 1; }), truth_.sampled);
  EXPECT_EQ(steps_with([](const Step& s) { return s.rework > 0; }), truth_.reworked);
  EXPECT_EQ(steps_with([](const Step& s) { return s.dedicates != None; }), truth_.dedicated);
  EXPECT_EQ(steps_with([](const Step& s) { return s.setup != None; }), truth_.set_up);
  EXPECT_EQ(steps_with([](const Step& s) { return s.setup_always; }), 0U);
  EXPECT_EQ(steps_with([](const Step& s) { return s.queue_time_exit != None; }), truth_.windows);
  EXPECT_EQ(steps_with([](const Step& s) { return s.process.law == Duration::Law::Uniform; }),
            truth_.steps);
}

// Other lots would be released, or the initial WIP would stand elsewhere.
TEST_P(Smt2020Published, has_the_published_lots) {
  EXPECT_EQ(fab_.streams.size(), truth_.streams);
  EXPECT_EQ(fab_.lots.size(), truth_.wip);
  for (const ListedLot& lot : fab_.lots) {
    ASSERT_NE(lot.step, None);
    EXPECT_EQ(lot.wafers, 25U);
    EXPECT_EQ(lot.start_ms, 0.0);
    EXPECT_GE(lot.due_ms, 0.0);
  }
  const Stream& first = fab_.streams[0];
  EXPECT_EQ(first.start_ms, 0.0);
  if (truth_.folder == "HVLM") {
    EXPECT_EQ(fab_.lots[0].name, "Init_Lot_3_2");  // the row whose trailing cells are missing
    EXPECT_EQ(fab_.lots[0].step, 559U);
    EXPECT_EQ(first.interval.mean_ms, 51.69 * MinuteMs);
    EXPECT_EQ(first.due_offset_ms, 53 * DayMs + 20 * HourMs + 7 * MinuteMs + 47'000);
    EXPECT_EQ(first.count, 200'000U);
  }
}

INSTANTIATE_TEST_SUITE_P(Published, Smt2020Published, testing::Values(0U, 1U),
                         [](const auto& i) { return published()[i.param].folder; });

std::string utf16(const std::string& text) {
  std::string bytes = "\xFF\xFE";
  for (const char c : text) {  // ASCII
    if (c == '\n') bytes += std::string("\r\0", 2);
    bytes += c;
    bytes += '\0';
  }
  return bytes;
}

// The release's own form would read as another fab than the text form.
TEST(Smt2020, reads_the_release_form_the_same) {
  const Folder text = small_fab();
  Folder release{"small", {}};
  for (const auto& [name, bytes] : text.files) release.files[name] = utf16("~ by hand\n" + bytes);
  const std::string options =
      "~ options of the model\nCOMMENT_CHARACTER\t~\nSIM_START\t01/01/18 00:00:00\n"
      "SEQ_ADDS_SETUP_DELAYS\tN\nUSE_CALENDARS(Y/N)\tY\nSTATION_FILES\tfile\ttool.txt\n"
      "PRODUCT_FILES\tfile\tpart.txt\nSETUP_FILES\tfile\tsetup.txt\nSETUPGROUP_"
      "FILES\tfile\tsetupgrp.txt\n"
      "DOWNCAL_FILES\tfile\tdowncal.txt\nPMCAL_FILES\tfile\tpmcal.txt\nATTACH_FILES\tfile\tattach."
      "txt\n"
      "FROMTO_FILES\tfile\tfromto.txt\nORDER_FILES\tfile\torder.txt\n\tfile\t~order_old."
      "txt\n\tfile\tWIP.txt\n";
  release.files["options.def"] = utf16(options);
  release.files["order_old.txt"] = utf16("this file is not active");
  // There, each criterion of the queue order stands in a row of its own.
  std::string tools = text.files.at("tool.txt");
  const auto criterion = [&](const std::string& list, const std::string& first,
                             const std::string& rest) {
    const std::size_t at = tools.find(list);
    tools.replace(at, list.size(), first);
    tools.insert(tools.find('\n', at) + 1, "\t\t" + rest + "\n");
  };
  criterion("rank_HP;rank_RSETUP;rank_FIFO", "rank_HP", "rank_RSETUP\n\t\trank_FIFO");
  release.files["tool.txt"] = utf16(tools);
  EXPECT_EQ(read_smt2020(release), read_smt2020(text));
}

// A user's own fab could not begin at another date.
TEST(Smt2020, counts_from_the_time_zero_of_options_def) {
  Folder folder = small_fab();
  folder.files["options.def"] = "SIM_START\t12/31/17 00:00:00\n";
  folder.files.erase("WIP.txt");
  EXPECT_EQ(read_smt2020(folder).streams[0].start_ms, DayMs);
}

// A fab without setups, calendars, transport or initial WIP could not be described at all.
TEST(Smt2020, needs_only_tools_products_routes_and_orders) {
  Folder folder = small_fab();
  for (const char* file : {"WIP.txt", "downcal.txt", "pmcal.txt", "attach.txt", "fromto.txt"}) {
    folder.files.erase(file);
  }
  const Description fab = read_smt2020(folder);
  EXPECT_EQ(fab.lots.size(), 1U);
  EXPECT_TRUE(fab.transports.empty());
  EXPECT_TRUE(fab.tool_groups[0].breakdowns.empty());
  EXPECT_EQ(fab.warnings, std::vector<std::string>{});
}

// The manual's smallest fab (docs/data-format.md) would not be one.
TEST(Smt2020, reads_the_smallest_fab_of_the_manual) {
  const Folder folder{
      "least",
      {{"tool.txt", tabbed("STNFAM STNQTY\nLitho 2\n")},
       {"part.txt", tabbed("PART ROUTEFILE\nA route_A.txt\n")},
       {"route_A.txt", tabbed("STEP STNFAM PTIME PTUNITS PTPER\n1 Litho 40 min per_lot\n")},
       {"order.txt", tabbed("LOT PART PRIOR PIECES START REPEAT RUNITS RPT# DUE\n"
                            "Lot_A A 10 25 01/01/18+00:00:00 25 min 1000 01/02/18+00:00:00\n")}}};
  const Description fab = read_smt2020(folder);
  EXPECT_EQ(fab.warnings, std::vector<std::string>{});
  EXPECT_EQ(fab.routes.at(0).steps.at(0).process.mean_ms, 40 * MinuteMs);
}

// Production and engineering lots of one family would not share a furnace run.
TEST(Smt2020, batches_by_family_share_a_key) {
  Folder folder = small_fab();
  set_cell(folder, "tool.txt", 4, "BATCHCRITF", "crit_samepartfam|crit_samestepname");
  folder.files["part.txt"] += "Engineering\tfamily_A\tE\troute_E.txt\tr_E\n";
  folder.files["part.txt"] += "Saleable\tfamily_C\tC\troute_C.txt\tr_C\n";
  std::string route = folder.files.at("route_A.txt");
  for (const char* name : {"r_E", "r_C"}) {
    std::string copy = route;
    for (std::size_t at = 0; (at = copy.find("r_A\t", at)) != std::string::npos;)
      copy.replace(at, 3, name);
    folder.files[std::string("route") + (name + 1) + ".txt"] = copy;
  }
  const Description fab = read_smt2020(folder);
  const auto key = [&](std::size_t r) { return fab.routes[r].steps[2].batch_key; };
  ASSERT_EQ(fab.routes.size(), 4U);
  EXPECT_NE(key(0), None);
  EXPECT_EQ(key(2), key(0));
  EXPECT_NE(key(3), key(0));
  EXPECT_EQ(fab.routes[0].steps[1].batch_key, None);
}

// What is odd but not wrong would pass without a word.
TEST(Smt2020, warns_of_what_nothing_uses) {
  Folder folder = small_fab();
  folder.files["tool.txt"] += "Spare\trule_HotLotFIRST\trank_FIFO\t\t\t\t\t\t\t\t\t1\n";
  folder.files["setup.txt"] += "\tP9\t5\tmin\n";
  folder.files["part.txt"] += "Saleable\tfamily_B\tC\troute_B.txt\tr_B\n";
  folder.files["downcal.txt"] += "BREAK_X\tmttf_by_cal\texponential\t9\tday\texponential\t1\thr\n";
  folder.files["pmcals.txt"] = "x";
  folder.files.erase("pmcal.txt");
  folder.files["attach.txt"] = tabbed(
      "CALNAME CALTYPE RESTYPE RESNAME FOADIST FOA FOAUNITS NOTE\n"
      "BREAK_Litho down stngrp Litho exponential 10080 min ok\n");
  EXPECT_EQ(
      read_smt2020(folder).warnings,
      (std::vector<std::string>{
          "attach.txt:1: unknown column 'NOTE' (it is not read)",
          "downcal.txt:3: calendar 'BREAK_X' is attached to nothing",
          "tool.txt:7: no step uses tool group 'Spare'", "setup.txt:5: no step uses setup 'P9'",
          "part.txt:4: product 'C' is never released",
          "pmcals.txt: this file is not read (no other file names it) did you mean pmcal.txt?"}));
}

}  // namespace
}  // namespace twins::fab::import
