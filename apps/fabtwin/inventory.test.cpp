#include "apps/fabtwin/inventory.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "apps/fabtwin/run_flags.hpp"

namespace apps::fabtwin {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// A user would look for the bottleneck in the wrong place, or miss a warning.
TEST(Inventory, NamesTheBottleneckFirst) {
  auto fab = read_fab("data/minifab");
  const Json json = inventory_json(fab);
  const std::string text = inventory(fab, 1);
  EXPECT_THAT(text, HasSubstr(json["groups"][0]["name"].get<std::string>()));
  EXPECT_THAT(text, Not(HasSubstr(json["groups"].back()["name"].get<std::string>())));
  for (std::size_t i = 1; i < json["groups"].size(); ++i)
    EXPECT_GE(json["groups"][i - 1]["load"], json["groups"][i]["load"]);
  fab.warnings = {"order.txt:2: odd"};
  EXPECT_THAT(inventory(fab, 1), HasSubstr("1 warnings:\n  order.txt:2: odd\n"));
}

// The sizes would not be those of the files: the mini-fab has 3 machine groups with 5 machines and
// three routes (Kempf, "Intel five-machine six-step mini-fab description", 1994).
TEST(Inventory, CountsWhatTheFilesHold) {
  const auto fab = read_fab("data/minifab");
  std::size_t tools = 0;
  for (const auto& g : fab.tool_groups) tools += g.tools;
  const Json json = inventory_json(fab);
  EXPECT_EQ(json["data_set"]["tools"], tools);
  EXPECT_EQ(json["data_set"]["tool_groups"], fab.tool_groups.size());
  EXPECT_EQ(json["products"].size(), fab.products.size());
  EXPECT_GT(json["products"][0]["rpt_days"].get<double>(), 0.0);
}

}  // namespace
}  // namespace apps::fabtwin
