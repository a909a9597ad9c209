// Reference 2.16: maintenance by the calendar and by wafers, staggered over a group's tools.
#include <gmock/gmock.h>

#include <algorithm>

#include "twins/fab/semantics/tiny_fab.hpp"

namespace twins::fab::semantics {
namespace {

using testing::ElementsAre;

Maintenance by_calendar(const char* name, double first, double interval, double length) {  // [min]
  return {name, Maintenance::Trigger::Calendar, interval * MinuteMs, first * MinuteMs,
          minutes(length)};
}
Maintenance by_wafers(double first, double interval, double length) {
  return {"W", Maintenance::Trigger::Wafers, interval, first, minutes(length)};
}

// Wrong: a whole group would be down at once. FOA 40, 4 tools: at 10, 20, 30, 40; from start to
// start 100, whatever the maintenance lasts.
TEST(Maintenance, FirstOfTheKthOfNToolsIsAtFoaTimesKOverN) {
  TinyFab fab;
  const auto a = fab.add_group("A", 4);
  fab.add_route({step_at(a, 1)});
  fab.group(a).maintenances = {by_calendar("PM", 40, 100, 5)};
  EXPECT_THAT(Shift(fab).to(125).lines_of("pm"),
              ElementsAre("10 pm PM A#1", "20 pm PM A#2", "30 pm PM A#3", "40 pm PM A#4",
                          "110 pm PM A#1", "120 pm PM A#2"));
}

// Wrong: maintenance by wafers would count lots, or be due too early or late. Lots of 25 wafers, 10
// min each: first after 100 wafers (at 40), then after 50 more: 45 + 20, 70 + 20.
TEST(Maintenance, ByWafersCountsFromItsLastMark) {
  TinyFab fab;
  const auto a = fab.add_group("A");
  fab.group(a).maintenances = {by_wafers(100, 50, 5)};
  const auto p = fab.add_route({step_at(a, 10)});
  for (int i = 0; i < 9; ++i) fab.add_lot(p);
  EXPECT_THAT(Shift(fab).to(200).times_of("pm"), ElementsAre(40.0, 65.0, 90.0));
}

// Wrong: wafers past the mark would be lost, and maintenance by wafers come too seldom. A mark every
// 30 wafers, lots of 25 in 10 min, 5 min each: 50 at 20 (20 past it), 45 at 35 (15 past), 40 at 50
// (10), 35 at 65 (5), 30 at 80 (0), 50 at 105.
TEST(Maintenance, WafersPastTheMarkCountTowardsTheNext) {
  TinyFab fab;
  const auto a = fab.add_group("A");
  fab.group(a).maintenances = {by_wafers(30, 30, 5)};
  const auto p = fab.add_route({step_at(a, 10)});
  for (int i = 0; i < 8; ++i) fab.add_lot(p);
  EXPECT_THAT(Shift(fab).to(200).times_of("pm"), ElementsAre(20.0, 35.0, 50.0, 65.0, 80.0, 105.0));
}

// Wrong: counters would not be staggered. FOA 100 wafers, two tools: 50 on the first, 100 on the
// second; each does a lot in 10 min.
TEST(Maintenance, ByWafersIsStaggeredToo) {
  TinyFab fab;
  const auto a = fab.add_group("A", 2);
  fab.group(a).maintenances = {by_wafers(100, 1000, 5)};
  const auto p = fab.add_route({step_at(a, 10)});
  for (int i = 0; i < 12; ++i) fab.add_lot(p);
  EXPECT_THAT(Shift(fab).to(200).lines_of("pm"), ElementsAre("20 pm W A#1", "40 pm W A#2"));
}

// Wrong: maintenance would break into a job, or a new job would delay it. Due at 15: job 1 ends at
// 20, maintenance 20-25, job 2 from 25. The next one is due at 115, 100 after it was due.
TEST(Maintenance, RunningJobsEndAndNoNewOneStarts) {
  TinyFab fab;
  const auto a = fab.add_group("A");
  fab.group(a).maintenances = {by_calendar("PM", 15, 100, 5)};
  const auto p = fab.add_route({step_at(a, 10)});
  for (int i = 0; i < 3; ++i) fab.add_lot(p);
  EXPECT_THAT(Shift(fab).to(116).lines_of("start pm pm-end"),
              ElementsAre("0 start 0 A#1", "10 start 1 A#1", "20 pm PM A#1", "25 pm-end A#1",
                          "25 start 2 A#1", "115 pm PM A#1"));
}

// Wrong: it would begin while a second job is still in a cascading tool. Jobs end at 10 and 17.
TEST(Maintenance, WaitsForBothJobsOfACascadingTool) {
  TinyFab fab;
  const auto a = fab.add_group("A");
  fab.group(a).job_slots = 2;
  fab.group(a).maintenances = {by_calendar("PM", 5, 1000, 5)};
  Step step = step_at(a, 10);
  step.cascade_interval_ms = 7 * MinuteMs;
  const auto p = fab.add_route({step});
  for (int i = 0; i < 3; ++i) fab.add_lot(p);
  EXPECT_THAT(Shift(fab).to(100).lines_of("start pm"),
              ElementsAre("0 start 0 A#1", "0 start 1 A#1", "17 pm PM A#1", "22 start 2 A#1"));
}

// Wrong: two due at once would be one, or run side by side. 20-25 and 25-32, in the file's order.
TEST(Maintenance, SeveralDueRunOneAfterTheOther) {
  TinyFab fab;
  const auto a = fab.add_group("A");
  fab.group(a).maintenances = {by_calendar("MN", 20, 1000, 5), by_calendar("QT", 20, 1000, 7)};
  fab.add_lot(fab.add_route({step_at(a, 10)}), {.at = 22});
  const Shift shift = Shift(fab).to(100);
  EXPECT_THAT(shift.lines_of("start pm pm-end"),
              ElementsAre("20 pm MN A#1", "25 pm-end A#1", "25 pm QT A#1", "32 pm-end A#1",
                          "32 start 0 A#1"));
  EXPECT_EQ(shift.minutes_in(0, ToolTime::Pm), 12.0);
}

// Wrong: what was asked for first would be done last. QT is due at 12, MN at 15, both in the job
// that ends at 20.
TEST(Maintenance, SeveralDueKeepTheOrderOfAsking) {
  TinyFab fab;
  const auto a = fab.add_group("A");
  fab.group(a).maintenances = {by_calendar("MN", 15, 1000, 5), by_calendar("QT", 12, 1000, 7)};
  fab.add_lot(fab.add_route({step_at(a, 20)}));
  EXPECT_THAT(Shift(fab).to(100).lines_of("pm"), ElementsAre("20 pm QT A#1", "27 pm MN A#1"));
}

// Wrong: maintenance of 10 +- 2 h would always last 10 h, or leave that range. 400 draws: all within
// U[8, 12]; each tenth at an end is missed with probability 0.95^400 = 1e-9.
TEST(Maintenance, LastsAsItsLawSays) {
  SCOPED_TRACE("seed 1");
  TinyFab fab;
  const auto a = fab.add_group("A");
  fab.add_route({step_at(a, 1)});
  fab.group(a).maintenances = {by_calendar("PM", 100, 100, 0)};
  fab.group(a).maintenances[0].duration = uniform(10, 2);
  const Shift shift = Shift(fab).to(40'050);
  const auto begins = shift.times_of("pm"), ends = shift.times_of("pm-end");
  ASSERT_EQ(ends.size(), 400U);
  std::vector<double> lengths;
  for (std::size_t i = 0; i < ends.size(); ++i) lengths.push_back(ends[i] - begins[i]);
  EXPECT_GE(*std::min_element(lengths.begin(), lengths.end()), 8.0 - 1e-4);
  EXPECT_LE(*std::min_element(lengths.begin(), lengths.end()), 8.2);
  EXPECT_LE(*std::max_element(lengths.begin(), lengths.end()), 12.0 + 1e-4);
  EXPECT_GE(*std::max_element(lengths.begin(), lengths.end()), 11.8);
}

// Wrong: maintenance could not be left out.
TEST(Maintenance, CanBeTurnedOff) {
  TinyFab fab;
  const auto a = fab.add_group("A");
  fab.add_route({step_at(a, 1)});
  fab.group(a).maintenances = {by_calendar("PM", 15, 100, 5)};
  fab.options.maintenance = false;
  EXPECT_TRUE(Shift(fab).to(1000).lines_of("pm").empty());
}

}  // namespace
}  // namespace twins::fab::semantics
