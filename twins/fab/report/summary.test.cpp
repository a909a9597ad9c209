#include "twins/fab/report/summary.hpp"

#include <gtest/gtest.h>

#include <numeric>

#include "twins/fab/report/sample.hpp"

namespace twins::fab::report {
namespace {

// The page would show another mean or interval than the replications give: 200, 201, 202 lots have
// the mean 201 and the half-width t(0.975, 2) / sqrt(3) = 4.302653 / 1.732051 = 2.484138.
TEST(ReportSummary, MeansAndIntervalsOverReplications) {
  const Layout m = sample_layout();
  const Summary s = summarise(m, sample_result(m, 3));
  EXPECT_EQ(s.replications, 3U);
  EXPECT_NEAR(s.wip.mean, 201.0, 1e-12);
  EXPECT_NEAR(s.wip.half_width, 2.484138, 1e-6);
  EXPECT_NEAR(s.cycle.mean, 21.0, 1e-12);
  EXPECT_NEAR(s.flow_factor.mean, 1.5, 1e-12);
  EXPECT_NEAR(s.counted_days, 30.0, 1e-12);
  EXPECT_FALSE(s.within_run);
}

// Lots that stood in the fab at time zero would count as released: 3 classes, 4 lots a day each.
TEST(ReportSummary, StartsLeaveOutTheInitialLots) {
  const Layout m = sample_layout();
  EXPECT_NEAR(summarise(m, sample_result(m, 2)).starts.mean, 12.0, 1e-12);
}

// The regular lots' quantiles would take in hot lots, or one class only.
TEST(ReportSummary, PoolsTheClassesOfTheLowestPriority) {
  const Layout m = sample_layout();
  const Summary s = summarise(m, sample_result(m, 2));
  const auto lots = [](const ClassSummary& c) {
    return std::accumulate(c.histogram.begin(), c.histogram.end(), std::uint64_t{0});
  };
  EXPECT_EQ(lots(s.classes[0]), 200U);
  EXPECT_EQ(lots(s.regular), 400U);
  EXPECT_GE(s.regular.p05, s.classes[0].p05);
  EXPECT_LE(s.regular.p95, s.classes[1].p95);
  EXPECT_LT(s.regular.p05, s.regular.p50);
}

// The reader would look for the bottleneck at the wrong end.
TEST(ReportSummary, GroupsStandByUtilisation) {
  const Layout m = sample_layout();
  const Summary s = summarise(m, sample_result(m, 2));
  ASSERT_EQ(s.groups.size(), 3U);
  EXPECT_EQ(s.groups[0].name, "Litho <1> & co");
  EXPECT_EQ(s.groups[1].name, "Etch_2");
  EXPECT_EQ(s.groups[2].name, "Etch_0");
}

// A class that finished nothing in one replication would drag its mean cycle time towards zero.
TEST(ReportSummary, LeavesOutReplicationsWithoutFinishedLots) {
  const Layout m = sample_layout();
  RunResult r = sample_result(m, 3);
  ClassKpi& hot = r.replications[1].kpi.classes[2];
  hot.finished = hot.cycle_days = hot.flow_factor = 0.0;
  const Summary s = summarise(m, r);
  EXPECT_NEAR(s.classes[2].cycle.mean, 21.0, 1e-12);  // of 20 and 22
  EXPECT_EQ(s.classes[2].replications, 2.0);
}

// A stopped replication is shorter: days that only some have would count the others as zero.
TEST(ReportSummary, MeanLineTakesTheReplicationsThatHaveTheDay) {
  const Layout m = sample_layout();
  RunResult r = sample_result(m, 2);
  r.replications[1].days.resize(10);
  const Summary s = summarise(m, r);
  ASSERT_EQ(s.wip_days.mean.size(), 30U);
  EXPECT_NEAR(s.wip_days.mean[9].y, 200.5, 1e-12);
  EXPECT_NEAR(s.wip_days.mean[10].y, 200.0, 1e-12);
}

// Moving means would shift, or mix days without lots in as zeros.
TEST(ReportSummary, MovingMeansTakeSevenDays) {
  std::vector<Day> days;
  for (int d = 1; d <= 10; ++d) days.push_back({.day = d * 1.0, .cycle_days = 0, .cycle_lots = 0});
  days[2].cycle_days = 60.0;
  days[2].cycle_lots = 2.0;
  days[4].cycle_days = 10.0;
  days[4].cycle_lots = 1.0;
  const auto line = moving_ratio(days, &Day::cycle_days, &Day::cycle_lots);
  ASSERT_EQ(line.size(), 8U);  // from day 3 on
  EXPECT_EQ(line[0].x, 3.0);
  EXPECT_NEAR(line[0].y, 30.0, 1e-12);
  EXPECT_NEAR(line[2].y, 70.0 / 3.0, 1e-12);
  EXPECT_NEAR(line[7].y, 10.0, 1e-12);  // day 10: days 4 to 10
  const Layout m = sample_layout();
  const Summary s = summarise(m, sample_result(m, 1));
  ASSERT_EQ(s.outs_days.mean.size(), 24U);
  EXPECT_EQ(s.outs_days.mean[0].x, 7.0);
  EXPECT_NEAR(s.outs_days.mean[0].y, 10.0, 1e-12);
}

// One replication alone would be reported as if it were exact.
TEST(ReportSummary, OneReplicationTakesBatchMeans) {
  const Layout m = sample_layout();
  RunResult r = sample_result(m, 1, 60.0);
  for (std::size_t i = 0; i < r.replications[0].days.size(); ++i)
    r.replications[0].days[i].cycle_days += i % 5 == 0 ? 10.0 : 0.0;
  const Summary s = summarise(m, r);
  EXPECT_TRUE(s.within_run);
  EXPECT_GT(s.cycle.half_width, 0.0);
  EXPECT_EQ(s.wip.half_width, 0.0);
}

// A run stopped at once would crash the report.
TEST(ReportSummary, NoReplicationIsNoFault) {
  const Layout m = sample_layout();
  const Summary s = summarise(m, sample_result(m, 0));
  EXPECT_EQ(s.replications, 0U);
  EXPECT_TRUE(s.groups.empty());
}

}  // namespace
}  // namespace twins::fab::report
