// If these failed, a record that leads to another fab than the plant's would be called exact.
#include "apps/fabtwin/record/audit.hpp"

#include <gtest/gtest.h>

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
