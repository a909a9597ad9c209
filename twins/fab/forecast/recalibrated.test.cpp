// If this failed, people would be shown other intervals than the ledger holds to be right.
#include "twins/fab/forecast/recalibrated.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace twins::fab::forecast {
namespace {

Recalibration learnt() {
  Recalibration r;
  for (int n = 0; n < 3; ++n) r.learn({0.3, 0.12, 0.06, 0.03}, {0.3, 0.15, 0.09, 0.06}, 0.3, 1.0);
  return r;
}

// Of the quantiles as of the members, as long as factors do not cross: 399 of them stand at the levels themselves.
TEST(Recalibrated, MovesQuantilesAsMembersAreMoved) {
  std::vector<float> members(399);
  for (std::size_t i = 0; i < members.size(); ++i) members[i] = static_cast<float>(i) / 10.0F;
  const Quantiles before = quantiles_of_sorted(members);
  learnt().apply(members);
  const Quantiles after = recalibrated(before, learnt());
  EXPECT_TRUE(std::is_sorted(after.begin(), after.end()));
  for (std::size_t i = 0; i < Levels.size(); ++i)
    EXPECT_NEAR(after[i], quantile_of_sorted(members, Levels[i]), 1e-3) << Levels[i];
  EXPECT_EQ(recalibrated(before, Recalibration{}), before);
}

TEST(Recalibrated, LeavesWhatIsBeyondAndWhatIsNotScored) {
  Quantiles q{1, 2, 3, 4, 5, 6, 7, Beyond, Beyond};
  const Quantiles moved = recalibrated(q, learnt());
  EXPECT_EQ(moved[7], Beyond);
  EXPECT_LT(moved[6], Beyond);
  EXPECT_GT(moved[6], 7.0F);
  q.fill(Beyond);
  EXPECT_EQ(recalibrated(q, learnt()), q);
  Forecast f;
  f.groups.resize(1);
  f.groups[0].queue = {Quantiles{1, 2, 3, 4, 5, 6, 7, 8, 9}};
  f.wip = f.groups[0].queue;
  EXPECT_EQ(recalibrated(f, Ledger{}), f);
}

}  // namespace
}  // namespace twins::fab::forecast
