// If these failed, a record that leads to another fab than the plant's would be called exact.
#include "apps/fabtwin/record/audit.hpp"

#include <gtest/gtest.h>

#include "twins/fab/live/dialect.hpp"

namespace apps::fabtwin {
namespace {

twins::fab::View two_lots() {
  twins::fab::View view;
  view.wip = 2;
  view.groups.resize(1);
  view.groups[0].queue = {{.line = 0, .lot = 0, .step = 3}};
  view.tools.resize(1);
  twins::fab::JobView job;
  job.start = 77;
  job.lots = {1};
  view.tools[0].jobs = {job};
  view.lots.resize(2);
  view.lots[0].id = 0;
  view.lots[0].since = 5;
  view.lots[1].id = 1;
  return view;
}

TEST(AuditRecord, NumbersLotsAsThePlantDoes) {
  twins::fab::live::Dialect dialect;
  EXPECT_EQ(dialect.number_lot("L9"), 0U);
  EXPECT_EQ(dialect.number_lot("L4"), 1U);
  const auto view = in_plant_numbers(two_lots(), dialect);
  EXPECT_EQ(view.groups[0].queue[0].lot, 9U);
  EXPECT_EQ(view.tools[0].jobs[0].lots[0], 4U);
  ASSERT_EQ(view.lots.size(), 2U);
  EXPECT_EQ(view.lots[0].id, 4U);  // by number
  EXPECT_EQ(view.lots[1].id, 9U);
}

TEST(AuditRecord, LeavesTimesAloneOutOfPlaces) {
  auto later = two_lots();
  later.lots[0].since = 500;
  later.tools[0].jobs[0].start = 78;
  EXPECT_NE(later, two_lots());
  EXPECT_EQ(without_times(later), without_times(two_lots()));
  later.lots[0].step = 9;
  EXPECT_NE(without_times(later), without_times(two_lots()));
}

}  // namespace
}  // namespace apps::fabtwin
