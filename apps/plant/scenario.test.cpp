// If these failed, a misspelt disturbance would be left out in silence, or a wave of hot lots would
// renumber the fab that the twin knows.
#include "apps/plant/scenario.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "twin/core/error.hpp"
#include "twins/fab/lively_fab.hpp"

namespace apps::plant {
namespace {

using twins::fab::DayMs;
using twins::fab::HourMs;

constexpr auto ScenarioDay = static_cast<Tick>(DayMs);
constexpr auto ScenarioHour = static_cast<Tick>(HourMs);

class ScenarioFile : public ::testing::Test {
 protected:
  std::shared_ptr<const twins::fab::Layout> layout = twins::fab::lively_fab();

  std::string refusal(const std::string& text) {
    try {
      read_scenario(text, "s.toml", *layout);
    } catch (const twin::core::Error& e) {
      return e.what();
    }
    return "";
  }
};

TEST_F(ScenarioFile, SaysAllThatMayBefallThePlant) {
  const Scenario s = read_scenario(R"(
[[drift]]
group = "Etch"
from_day = 3
until_day = 9.5
percent_per_day = 1.5

[[slow_tool]]
tool = "Litho#2"
from_day = 5
percent = 30

[[slow_tool]]
tool = "Litho#1"
from_day = 0
percent_per_day = 2

[[long_repairs]]
group = "Furnace"
from_day = 1
factor = 3

[[hot_lots]]
product = "B"
from_day = 2
lots = 10
every_hours = 0.5
wafers = 13
priority = 30
due_days = 4

[[operator]]
from_day = 1
every_hours = 6
hold_hours = 4
)",
                                   "s.toml", *layout);
  ASSERT_EQ(s.drifts.size(), 1U);
  EXPECT_EQ(layout->description.tool_groups[s.drifts[0].group].name, "Etch");
  EXPECT_EQ(s.drifts[0].from, 3 * ScenarioDay);
  EXPECT_EQ(s.drifts[0].until, 9 * ScenarioDay + 12 * ScenarioHour);
  EXPECT_DOUBLE_EQ(s.drifts[0].per_day, 0.015);
  ASSERT_EQ(s.slow_tools.size(), 2U);
  EXPECT_EQ(layout->tool_name(s.slow_tools[0].tool), "Litho#2");
  EXPECT_DOUBLE_EQ(s.slow_tools[0].factor, 1.3);
  EXPECT_EQ(s.slow_tools[0].until, twin::core::Never);
  EXPECT_DOUBLE_EQ(s.slow_tools[1].factor, 1.0);
  EXPECT_DOUBLE_EQ(s.slow_tools[1].per_day, 0.02);
  ASSERT_EQ(s.repairs.size(), 1U);
  EXPECT_DOUBLE_EQ(s.repairs[0].factor, 3.0);
  ASSERT_EQ(s.hot_lots.size(), 1U);
  EXPECT_EQ(s.hot_lots[0].every, ScenarioHour / 2);
  EXPECT_EQ(s.hot_lots[0].due, 4 * ScenarioDay);
  EXPECT_EQ(s.hot_lots[0].priority, 30);
  ASSERT_EQ(s.operators.size(), 1U);
  EXPECT_EQ(s.operators[0].group, twins::fab::None);
  EXPECT_EQ(s.operators[0].hold, 4 * ScenarioHour);
  const Scenario nothing = read_scenario("", "s.toml", *layout);
  EXPECT_EQ(layout_with(layout, nothing), layout);
}

TEST_F(ScenarioFile, IsRefusedWhereItIsWrong) {
  EXPECT_EQ(refusal("[[drfit]]\ngroup = \"Etch\"\n"),
            "s.toml:1: unknown key 'drfit' (scenario has no such key)");
  EXPECT_EQ(refusal("[[drift]]\ngroup = \"Etsch\"\nfrom_day = 1\npercent_per_day = 1\n"),
            "s.toml:2: no tool group 'Etsch' in the data set did you mean Etch?");
  EXPECT_EQ(refusal("[[slow_tool]]\ntool = \"Litho#9\"\nfrom_day = 1\n"),
            "s.toml:2: no tool 'Litho#9' in the data set did you mean Litho#1?");
  EXPECT_EQ(refusal("[[hot_lots]]\nproduct = \"Z9\"\nfrom_day = 1\nlots = 1\n"),
            "s.toml:2: no product 'Z9' in the data set");
  EXPECT_EQ(refusal("[[operator]]\nfrom_day = 2\nuntil_day = 1\nevery_hours = 1\nhold_hours = 1\n"),
            "s.toml:3: until_day must be after from_day");
  EXPECT_EQ(refusal("[[long_repairs]]\ngroup = \"Etch\"\nfrom_day = 1\nfactor = 0\n"),
            "s.toml:4: factor = 0 (must be from 0.01 to 100)");
  EXPECT_EQ(refusal("[[drift]]\ngroup = \"Etch\"\nfrom_day = 1\n"),
            "s.toml:1: [[drift]] has no 'percent_per_day' (it is needed)");
  EXPECT_EQ(refusal("[[drift]]\ngroup = \"Etch\"\nfrom_day = 1\npercent_per_day = 1\nspeed = 2\n"),
            "s.toml:5: unknown key 'speed' ([[drift]] has no such key)");
  EXPECT_EQ(refusal("drift = 3\n"), "s.toml:1: drift = 3 (must be one or more tables [[drift]])");
}

TEST_F(ScenarioFile, HotLotsComeByAListAndLeaveTheNumbersAlone) {
  Scenario s;
  s.hot_lots.push_back(
      {.product = 1, .from = 2 * ScenarioDay, .every = ScenarioHour, .lots = 3, .priority = 30});
  const auto with = layout_with(layout, s);
  EXPECT_EQ(with->description.lots.size(), layout->description.lots.size() + 3);
  EXPECT_EQ(with->tools(), layout->tools());
  EXPECT_EQ(with->lines, layout->lines);
  EXPECT_EQ(with->steps.size(), layout->steps.size());
  EXPECT_TRUE(std::ranges::is_sorted(with->description.lots, {}, &twins::fab::ListedLot::start_ms));
}

}  // namespace
}  // namespace apps::plant
