// If these failed, a screen would show another forecast than the twin made, or hold the wrong one against what came.
#include "apps/fabtwin/serve/forecast_parts.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "apps/fabtwin/serve/duration.hpp"
#include "apps/fabtwin/serve/rig_example.hpp"
#include "twin/record/scratch_folder.hpp"
#include "twin/record/simulated_disk.hpp"

namespace apps::fabtwin::serve {
namespace {

using nlohmann::json;
namespace forecast = twins::fab::forecast;

RigOptions forecasting() {
  RigOptions o = example_rig(1);
  o.forecasts = true;
  o.site.forecast = ForecastSettings{
      .every_ms = 6 * HourMs, .horizons_ms = {DayMs, 3 * DayMs}, .members = 8, .threads = 2};
  return o;
}

TEST(ForecastParts, AreTheForecast) {
  twin::record::SimulatedDisk disk(1);
  Rig rig(disk, example_fab(), forecasting());
  EXPECT_FALSE(forecast_part(rig.living(), "fab")) << "there is none yet";
  rig.run_until(3 * DayMs);
  Living& living = rig.living();
  const auto& f = *living.forecast();
  const json fab = json::parse(*forecast_part(living, "fab"));
  EXPECT_EQ(fab["id"], living.forecast_name(f.now));
  EXPECT_EQ(fab["now_ms"], f.now + living.site().time_zero_ms);
  ASSERT_EQ(fab["wip"].size(), 73U) << "each hour of three days, and now";
  ASSERT_EQ(fab["wip"][24].size(), forecast::Levels.size());
  EXPECT_NEAR(fab["wip"][24][4].get<double>(), static_cast<double>(f.wip[24][forecast::Median]),
              1e-3);
  EXPECT_EQ(fab["out"].size(), f.out.size());
  const std::string name = example_fab()->description.tool_groups[1].name;
  const json group = json::parse(*forecast_part(living, name));
  EXPECT_EQ(group["of"], name);
  EXPECT_EQ(group["queue"].size(), f.groups[1].queue.size());
  EXPECT_FALSE(forecast_part(living, "no such group"));

  const Tick now = rig.plant().now() + living.site().time_zero_ms;
  const json scores = json::parse(scores_json(living, now));
  const Picture p = living.picture(now);
  ASSERT_EQ(scores["rows"].size(), p.scores.size());
  ASSERT_FALSE(scores["days"].empty());
  std::map<std::string, std::uint64_t> of_days;  // scores
  for (const json& day : scores["days"]) {
    EXPECT_LE(day["held90"], day["n"]);
    EXPECT_GE(day["crps"].get<double>(), 0.0);
    of_days[day["quantity"].get<std::string>()] += day["n"].get<std::uint64_t>();
  }
  for (const ScoreRow& row : p.scores) EXPECT_GT(of_days[row.quantity], 0U) << row.quantity;
}

TEST(ForecastParts, AreKeptForTheMomentThatTheySpeakOf) {
  twin::record::SimulatedDisk disk(2);
  const twin::record::ScratchFolder scratch("ahead");
  Rig rig(disk, example_fab(), forecasting());
  rig.run_until(DayMs);
  Living& living = rig.living();
  Stores stores(disk,
                {.record = "record",
                 .place = {.file = scratch.file("record.sqlite")},
                 .entries = living.journal().durable()},
                living.door().names());
  const auto& f = *living.forecast();
  const Tick zero = living.site().time_zero_ms;
  keep_ahead(stores, f, zero);
  for (const auto& [level, k] :
       {std::pair{"p05", 1U}, std::pair{"p50", 4U}, std::pair{"p95", 7U}}) {
    const auto signal = stores.historian().find(std::string("ahead/1d/fab/wip/") + level);
    ASSERT_TRUE(signal) << level;
    const auto points = stores.historian().points(*signal, 0, twin::core::Never);
    ASSERT_EQ(points.size(), 1U);
    EXPECT_EQ(points[0].at, f.now + DayMs + zero) << "not when it was said";
    EXPECT_NEAR(points[0].value, static_cast<double>(f.wip[24][k]), 1e-3);
    EXPECT_TRUE(stores.historian().find(std::string("ahead/1d/fab/out_day/") + level));
  }
}

}  // namespace
}  // namespace apps::fabtwin::serve
