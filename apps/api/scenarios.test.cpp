// If these failed, what-ifs would fill the memory, or one person would take all of the machine.
#include "apps/api/scenarios.hpp"

#include <gtest/gtest.h>

namespace apps::api {
namespace {

void add(Scenarios& s, const std::string& by, ScenarioStage stage = ScenarioStage::Waiting) {
  const std::string id = s.next();
  s.add({.line = {.id = id, .by = by, .words = "w"}});
  s.settle(id, {.stage = stage, .why = "no tool"});
}

TEST(ApiScenarios, OneAccountWaitsForItsOwn) {
  Scenarios s;
  for (std::size_t k = 0; k < WaitingMax; ++k) {
    EXPECT_EQ(s.refusal("alice"), "");
    add(s, "alice");
  }
  EXPECT_EQ(s.refusal("alice"), "8 scenarios of 'alice' are waiting (at most 8)");
  EXPECT_EQ(s.refusal("bob"), "");
  s.settle("S-3", {.stage = ScenarioStage::Failed, .why = "no such tool"});
  EXPECT_EQ(s.refusal("alice"), "");
  ASSERT_NE(s.find("S-3"), nullptr);
  EXPECT_EQ(s.find("S-3")->line.why, "no such tool");
  EXPECT_EQ(s.find("S-99"), nullptr);
}

TEST(ApiScenarios, TheOldestThatIsDoneMakesRoom) {
  Scenarios s;
  add(s, "alice");  // waits for ever
  for (std::size_t k = 1; k < ScenariosMax; ++k) add(s, "bob", ScenarioStage::Done);
  EXPECT_EQ(s.add({.line = {.id = s.next(), .by = "bob", .words = "w"}}), "S-2");
  EXPECT_NE(s.find("S-1"), nullptr);
  EXPECT_EQ(s.find("S-2"), nullptr);
  EXPECT_EQ(s.all().size(), ScenariosMax);
}

}  // namespace
}  // namespace apps::api
