#include "apps/fabtwin/json.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "apps/fabtwin/execute.hpp"

namespace apps::fabtwin {
namespace {

Json a_result(std::uint32_t replications, std::uint32_t threads) {
  RunFlags flags;
  flags.path = "data/minifab";
  flags.run.days = 50.0;
  flags.run.replications = replications;
  flags.run.threads = threads;
  flags.set = {"transport=2"};
  const Prepared p = prepare(read_fab(flags.path), flags);
  const Executed run = execute(p, {});
  return json_result({*p.layout, p.theta, run.result, run.effort});
}

// A program would not find a figure, or not know its unit.
TEST(JsonResult, HoldsEverythingWithItsUnit) {
  const Json json = Json::parse(a_result(2, 1).dump());
  EXPECT_EQ(json["schema"], "fabtwin.simulate");
  EXPECT_EQ(json["schema_version"], SchemaVersion);
  EXPECT_EQ(json["run"]["theta"]["transport"], 2.0);
  EXPECT_EQ(json["run"]["theta"].size(), 1U);
  ASSERT_EQ(json["replications"].size(), 2U);
  const Json& first = json["replications"][0];
  EXPECT_EQ(first["days"]["wip"].size(), 50U);
  EXPECT_EQ(json["mean"]["groups"].size(), json["data_set"]["tool_groups"].get<std::size_t>());
  for (const auto& [name, value] : first["groups"][0].items())
    EXPECT_TRUE(name == "name" || name == "area" || name == "tools" ||
                json["units"]["groups"].contains(name))
        << name;
  const double mean = json["mean"]["fab"]["wip"]["mean"];
  EXPECT_DOUBLE_EQ(mean, (first["fab"]["wip"].get<double>() +
                          json["replications"][1]["fab"]["wip"].get<double>()) /
                             2.0);
}

// The same run would have another result on another machine.
TEST(JsonResult, TellsTheMachineApartFromTheResult) {
  Json one = a_result(3, 1), two = a_result(3, 2);
  EXPECT_NE(one["timing"], two["timing"]);
  one.erase("timing");
  two.erase("timing");
  EXPECT_EQ(one.dump(), two.dump());
}

// An interval of one value would be zero wide.
TEST(JsonResult, HasNoIntervalOfOneValue) {
  EXPECT_TRUE(
      json_estimate({.mean = 1.0, .half_width = 0.0, .sd = 0.0, .n = 1})["half_width"].is_null());
  EXPECT_TRUE(json_estimate({})["mean"].is_null());
  EXPECT_EQ(a_result(1, 1)["within_run"]["method"], "batch means");
}

}  // namespace
}  // namespace apps::fabtwin
