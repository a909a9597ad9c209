// If these failed, a site could loosen what no site may.
#include "twin/people/rules.hpp"

#include <gtest/gtest.h>

#include "twin/contract/refusal.hpp"

namespace twin::people {
namespace {

std::string refused_rules(const ActionClass& c) {
  return contract::refusal([&] { check(Rules{{c}}, "rules"); });
}

TEST(PeopleRules, HoldBySetPointsAndReleasesTwoPersonsAndAnApproval) {
  EXPECT_EQ(refused_rules({.name = "prefer"}), "accepted");
  for (const ActKind kind : {ActKind::SetPoint, ActKind::Release}) {
    EXPECT_EQ(refused_rules({.name = "x", .kind = kind}),
              "rules.classes[0]: a set-point or a release takes two persons");
    EXPECT_EQ(refused_rules({.name = "x", .kind = kind, .persons = 2}), "accepted");
    EXPECT_EQ(refused_rules({.name = "x", .kind = kind, .persons = 2, .level = 6, .veto_ms = 1}),
              "rules.classes[0]: a set-point or a release is never sent without approval (level 5 "
              "at most)");
  }
  EXPECT_EQ(refused_rules({.name = "x", .level = 6}),
            "rules.classes[0]: level 6 leaves no time to say no");
  EXPECT_EQ(refused_rules({.name = "x", .level = 7}), "rules.classes[0].level: 7 (at most 6)");
  EXPECT_EQ(refused_rules({.name = "x", .persons = 0}), "rules.classes[0].persons: 0 (at least 1)");
  EXPECT_EQ(refused_rules({.name = "x", .role = Role::Engineer}),
            "rules.classes[0]: its role may not approve anything");
  EXPECT_EQ(contract::refusal([] {
              check(Rules{{{.name = "x"}, {.name = "x"}}}, "rules");
            }),
            "rules: 'x' stands there twice");
}

TEST(PeopleRules, SendNothingWithoutApprovalByDefault) {
  EXPECT_EQ(ActionClass().level, SentOnApproval);
  EXPECT_EQ(Rules().find("prefer"), nullptr);
}

TEST(PeopleRules, AreReadFromAFile) {
  const Rules rules = from_json<Rules>(
      R"({"classes":[{"name":"offset","kind":"set-point","role":"approver","persons":2,"level":5,)"
      R"("veto_ms":0,"fresh":"state","age_ms":60000}]})",
      "rules");
  ASSERT_NE(rules.find("offset"), nullptr);
  EXPECT_EQ(rules.find("offset")->fresh, Fresh::State);
  EXPECT_EQ(from_json<Rules>(to_json(rules), "rules"), rules);
}

}  // namespace
}  // namespace twin::people
