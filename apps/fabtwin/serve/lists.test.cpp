// If these failed, a screen would show another fab than the mirror has, or lose lots on the way.
#include "apps/fabtwin/serve/lists.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "apps/fabtwin/serve/duration.hpp"
#include "apps/fabtwin/serve/rig_example.hpp"
#include "twin/record/simulated_disk.hpp"

namespace apps::fabtwin::serve {
namespace {

using nlohmann::json;

TEST(Lists, AreTheFabThatTheMirrorHas) {
  twin::record::SimulatedDisk disk(1);
  RigOptions o = example_rig(1);
  o.forecasts = true;
  o.site.forecast =
      ForecastSettings{.every_ms = DayMs, .horizons_ms = {2 * DayMs}, .members = 6, .threads = 1};
  Rig rig(disk, example_fab(), o);
  rig.run_until(10 * DayMs);
  Living& living = rig.living();
  const Tick now = rig.plant().now() + living.site().time_zero_ms;
  const auto x = living.believed(now).x;

  const json lots = json::parse(lots_json(living, now));
  EXPECT_EQ(lots["lots"].size(), x.wip);
  std::size_t told = 0, queued = 0;
  for (const json& lot : lots["lots"]) {
    told += lot.contains("done_hours") ? 1U : 0U;
    queued += lot["place"] == "queued" ? 1U : 0U;
    EXPECT_LE(lot["release_ms"].get<Tick>(), now);
  }
  EXPECT_GT(told, lots["lots"].size() / 2);

  const json groups = json::parse(groups_json(living, now));
  ASSERT_EQ(groups["groups"].size(), living.fab().layout().groups.size());
  std::size_t tools = 0, waiting = 0;
  for (const json& group : groups["groups"]) {
    tools += group["tools"].get<std::size_t>();
    const auto one = group_json(living, group["name"].get<std::string>(), now);
    ASSERT_TRUE(one);
    const json detail = json::parse(*one);
    EXPECT_EQ(detail["tools_now"].size(), group["tools"]);
    EXPECT_LE(group["able"], group["tools"]);
    EXPECT_EQ(detail["queue_now"].size(), group["queue"]);
    waiting += detail["queue_now"].size();
  }
  EXPECT_EQ(tools, living.fab().layout().tools());
  EXPECT_EQ(waiting, queued);
  EXPECT_FALSE(group_json(living, "no such group", now));
}

}  // namespace
}  // namespace apps::fabtwin::serve
