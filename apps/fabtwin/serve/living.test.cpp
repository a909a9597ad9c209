// If these failed, a twin that was killed would come back as another, or an event that the plant was
// told is safe would be missing from the fab that the twin believes in.
#include "apps/fabtwin/serve/living.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

#include "apps/fabtwin/serve/rig.hpp"
#include "twin/record/simulated_disk.hpp"
#include "twins/fab/import/read.hpp"

namespace apps::fabtwin::serve {
namespace {

using twin::link::Taken;

constexpr Tick HourMs = 3'600'000, DayMs = 24 * HourMs;

std::shared_ptr<const twins::fab::Layout> example() {
  static const auto layout = twins::fab::compile(twins::fab::import::read("data/example-fab"));
  return layout;
}

RigOptions options(std::uint64_t seed) {
  RigOptions o;
  o.plant.fab.seed = seed;
  o.site.name = "test";
  o.site.record = "record";
  o.site.watermark_ms = 60'000;
  o.site.snapshot_every_ms = 6 * HourMs;
  o.site.stale_after_ms = 10 * 60'000;
  return o;
}

TEST(Living, IsTheFabThatItFollows) {
  twin::record::SimulatedDisk disk(1);
  Rig rig(disk, example(), options(1));
  rig.run_until(3 * DayMs);
  ASSERT_TRUE(rig.settle(4 * DayMs));
  EXPECT_EQ(rig.difference(), "");
  EXPECT_GT(rig.taken(Taken::Accepted), 1'000U);
  EXPECT_EQ(rig.taken(Taken::Quarantined), 0U);
}

TEST(Living, ComesBackAsItWasAfterAKill) {
  twin::record::SimulatedDisk disk(2);
  Rig rig(disk, example(), options(2));
  for (int hour = 5; hour <= 60; hour += 5) {
    rig.run_until(hour * HourMs);
    const auto before = rig.living().belief().live.ledger.entries;
    disk.stop();
    disk.restart();
    rig.kill();
    EXPECT_GE(rig.living().belief().live.ledger.entries, before) << hour;
  }
  ASSERT_TRUE(rig.settle(80 * HourMs));
  EXPECT_EQ(rig.difference(), "");
  EXPECT_GT(rig.living().opening().snapshot, 0U);
}

TEST(Living, ForecastsAndScoresItself) {
  twin::record::SimulatedDisk disk(3);
  RigOptions o = options(3);
  o.forecasts = true;
  o.site.forecast = ForecastSettings{
      .every_ms = 12 * HourMs, .horizons_ms = {DayMs, 3 * DayMs}, .members = 20, .threads = 1};
  Rig rig(disk, example(), std::move(o));
  rig.run_until(6 * DayMs);
  const Picture p = rig.living().picture(rig.plant().now() + rig.living().site().time_zero_ms);
  EXPECT_TRUE(p.forecast);
  EXPECT_FALSE(p.scores.empty());
  EXPECT_GT(p.wip, 0U);
  EXPECT_GT(p.out_week, 0U);
  EXPECT_FALSE(p.stale);
  const std::string metrics =
      rig.living().metrics(rig.plant().now() + rig.living().site().time_zero_ms);
  EXPECT_THAT(metrics, testing::HasSubstr("fabtwin_forecast_coverage{quantity=\""));
}

}  // namespace
}  // namespace apps::fabtwin::serve
