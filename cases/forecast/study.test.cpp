// The forecasts' experiment on the example fab: what the long case asks of SMT2020, scaled down.
#include "cases/forecast/study.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "twins/fab/import/read.hpp"

namespace cases {
namespace {

using namespace twins::fab::forecast;

ForecastStudyOptions small() {
  ForecastStudyOptions o;
  o.learn_days = 10.0, o.train_days = 4.0, o.held_days = 8.0;
  o.every_days = 1.0, o.learn_every_days = 2.0;
  o.horizon_hours = 24;
  o.members = 30, o.nominal_members = 15;
  return o;
}

// Wrong: forecasts of a fab with hidden numbers would not hold what they say, or would be no better than a simulator
// that has learnt nothing. Bounds by the windows themselves, five standard errors wide.
TEST(ForecastStudy, TheExampleFabIsForecastAsWellAsItIsSaid) {
  const auto layout = twins::fab::compile(twins::fab::import::read("data/example-fab"));
  std::vector<ForecastStudy> studies;
  for (std::uint32_t seed = 1; seed <= 3; ++seed) {
    studies.push_back(forecast_study(layout, seed, small()));
    EXPECT_EQ(studies.back().refused_events, 0U);
    EXPECT_TRUE(studies.back().alarms.empty()) << seed;
  }
  const auto counts = [](const ForecastStudy& s, const Window& w) {
    return w.quantity == Quantity::Moves && w.now >= s.held_from;
  };
  const Share held = share_of(
      clusters(
          studies, counts,
          [](const Window& w) {
            return Cluster{static_cast<double>(w.n), static_cast<double>(w.recalibrated[Ninety])};
          }),
      1);
  EXPECT_GT(held.n, 100.0);
  EXPECT_NEAR(held.share, 0.9, 0.04 + 5.0 * std::sqrt(0.09 / held.effective));
  const MeanOf better =
      mean_of(clusters(studies, counts,
                       [](const Window& w) {
                         return Cluster{static_cast<double>(w.compared[2]), w.ours[2] - w.crps[2]};
                       }),
              1);
  EXPECT_LT(better.mean, 0.0);
}

// Wrong: a plant with people and hot lots in it could not be followed or forecast. The share is that of all
// windows, the
// bound five standard errors wide beside 5 % that the disturbances may cost.
TEST(ForecastStudy, APlantWithDisturbancesIsFollowedAndForecast) {
  const auto layout = twins::fab::compile(twins::fab::import::read("data/example-fab"));
  ForecastStudyOptions o = small();
  o.nominal_members = 0;
  o.disturbances = true;
  std::vector<ForecastStudy> studies;
  for (std::uint32_t seed = 1; seed <= 3; ++seed) {
    const apps::plant::Scenario s = disturbed(*layout, seed, o);
    ASSERT_EQ(s.hot_lots.size() + s.operators.size() + s.repairs.size() + s.slow_tools.size(), 4U);
    EXPECT_GE(s.slow_tools[0].from, static_cast<twins::fab::Tick>(14.0 * twins::fab::DayMs));
    studies.push_back(forecast_study(layout, seed, o));
    EXPECT_EQ(studies.back().refused_events, 0U);
  }
  const Share held = share_of(
      clusters(
          studies, [](const ForecastStudy& s, const Window& w) { return w.now >= s.held_from; },
          [](const Window& w) {
            return Cluster{static_cast<double>(w.n), static_cast<double>(w.recalibrated[Ninety])};
          }),
      1);
  EXPECT_GT(held.n, 200.0);
  EXPECT_NEAR(held.share, 0.9, 0.05 + 5.0 * std::sqrt(0.09 / held.effective));
}

// Wrong: a tool that has gone bad would not be named within a day.
TEST(ForecastStudy, ASlowerToolIsFound) {
  const auto layout = twins::fab::compile(twins::fab::import::read("data/example-fab"));
  ForecastStudyOptions o = small();
  o.nominal_members = 0;
  o.members = 10;
  o.slow_tool = 1.3;
  o.change_day = 12.3;
  const ForecastStudy s = forecast_study(layout, 1, o);
  ASSERT_FALSE(s.alarms.empty());
  EXPECT_EQ(s.alarms.front().tool, s.changed_tool);
  EXPECT_GT(s.alarms.front().raised, static_cast<twins::fab::Tick>(12.3 * twins::fab::DayMs));
  EXPECT_LT(s.alarms.front().raised, static_cast<twins::fab::Tick>(13.3 * twins::fab::DayMs));
}

}  // namespace
}  // namespace cases
