// If this failed, people would read that something is sure which is not, or would not see what it may cost them.
#include "apps/fabtwin/advice.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "twins/fab/decide/scene.hpp"

namespace apps::fabtwin {
namespace {

using namespace twins::fab::decide;
using ::testing::HasSubstr;
using ::testing::Not;

// Told by hand: the words are tested, not the runs.
struct Told {
  Scene scene{twins::fab::decide::Scene::Day};
  Rollouts rollouts{scene.layout, scene.seen, {}, menu(), asked()};
  Advice advice;
  AdviceAsked wanted;

  static std::vector<Alternative> menu() {
    return {{"as it is: fifo", "", {}}, {"rule odd", "odd", {}}, {"rule spt", "spt", {}}};
  }
  [[nodiscard]] RolloutsAsked asked() const {
    RolloutsAsked a;
    a.now = scene.seen.now;
    a.standing = "fifo";
    a.outlook.paces = {{}};
    return a;
  }
  Told() {
    advice.best = 1;
    advice.probability = 0.95;
    advice.promised = true;
    advice.zone = 0.004;
    advice.runs = 90;
    for (std::size_t a = 0; a < 3; ++a) {
      Weighed w;
      w.alternative = a;
      w.pairs = 30;
      w.benefit = {a == 1 ? 0.25 : (a == 2 ? 0.3 : 0.0), 0.01, 0.95, 30};
      w.benefit_share = w.benefit.mean / 0.9;
      w.cycle = {a == 2 ? 2.5 : 0.1, 0.2, 0.95, 30};
      w.likely_low = 0.18, w.likely_high = 0.31;
      w.worse = 0.1;
      w.out = a == 2;
      advice.weighed.push_back(w);
    }
  }
  [[nodiscard]] AdviceShown shown(bool stopped = false) const {
    return {*scene.layout, rollouts, advice, wanted, 20.0, stopped};
  }
};

TEST(Advice, SaysWhatHowMuchAndHowSure) {
  const Told told;
  const std::string text = advice_text(told.shown());
  EXPECT_THAT(
      text, HasSubstr("day 20.0, as it is: fifo; 3 alternatives, 72 h ahead; mean tardiness [h]"));
  EXPECT_THAT(text,
              HasSubstr("rule odd: 0.250 ± 0.010 h less (27.8 %); nine in ten between 0.180 and "
                        "0.310 h, 10 % do worse"));
  EXPECT_THAT(text, HasSubstr("within 0.0040 h of it, with probability at least 0.950"));
  EXPECT_THAT(text, HasSubstr("longer cycle times")) << "why the better one is not proposed";
  EXPECT_THAT(text, Not(HasSubstr("interrupted")));
  EXPECT_LT(text.find("rule odd "), text.find("rule spt ")) << "the chosen one stands first";
}

// What a limit of queue times costs would be known to nobody.
TEST(Advice, SaysWhatQueueTimesForbidAndWhatThatCosts) {
  Told told;
  EXPECT_THAT(advice_text(told.shown()), Not(HasSubstr("too late")));
  told.wanted.late_share = 0.01;
  told.advice.weighed[0].late = twin::uq::chance(0, 118, 0.05);
  told.advice.weighed[2].late = twin::uq::chance(12, 118, 0.05);
  told.advice.weighed[2].late_out = true;
  const std::string text = advice_text(told.shown());
  EXPECT_THAT(text, HasSubstr("rule spt would bring 0.300 ± 0.010 h and is not proposed: in 12 of "
                              "118 runs more than 1 % of the queue-time windows are too late, and "
                              "5 % of runs may be so"));
  EXPECT_THAT(text, HasSubstr("as it is, 0 of 118 runs have more than 1 % of them too late\n"));
  EXPECT_THAT(text, Not(HasSubstr("longer cycle times")));
  told.advice.weighed[0].late = twin::uq::chance(30, 118, 0.05);
  EXPECT_THAT(advice_text(told.shown()), HasSubstr("it is not shown to keep the limit"));
  EXPECT_TRUE(advice_json(told.shown())["alternatives"][1]["late_out"].get<bool>());
}

// What a rule makes of the fab would be sold as what it does in three days, or left unsaid.
TEST(Advice, SaysWhatRulesComeToIfTheyStay) {
  Told told;
  EXPECT_THAT(advice_text(told.shown()), Not(HasSubstr("stay")));
  told.advice.weighed[1].stay = Stay{{1.5, 0.4, 0.95, 6}, {-0.04, 0.01, 0.95, 6}};
  told.advice.weighed[2].stay = Stay{{-2.0, 0.4, 0.95, 6}, {0.03, 0.02, 0.95, 6}};
  AdviceShown shown = told.shown();
  shown.stay_days = 60.0;
  const std::string text = advice_text(shown);
  EXPECT_THAT(text,
              HasSubstr("If they stay for 60 days, the first third not counted:\n"
                        "  rule odd: 1.500 ± 0.400 h less, cycle times -4.0 ± 1.0 % longer\n"
                        "  rule spt: -2.000 ± 0.400 h less, cycle times 3.0 ± 2.0 % longer\n"));
  EXPECT_THAT(text, HasSubstr("worse if it stays"));
  EXPECT_THAT(text, Not(HasSubstr("That is not why")));
  told.advice.by_stay = true;
  EXPECT_THAT(advice_text(shown),
              HasSubstr("That is not why: if it stays for 60 days it brings 1.500 ± 0.400 h.\n"));
  const Json json = advice_json(shown);
  EXPECT_TRUE(json["by_stay"].get<bool>());
  EXPECT_EQ(json["alternatives"][0]["stay"]["cycle_share"]["mean"], -0.04);
}

TEST(Advice, DoesNotPromiseWhatIsOnlyGuessed) {
  Told told;
  told.advice.promised = false;
  told.advice.probability = 0.61;
  EXPECT_THAT(advice_text(told.shown(true)), HasSubstr("with probability about 0.610"));
  EXPECT_THAT(advice_text(told.shown(true)), HasSubstr("interrupted: what was known by then"));
}

TEST(Advice, MayBeToLeaveItAsItIs) {
  Told told;
  told.advice.best = 0;
  EXPECT_THAT(advice_text(told.shown()), HasSubstr("Leave it as it is"));
}

TEST(Advice, TellsThatItDoesNotTrustItself) {
  Told told;
  told.advice.validity =
      Validity{{0.2, 0.02, 0.95, 30}, {-0.1, 0.3, 0.95, 30}, {"a line hangs"}, false};
  EXPECT_THAT(advice_text(told.shown()),
              HasSubstr("more than 5 % is too good to be taken on trust"));
  EXPECT_THAT(advice_text(told.shown()), HasSubstr("1 invariants broken: IT DOES NOT HOLD"));
  const Json json = advice_json(told.shown());
  EXPECT_FALSE(json["validity"]["holds"]);
  EXPECT_EQ(json["validity"]["broken"][0], "a line hangs");
}

TEST(Advice, IsWholeForPrograms) {
  const Told told;
  const Json json = advice_json(told.shown());
  EXPECT_EQ(json["best"], "rule odd");
  EXPECT_EQ(json["alternatives"].size(), 3U);
  EXPECT_EQ(json["alternatives"][0]["name"], "rule odd");
  EXPECT_EQ(json["alternatives"][1]["name"], "rule spt");
  EXPECT_TRUE(json["alternatives"][1]["out"]);
  EXPECT_EQ(json["alternatives"][0]["benefit"]["mean"], 0.25);
  EXPECT_EQ(json["runs"], 90);
}

}  // namespace
}  // namespace apps::fabtwin
