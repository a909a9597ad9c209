// If these failed, the map of the fab would show tools that are not there, or lots that come from nowhere.
#include "apps/fabtwin/serve/fab_json.hpp"

#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "apps/fabtwin/serve/rig_example.hpp"

namespace apps::fabtwin::serve {
namespace {

using nlohmann::json;

TEST(FabJson, HasEveryToolOnceAndLosesNoLot) {
  const json fab = json::parse(fab_json(*example_fab(), "test"));
  EXPECT_EQ(fab["site"], "test");
  std::set<std::string> tools;
  for (const json& group : fab["groups"]) {
    EXPECT_LT(group["area"].get<std::size_t>(), fab["areas"].size());
    for (const json& tool : group["tools"])
      EXPECT_TRUE(tools.insert(tool.get<std::string>()).second) << tool;
  }
  EXPECT_EQ(tools.size(), example_fab()->tools());
  std::set<std::size_t> placed;
  for (const json& area : fab["areas"])
    for (const json& group : area["groups"])
      EXPECT_TRUE(placed.insert(group.get<std::size_t>()).second);
  EXPECT_EQ(placed.size(), fab["groups"].size());
  // What flows into an area flows out of it, and what is started comes out.
  std::map<int, double> balance;
  double started = 0.0, in = 0.0;
  for (const json& flow : fab["flows"]) {
    EXPECT_NE(flow["from"], flow["to"]);
    balance[flow["from"]] -= flow["lots_per_day"].get<double>();
    balance[flow["to"]] += flow["lots_per_day"].get<double>();
    if (flow["from"] == -1) in += flow["lots_per_day"].get<double>();
  }
  for (const auto& [area, rest] : balance) EXPECT_NEAR(rest, 0.0, 1e-3) << area;
  for (const json& product : fab["products"]) {
    EXPECT_GT(product["steps"], 100);
    started += product["starts_per_day"].get<double>();
  }
  EXPECT_GT(started, 20.0);
  EXPECT_NEAR(in, started, 1e-3);
  EXPECT_NE(std::find(fab["rules"].begin(), fab["rules"].end(), "fifo"), fab["rules"].end());
}

}  // namespace
}  // namespace apps::fabtwin::serve
