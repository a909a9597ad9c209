// If these failed, a menu would offer policies that are none, or the one that stands.
#include "twins/fab/decide/policies.hpp"

#include <gmock/gmock.h>

#include "twins/fab/decide/menu.hpp"
#include "twins/fab/decide/scene.hpp"

namespace twins::fab::decide {
namespace {

using testing::ElementsAre;
using testing::StartsWith;

TEST(ReleasePolicies, FitTheFabAsItIs) {
  const Scene s;
  const std::vector<std::string> usual = usual_releases(*s.fab, s.seen);
  ASSERT_EQ(usual.size(), 4U);
  EXPECT_EQ(usual[0], "conwip=" + std::to_string(s.seen.wip));
  EXPECT_EQ(usual[1], "conwip=" + std::to_string(9 * s.seen.wip / 10));
  EXPECT_THAT(usual[2], StartsWith("workload="));
  EXPECT_EQ(usual[3], "starvation=1.5");
  for (const std::string& u : usual) EXPECT_NO_THROW(make_fab(s.layout, "fifo:" + u)) << u;
  EXPECT_TRUE(usual_releases(*s.fab, s.fab->initial(s.theta, {})).empty());
}

TEST(ReleasePolicies, ChangeOneThingOfWhatStands) {
  const Scene s;
  const auto rules = [&](const std::string& standing, const std::vector<std::string>& releases) {
    std::vector<std::string> texts;
    for (const Alternative& a : release_policies(*s.fab, s.seen, standing, releases))
      texts.push_back(a.name + " = " + a.rule);
    return texts;
  };
  EXPECT_TRUE(rules("fifo", {}).empty());
  EXPECT_THAT(rules("cr:batch=mcb", {"conwip=9", "conwip=9"}),
              ElementsAre("lots enter by conwip=9 = cr:batch=mcb,conwip=9"));
  EXPECT_THAT(
      rules("cr:conwip=9", {"conwip=9", "starvation=2"}),
      ElementsAre("lots enter as scheduled = cr", "lots enter by starvation=2 = cr:starvation=2"));
  EXPECT_EQ(rules("fifo", {"usual"}).size(), 4U);
}

TEST(ReleasePolicies, StandOnTheMenuBehindTheRules) {
  const Scene s;
  const Outlook outlook{{{0, 1.8, 3.6e6, 1}}};
  MenuAsked asked;
  asked.standing = "fifo";
  asked.rules = {"cr"};
  asked.releases = {"usual"};
  const auto menu = menu_of(*s.fab, s.seen, outlook, asked);
  ASSERT_GT(menu.size(), 6U);
  EXPECT_EQ(menu[1].rule, "cr");
  EXPECT_THAT(menu[2].name, StartsWith("lots enter by conwip="));
  EXPECT_THAT(menu[5].name, StartsWith("lots enter by starvation="));
}

TEST(QualificationPolicies, KeepAToolForWhatMostWorkWaitsOf) {
  const Scene s;
  const std::vector<std::uint32_t> groups = waited_for(*s.layout, s.seen);
  const std::vector<std::string> usual = usual_qualifications(*s.fab, s.seen, groups);
  ASSERT_FALSE(usual.empty());
  for (const std::string& u : usual) EXPECT_THAT(u, StartsWith("only."));
  const auto rules = [&](const std::string& standing, std::vector<std::string> which) {
    std::vector<std::string> texts;
    for (const Alternative& a : qualification_policies(*s.fab, s.seen, {standing, which, groups}))
      texts.push_back(a.rule);
    return texts;
  };
  EXPECT_TRUE(rules("fifo", {}).empty());
  EXPECT_THAT(rules("cr:conwip=9", {"not.a#1=p"}), ElementsAre("cr:conwip=9,not.a#1=p"));
  EXPECT_THAT(rules("cr:not.a#1=q", {"not.a#1=p"}), ElementsAre("cr", "cr:not.a#1=q,not.a#1=p"));
  for (const std::string& rule : rules("fifo", {"usual"}))
    EXPECT_NO_THROW(make_fab(s.layout, rule));
}

}  // namespace
}  // namespace twins::fab::decide
