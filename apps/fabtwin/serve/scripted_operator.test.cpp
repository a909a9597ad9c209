// If this failed, tests of the closed loop would tell the plant something else than was approved.
#include "apps/fabtwin/serve/scripted_operator.hpp"

#include <gtest/gtest.h>

#include "apps/fabtwin/serve/rig_example.hpp"

namespace apps::fabtwin::serve {
namespace {

TEST(ScriptedOperator, TellsThePlantWhatWasApproved) {
  const auto layout = example_fab();
  twin::people::Act act;
  act.kind = "rule";
  act.policy = "cr";
  EXPECT_EQ(command_of(act, *layout)->rule, "cr");
  act = {};
  act.kind = "priority";
  act.lot = "L12";
  act.value = 30.0;
  EXPECT_EQ(command_of(act, *layout)->lot, 12U);
  EXPECT_EQ(command_of(act, *layout)->value, 30.0);
  EXPECT_FALSE(ending_of(act, *command_of(act, *layout)));
  act.until = 5;
  act.from = 10.0;
  EXPECT_EQ(ending_of(act, *command_of(act, *layout))->value, 10.0);
  act.lot = "twelve";
  EXPECT_FALSE(command_of(act, *layout));
  act = {};
  act.kind = "start_pm";
  act.tool = layout->tool_name(3);
  act.value = 1.0;
  EXPECT_EQ(command_of(act, *layout)->tool, 3U);
  EXPECT_EQ(command_of(act, *layout)->item, 1U);
  act.kind = "shift_pm";
  EXPECT_FALSE(command_of(act, *layout));
}

}  // namespace
}  // namespace apps::fabtwin::serve
