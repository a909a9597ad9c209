// If this failed, reality and forecasts would be counted by different rules.
#include "twins/fab/forecast/count.hpp"

#include <gtest/gtest.h>

#include <numeric>

#include "twins/fab/any_fab.hpp"
#include "twins/fab/lively_fab.hpp"
#include "twins/fab/mirror.hpp"

namespace twins::fab::forecast {
namespace {

// Wrong: a lot would stand nowhere or twice, or a mirror would be counted unlike the fab that it mirrors.
TEST(ForecastCount, HoldsEachLotOnceAndAMirrorIsCountedAsItsFab) {
  const auto layout = lively_fab();
  const auto fab = make_fab(layout, "fifo");
  const auto theta = layout->nominal_theta();
  State x = fab->initial(theta, {3, 0});
  Count before, now, mirrored;
  count(*layout, x, before);
  fab->advance(x, theta, 4 * 86'400'000, {3, 0});
  count(*layout, x, now);
  EXPECT_EQ(now.at, x.now);
  EXPECT_EQ(std::accumulate(now.wip.begin(), now.wip.end(), 0U), x.wip);
  const auto sum = [](const auto& v) {
    return std::accumulate(v.begin(), v.end(), std::uint64_t{0});
  };
  EXPECT_GT(sum(now.out), sum(before.out));
  EXPECT_EQ(
      sum(now.starts) - sum(before.starts) - (sum(now.out) - sum(before.out)) + sum(before.wip),
      x.wip);
  std::uint32_t of_areas = 0;
  for (std::uint32_t a = 0; a < layout->areas.size(); ++a) of_areas += wip_of_area(*layout, now, a);
  EXPECT_EQ(of_areas, x.wip);
  for (std::size_t g = 0; g < layout->groups.size(); ++g) {
    EXPECT_LE(now.queue[g], now.wip[g]);
    EXPECT_LE(now.able[g], layout->groups[g].tools);
  }
  count(*layout, Mirror(*fab).follow(x), mirrored);
  EXPECT_EQ(mirrored, now);
}

}  // namespace
}  // namespace twins::fab::forecast
