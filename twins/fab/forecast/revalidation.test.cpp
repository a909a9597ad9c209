// If this failed, a plant that has changed would be found and nobody told.
#include "twins/fab/forecast/revalidation.hpp"

#include <gtest/gtest.h>

#include "twins/fab/lively_fab.hpp"

namespace twins::fab::forecast {
namespace {

TEST(Revalidation, NamesTheToolOnceAndOnlyWhenItHasChanged) {
  const auto layout = lively_fab();
  ToolWatch tools(*layout);
  std::vector<calibrate::Posterior> known(layout->theta_map.size());
  for (calibrate::Posterior& p : known) p.seen = 100, p.quantiles.fill(1.0);
  tools.learn(*layout, known);
  const Ledger ledger;
  constexpr Tick Hour = 3'600'000;
  for (Tick hour = 0; hour < 8; ++hour) {
    EXPECT_TRUE(revalidation_due(*layout, ledger, tools, 0, hour * Hour).empty()) << hour;
    (void)tools.saw(*layout, {2, 0, hour * Hour, hour < 6 ? 1e6 : 1.3e6, {1e6, 5e4}});
  }
  ASSERT_EQ(tools.alarms().size(), 1U);
  const auto notes = revalidation_due(*layout, ledger, tools, 0, 10 * Hour);
  ASSERT_EQ(notes.size(), 1U);
  EXPECT_EQ(notes[0].kind, "alarm");
  EXPECT_EQ(notes[0].at, 10 * Hour);
  EXPECT_EQ(notes[0].text, "re-validation due: process times of " + layout->tool_name(2) +
                               " are 1.30 times its group's, were 1.00; began 4.0 hours ago, found "
                               "82 minutes later");  // two jobs: an hour and 1.3e6 ms
  EXPECT_TRUE(revalidation_due(*layout, ledger, tools, 1, 10 * Hour).empty());
}

}  // namespace
}  // namespace twins::fab::forecast
