// If these failed, a twin would promise to do by itself what it cannot, or send what its people have not agreed to.
#include "apps/fabtwin/serve/automation.hpp"

#include <gtest/gtest.h>

#include "apps/fabtwin/serve/guarded_site.hpp"
#include "twin/contract/refusal.hpp"

namespace apps::fabtwin::serve {
namespace {

namespace people = twin::people;

struct Policies : testing::Test {
  Policies() : files("automation") {
    site.guard = files.settings;
    site.advice.emplace().policy = GuardedSite::rules();
  }
  [[nodiscard]] std::string refused() const {
    return twin::contract::refusal([&] { (void)guard_limits(site); });
  }
  people::ActionClass& of(const std::string& name) {
    auto& all = site.advice->policy.classes;
    return *std::ranges::find(all, name, &people::ActionClass::name);
  }
  GuardedSite files;
  Site site;
};

TEST_F(Policies, WithoutAGuardAllIsByHand) {
  people::Rules rules = GuardedSite::rules();
  const auto capped = cap_levels(rules, nullptr);
  ASSERT_EQ(capped.size(), 4U);
  EXPECT_EQ(capped[0].name, "offset");
  EXPECT_EQ(capped[0].why, "the site has no [guard]");
  for (const auto& c : rules.classes) EXPECT_EQ(c.level, 4U);
  EXPECT_TRUE(cap_levels(rules, nullptr).empty());
  EXPECT_EQ(rules.wrong(), "");
}

TEST_F(Policies, WhatIsNoMessageIsByHand) {
  const auto limits = guard_limits(site);
  const auto capped = cap_levels(site.advice->policy, &limits);
  ASSERT_EQ(capped.size(), 1U);
  EXPECT_EQ(capped[0].name, "rule");
  EXPECT_EQ(capped[0].why, "the guard's limits have no such class");
  EXPECT_EQ(of("rule").level, 4U);
  EXPECT_EQ(of("hold").level, 5U);
}

TEST_F(Policies, TheLimitsMustAskForNoMoreThanThePolicy) {
  EXPECT_EQ(refused(), "accepted");
  of("hold").role = people::Role::Operator;
  EXPECT_EQ(refused(),
            "policy: class \"hold\" at level 5 (approved by the role operator; the guard's limits "
            "say approver)");
  of("hold").role = people::Role::Approver;
  of("hold").level = 6;
  EXPECT_EQ(refused(),
            "policy: class \"hold\" at level 6 (the guard's limits ask for 1 signatures, and "
            "nobody signs what nobody vetoes) level 5?");
  of("hold").level = 4;
  of("offset").persons = 1;
  EXPECT_EQ(refused(),
            "policy: class \"offset\" at level 5 (approved by 1; the guard's limits say 2)");
}

TEST_F(Policies, LimitsAreTheAuthoritys) {
  site.guard->authority = files.settings.key;
  EXPECT_NE(
      refused().find(
          "limits.signed: limits: the last line is no signature of these lines by the authority"),
      std::string::npos)
      << refused();
  site.guard->limits = files.folder / "none";
  EXPECT_NE(refused().find("none"), std::string::npos);
}

}  // namespace
}  // namespace apps::fabtwin::serve
