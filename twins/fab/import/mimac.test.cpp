#include "twins/fab/import/mimac.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <numeric>

#include "twin/core/error.hpp"
#include "twins/fab/import/small_fab.hpp"

namespace twins::fab::import {
namespace {

namespace fs = std::filesystem;
constexpr double Min = MinuteMs;

// Two groups, one with a setup matrix; two routes; one batch.
const std::string Small = tabbed(R"(# small
2 # groups
2 # routes
1 2;S1 1
2
10 20 5.5;B;4
7
1
machineName
Oven
numInGroup
3
2
numInGroup
1
setup
3
DEF_SETUP x 70 71
S1 60 x 61
S2 50 51 x
)");

std::string edited(const std::string& from, const std::string& to) {
  std::string text = Small;
  const std::size_t at = text.find(from);
  if (at == std::string::npos) throw std::logic_error("the small model has no " + from);
  return text.replace(at, from.size(), to);
}

std::string why_not_mimac(const std::string& text, const MimacOptions& options = {}) {
  try {
    static_cast<void>(read_mimac("m.txt", text, options));
  } catch (const twin::core::Error& e) {
    return e.what();
  }
  return "read";
}

// A job would find other machines, times, batches or setups than the file's.
TEST(Mimac, fills_the_description) {
  MimacOptions options;
  options.batch_fill_min = 5.0 / 8;
  options.releases = {{315, Duration::Law::Constant, MimacRelease::First::AtZero, 2, 3},
                      {135, Duration::Law::Exponential, MimacRelease::First::AfterInterval, 1, 1}};
  const Description fab = read_mimac("m.txt", Small, options);
  ASSERT_EQ(fab.tool_groups.size(), 2U);
  EXPECT_EQ(fab.tool_groups[0].name, "Oven");
  EXPECT_EQ(fab.tool_groups[0].tools, 3U);
  EXPECT_TRUE(fab.tool_groups[0].batch);
  EXPECT_EQ(fab.tool_groups[0].initial_setup, None);
  EXPECT_EQ(fab.tool_groups[0].rank,
            (std::vector<Criterion>{Criterion::LeastSetup, Criterion::Fifo}));
  EXPECT_EQ(fab.tool_groups[1].name, "machine_2");
  EXPECT_EQ(fab.tool_groups[1].initial_setup, 0U);
  EXPECT_EQ(fab.setups, (std::vector<fab::Setup>{
                            {"machine_2/DEF_SETUP", 0}, {"machine_2/S1", 0}, {"machine_2/S2", 0}}));
  EXPECT_EQ(fab.setup_changes, (std::vector<SetupChange>{{0, 1, 70 * Min},
                                                         {0, 2, 71 * Min},
                                                         {1, 0, 60 * Min},
                                                         {1, 2, 61 * Min},
                                                         {2, 0, 50 * Min},
                                                         {2, 1, 51 * Min}}));
  const std::vector<Step>& a = fab.routes.at(0).steps;
  ASSERT_EQ(a.size(), 3U);
  EXPECT_EQ(a[0].batch_max, 1U);  // a step without batch on a batch tool
  EXPECT_EQ(a[0].batch_min, 1U);
  EXPECT_EQ(a[0].batch_key, None);
  EXPECT_EQ(a[1].setup, 1U);
  EXPECT_EQ(a[1].per, Step::Per::Lot);
  EXPECT_EQ(a[2].process, (Duration{Duration::Law::Constant, 5.5 * Min, 0}));
  EXPECT_EQ(a[2].per, Step::Per::Batch);
  EXPECT_EQ(a[2].batch_max, 4U);
  EXPECT_EQ(a[2].batch_min, 3U);  // 4 * 5/8 = 2.5 jobs
  EXPECT_EQ(a[2].batch_key, 0U);
  EXPECT_EQ(fab.routes[1].steps.at(0).setup, 0U);  // a bare step needs DEF_SETUP
  ASSERT_EQ(fab.streams.size(), 2U);
  EXPECT_EQ(fab.streams[0].start_ms, 0.0);
  EXPECT_EQ(fab.streams[0].interval, (Duration{Duration::Law::Constant, 315 * Min, 0}));
  EXPECT_EQ(fab.streams[0].due_offset_ms, 2 * 35.5 * Min);
  EXPECT_EQ(fab.streams[0].weight, 3.0);
  EXPECT_EQ(fab.streams[0].wafers, 1U);
  EXPECT_EQ(fab.streams[1].start_ms, 135 * Min);
  EXPECT_EQ(fab.streams[1].interval.law, Duration::Law::Exponential);
}

// A share of a batch would ask for one job more than it says, for rounding.
TEST(Mimac, batch_minimum_is_the_next_whole_job) {
  for (const auto& [fill, max, jobs] :
       {std::tuple{0.625, 8, 5U}, {0.75, 8, 6U}, {0.6, 5, 3U}, {0.0, 8, 1U}, {1.0, 8, 8U}}) {
    MimacOptions options;
    options.batch_fill_min = fill;
    const Description fab = read_mimac("m.txt", edited("B;4", "B;" + std::to_string(max)), options);
    EXPECT_EQ(fab.routes[0].steps[2].batch_min, jobs) << fill << " of " << max;
  }
}

// A mistake would be named at the wrong place, or not at all.
TEST(Mimac, names_each_mistake) {
  const std::pair<std::string, std::string> table[] = {
      {edited("2\t#\tgroups", "2x"),
       "m.txt:2: '2x' is no valid count (a whole number from 1 to 100000)"},
      {edited("2\t#\troutes", "0"),
       "m.txt:3: '0' is no valid count (a whole number from 1 to 10000)"},
      {edited("1\t2;S1", "3\t2;S1"),
       "m.txt:4, column 1: '3' is no valid count (a whole number from 1 to 2)"},
      {edited("2;S1", "2;S1;x"),
       "m.txt:4, column 2: '2;S1;x' is no machine (a group number, or number;setup)"},
      {edited("2;S1", "2;S3"),
       "m.txt:4, column 2: unknown setup state 'S3' (machine group 2 has none of that name)"},
      {edited("2;S1", "1;S1"),
       "m.txt:4, column 2: unknown setup state 'S1' (machine group 1 has none of that name)"},
      {edited("10\t20\t", "10\t"),
       "m.txt:6: 2 times for 3 operations (each operation of route_1 needs one)"},
      {edited("10\t20", "1O\t20"),
       "m.txt:6, column 1: '1O' is not a number of minutes (zero or more, with a decimal point) "
       "did you mean 10?"},
      {edited("10\t20", "-1\t20"),
       "m.txt:6, column 1: '-1' is not a number of minutes (zero or more, with a decimal point)"},
      {edited("5.5;B;4", "5.5;B"),
       "m.txt:6, column 3: '5.5;B' is no time (minutes, or minutes;batch;maximum)"},
      {edited("5.5;B;4", "5.5;;4"),
       "m.txt:6, column 3: blank batch (minutes;batch;maximum is needed)"},
      {edited("5.5;B;4", "5.5;B;0"),
       "m.txt:6, column 3: '0' is no valid count (a whole number from 1 to 10000)"},
      {edited("machineName", "machinename"),
       "m.txt:9: unknown word 'machinename' (machineName, numInGroup or setup) did you mean "
       "machineName?"},
      {edited("1\nmachineName", "machineName"),
       "m.txt:8: 'machineName' before any group number (a block starts with its number)"},
      {edited("3\n2\nnumIn", "3\n1\nnumIn"), "m.txt:13: group '1' appears twice (one block each)"},
      {edited("numInGroup\n1\n", ""),
       "m.txt: no numInGroup of machine group 2 (each group needs its block)"},
      {edited("S1\t60\tx\t61", "S1\t60\tx"),
       "m.txt:19, column 1: 2 times in a row of the setup matrix (3 states need 3)"},
      {edited("50\t51\tx", "50\t51\t5"),
       "m.txt:20, column 4: a change into itself takes time (x belongs here)"},
      {edited("S2\t50", "S1\t50"), "m.txt:20, column 1: state 'S1' appears twice (one row each)"},
      {Small + "jobs\n", "m.txt:21: unsupported section 'jobs' (releases come from the options)"},
      {Small.substr(0, Small.find("S1\t60")),
       "m.txt: the file ends before the end of the setup matrix (is it cut off?)"},
      {"# nothing\n", "m.txt: the file ends before the number of machine groups (is it cut off?)"},
  };
  for (const auto& [text, message] : table) EXPECT_EQ(why_not_mimac(text), message);
}

// A release that no simulation could follow would be taken.
TEST(Mimac, refuses_impossible_options) {
  MimacOptions options;
  options.releases = {{315}};
  EXPECT_EQ(why_not_mimac(Small, options), "1 releases for 2 routes (each route needs its own)");
  options.releases = {{315}, {0}};
  EXPECT_EQ(why_not_mimac(Small, options), "interval_min = 0 min (an interval lasts 1 ms or more)");
  options.releases = {};
  options.batch_fill_min = 1.5;
  EXPECT_EQ(why_not_mimac(Small, options), "batch_fill_min = 1.5 (a share from 0 to 1)");
}

// The published models would have other machines or operations than their files.
TEST(Mimac, reads_the_published_models) {
  const char* shared = std::getenv("FABTWIN_SHARED");
  const fs::path root = shared != nullptr ? shared : "../shared";
  if (!fs::exists(root)) GTEST_SKIP() << "reference data absent: set FABTWIN_SHARED";
  const auto machines = [](const Description& fab) {
    return std::accumulate(fab.tool_groups.begin(), fab.tool_groups.end(), 0U,
                           [](unsigned n, const ToolGroup& g) { return n + g.tools; });
  };
  const Description fab4 = read_mimac(root / "data" / "mimac" / "fab4.txt");
  EXPECT_EQ(fab4.name, "fab4");
  EXPECT_EQ(fab4.tool_groups.size(), 35U);
  EXPECT_EQ(fab4.routes.at(0).steps.size(), 92U);
  EXPECT_EQ(fab4.routes.at(1).steps.size(), 19U);
  EXPECT_TRUE(fab4.setups.empty());
  const Description fab4r = read_mimac(root / "data" / "mimac" / "fab4r.txt");
  EXPECT_EQ(fab4r.tool_groups.size(), 31U);
  EXPECT_EQ(machines(fab4r), 36U);
  EXPECT_EQ(fab4r.routes.at(0).steps.size(), 92U);
  EXPECT_EQ(fab4r.setups.size(), 18U);          // 6 states of ION1-3, 12 of PE1-5
  EXPECT_EQ(fab4r.setup_changes.size(), 162U);  // 6 * 5 + 12 * 11
  EXPECT_EQ(fab4r.tool_groups[20].name, "ION1-3");
  EXPECT_EQ(fab4r.routes[0].steps[4].setup, fab4r.tool_groups[24].initial_setup + 1);  // 25;M1
  EXPECT_TRUE(fab4r.warnings.empty());
}

}  // namespace
}  // namespace twins::fab::import
