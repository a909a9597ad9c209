// If this failed, a forecast would depend on how many threads made it, would know what it cannot know, or would not be
// what its members came to.
#include "twins/fab/forecast/ahead.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "twin/contract/refusal.hpp"
#include "twin/core/archive.hpp"
#include "twins/fab/ahead.hpp"
#include "twins/fab/floor.hpp"
#include "twins/fab/lively_fab.hpp"
#include "twins/fab/mirror.hpp"

namespace twins::fab::forecast {
namespace {

constexpr Tick AheadHour = 3'600'000, AheadDay = 24 * AheadHour;

struct Scene {
  std::shared_ptr<const Layout> layout = lively_fab();
  std::unique_ptr<AnyFab> fab = make_fab(layout, "fifo");
  std::vector<double> theta = layout->nominal_theta();
  State truth = fab->initial(theta, {5, 0});
  State seen;  // as the mirror has it

  explicit Scene(Tick at = 5 * AheadDay) {
    fab->advance(truth, theta, at, {5, 0});
    seen = Mirror(*fab).follow(truth);
  }
  [[nodiscard]] Asked asked(std::uint32_t members = 40, std::uint32_t hours = 48) const {
    return {seen.now, {members, hours, 2}, 9, 1};
  }
};

TEST(ForecastAhead, IsTheSameForAnyNumberOfThreads) {
  const Scene s;
  Asked asked = s.asked();
  const Ahead one = ahead(*s.fab, s.seen, {}, asked);
  for (const unsigned threads : {2U, 3U, 4U, 7U, 8U, 16U}) {
    asked.threads = threads;
    const Ahead more = ahead(*s.fab, s.seen, {}, asked);
    EXPECT_EQ(more.forecast, one.forecast) << threads;
    EXPECT_EQ(more.members, one.members) << threads;
  }
  asked.seed = 10;
  EXPECT_NE(ahead(*s.fab, s.seen, {}, asked).forecast, one.forecast);
}

// A slow and obvious forecast: each member run by hand, read at its end and at the horizon's scored moment.
TEST(ForecastAhead, TellsWhatItsMembersCameTo) {
  const Scene s;
  const Asked asked = s.asked(30, 30);
  const Ahead told = ahead(*s.fab, s.seen, {}, asked);
  ASSERT_EQ(told.members.moments.size(), 1U);
  ASSERT_EQ(told.forecast.lots.size(), s.seen.wip);
  std::vector<float> wip_end;
  for (std::uint32_t k = 0; k < 30; ++k) {
    const twin::core::Draw draw{asked.seed, k};
    State x = with_future(*s.fab, s.seen, s.theta, draw);
    s.fab->advance(x, s.theta, asked.now + AheadDay, draw);
    Count at;
    count(*s.layout, x, at);
    for (std::size_t g = 0; g < s.layout->groups.size(); ++g)
      EXPECT_EQ(told.members.moments[0].wip[g * 30 + k], static_cast<float>(at.wip[g]));
    for (std::size_t l = 0; l < told.members.lots.size(); ++l) {
      const bool gone = find_lot(x, told.members.lots[l]) == None;
      EXPECT_EQ(gone, told.members.done_hours[l * 30 + k] <= 24.0F) << l << ' ' << k;
    }
    s.fab->advance(x, s.theta, asked.now + 30 * AheadHour, draw);
    wip_end.push_back(static_cast<float>(x.wip));
  }
  std::sort(wip_end.begin(), wip_end.end());
  EXPECT_EQ(told.forecast.wip.back(), quantiles_of_sorted(wip_end));
  EXPECT_EQ(told.forecast.wip.size(), 31U);
  EXPECT_EQ(told.forecast.out.size(), 2U);
}

// Wrong: the uncalibrated simulator would be another one when it is run beside a forecast than by itself.
TEST(ForecastAhead, RunsTheDataSetsOwnThetaBesideIt) {
  const Scene s;
  Asked asked = s.asked(10);
  const Ahead alone = ahead(*s.fab, s.seen, {}, asked);
  EXPECT_EQ(alone.compared(), nullptr);
  asked.budget.members = 20;
  asked.nominal_members = 10;
  const Ahead both = ahead(*s.fab, s.seen, {}, asked);
  ASSERT_NE(both.compared(), nullptr);
  EXPECT_EQ(*both.compared(), alone.members);
}

// A forecast from old data that is as sure as one from fresh data (P7; fault test 15). The fab stood at 4 and 5 days;
// both are asked at 5 days.
TEST(ForecastAhead, IsLessSureTheOlderItsDataAre) {
  const Scene old(4 * AheadDay), fresh(5 * AheadDay);
  Asked asked = fresh.asked();
  const auto width = [](const std::vector<Quantiles>& q, std::size_t hour) {
    return q[hour].back() - q[hour].front();
  };
  const Forecast now = ahead(*fresh.fab, fresh.seen, {}, asked).forecast;
  const Forecast late = ahead(*old.fab, old.seen, {}, asked).forecast;
  EXPECT_EQ(now.stale(), 0);
  EXPECT_EQ(late.stale(), AheadDay);
  EXPECT_EQ(width(now.wip, 0), 0.0F);  // what is known is known
  EXPECT_GT(width(late.wip, 0), 0.0F);
  float of_now = 0.0F, of_late = 0.0F;
  for (std::size_t hour = 0; hour < 24; ++hour) {
    of_now += width(now.wip, hour);
    of_late += width(late.wip, hour);
  }
  EXPECT_GT(of_late, of_now);
}

}  // namespace
}  // namespace twins::fab::forecast
