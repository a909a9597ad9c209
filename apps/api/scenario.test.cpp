// If these failed, a what-if would be simulated that nobody asked for.
#include "apps/api/scenario.hpp"

#include <gtest/gtest.h>

#include "twin/contract/refusal.hpp"

namespace apps::api {
namespace {

using twin::people::from_json;

std::string refused(const std::string& change) {
  return twin::contract::refusal([&] {
    static_cast<void>(from_json<Scenario>(
        R"({"words":"w","horizon_h":24,"runs":20,"changes":[)" + change + "]}", "body"));
  });
}

TEST(ApiScenario, TakesEachOfItsSixKinds) {
  for (const char* change : {R"({"kind":"tool-down","tool":"LITHO_01","from":1,"to":2})",
                             R"({"kind":"mix","product":"P1","starts_per_day":12.5})",
                             R"({"kind":"hot-lot","lot":"L7"})",
                             R"({"kind":"maintenance-moved","tool":"LITHO_01","from":9,"to":2})",
                             R"({"kind":"tool-bought","group":"LITHO","count":2,"from":1})",
                             R"({"kind":"policy","policy":"cr:conwip=40"})"})
    EXPECT_EQ(refused(change), "accepted") << change;
}

TEST(ApiScenario, SaysWhatDoesNotFit) {
  EXPECT_EQ(refused(""), "body: changes nothing");
  EXPECT_EQ(refused(R"({"kind":"hot-lot"})"),
            "body.changes[0]: 'lot' does not go with 'hot-lot', or is missing");
  EXPECT_EQ(refused(R"({"kind":"hot-lot","lot":"L7","tool":"T"})"),
            "body.changes[0]: 'tool' does not go with 'hot-lot', or is missing");
  EXPECT_EQ(refused(R"({"kind":"tool-down","tool":"T","from":2,"to":2})"),
            "body.changes[0]: ends before it begins");
  EXPECT_EQ(refused(R"({"kind":"mix","product":"P1","starts_per_day":-1})"),
            "body.changes[0].starts_per_day: -1 (at least 0)");
  EXPECT_EQ(refused(R"({"kind":"hot-lott"})"),
            "body.changes[0].kind: 'hot-lott' (one of tool-down, mix, hot-lot, maintenance-moved, "
            "tool-bought, policy) did you mean 'hot-lot'?");
  EXPECT_EQ(refused(R"({"kind":"policy","policy":"cr"},{"kind":"policy","policy":"edd"})"),
            "body: has two policies, and one fab follows one");
}

}  // namespace
}  // namespace apps::api
