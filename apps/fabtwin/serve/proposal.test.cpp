// If these failed, people would approve something else than what was simulated, be told reasons that nothing hangs on,
// or approve what has moved meanwhile.
#include "apps/fabtwin/serve/proposal.hpp"

#include <gtest/gtest.h>

#include <set>

#include "apps/fabtwin/serve/duration.hpp"
#include "apps/fabtwin/serve/site.hpp"
#include "twins/fab/decide/menu.hpp"
#include "twins/fab/decide/scene.hpp"

namespace apps::fabtwin::serve {
namespace {

namespace decide = twins::fab::decide;

constexpr Tick Zero = 1'514'764'800'000;

struct Known : decide::Scene {
  Known() : decide::Scene(20 * Day) {
    for (std::uint32_t lot = 0; lot < seen.next_lot_id; ++lot)
      (void)dialect.number_lot("L" + std::to_string(lot));
  }
  [[nodiscard]] Tongue tongue() const { return {*layout, dialect, Zero}; }
  twins::fab::live::Dialect dialect;
};

TEST(Proposal, SaysActsSoThatTheyCanBeReadBack) {
  const Known s;
  const std::uint32_t lot = s.waiting_lot();
  const Tick until = s.seen.now + 12 * HourMs;
  const std::vector<decide::Alternative> all = {{"", "cr", {}},
                                                {"", "fifo:conwip=60", {}},
                                                {"", "fifo:only.lithoscan_1#1=part_1", {}},
                                                {"", "", {decide::SetPriority{lot, 30, until}}},
                                                {"", "", {decide::HoldLot{lot, until}}},
                                                {"", "", {decide::ReleaseLot{lot}}},
                                                {"", "", {decide::StartPm{3, 0}}},
                                                {"", "", {decide::ShiftPm{3, 0, until}}}};
  std::set<std::string> kinds;
  for (const decide::Alternative& a : all) {
    const auto act = act_of(s.tongue(), s.seen, a, "fifo");
    ASSERT_TRUE(act);
    kinds.insert(act->kind);
    EXPECT_NO_THROW(twin::people::check(*act, "act"));
    const auto back = alternative_of(s.tongue(), *act);
    ASSERT_TRUE(back) << act->words;
    EXPECT_EQ(back->rule, a.rule);
    EXPECT_EQ(back->acts, a.acts) << act->words;
    EXPECT_NE(usual_policy(HourMs).find(act->kind), nullptr) << act->kind;
  }
  EXPECT_EQ(kinds.size(), all.size());
  EXPECT_EQ(act_of(s.tongue(), s.seen, all[1], "fifo:workload=9")->words,
            "Start lots by conwip=60 from now on, by workload=9 so far.");
  EXPECT_EQ(act_of(s.tongue(), s.seen, {"", "fifo", {}}, "fifo:conwip=60")->words,
            "Start lots by schedule from now on, by conwip=60 so far.");
  EXPECT_EQ(act_of(s.tongue(), s.seen, all[2], "fifo")->words,
            "Use tools by only.lithoscan_1#1=part_1 from now on, by all for all so far.");
  EXPECT_EQ(act_of(s.tongue(), s.seen, {"", "cr:conwip=60", {}}, "fifo")->kind, "rule");
  EXPECT_FALSE(act_of(s.tongue(), s.seen, {"", "fifo", {}}, "fifo"));  // it is in force
  EXPECT_FALSE(act_of(s.tongue(), s.seen, {"", "", {}}, "fifo"));
  EXPECT_FALSE(act_of(s.tongue(), s.seen, {"", "", {decide::HoldLot{900'000}}}, "fifo"));
  twin::people::Act strange = *act_of(s.tongue(), s.seen, all[4], "fifo");
  strange.lot = "nobody";
  EXPECT_FALSE(alternative_of(s.tongue(), strange));
}

TEST(Proposal, KnowsWhenItsTargetHasMoved) {
  const Known s;
  const std::uint32_t lot = s.waiting_lot();
  const auto of = [&](const twins::fab::State& x, const decide::Alternative& a, const char* rule) {
    return target_of(s.tongue(), x, *act_of(s.tongue(), s.seen, a, "fifo"), rule);
  };
  const decide::Alternative hold{"", "", {decide::HoldLot{lot}}}, cr{"", "cr", {}};
  twins::fab::State later = s.seen;
  EXPECT_EQ(of(later, hold, "fifo"), of(s.seen, hold, "fifo"));
  for (auto& l : later.lots)
    if (l.id != lot) l.priority += 1;  // others
  EXPECT_EQ(of(later, hold, "fifo"), of(s.seen, hold, "fifo"));
  for (auto& l : later.lots)
    if (l.id == lot) l.step += 1;
  EXPECT_NE(of(later, hold, "fifo"), of(s.seen, hold, "fifo"));
  EXPECT_EQ(of(later, cr, "fifo"), of(s.seen, cr, "fifo"));
  EXPECT_NE(of(s.seen, cr, "odd"), of(s.seen, cr, "fifo"));
}

TEST(Proposal, GivesReasonsThatWereTried) {
  const Known s;
  decide::RolloutsAsked asked;
  asked.now = s.seen.now;
  asked.horizon_hours = 48.0;
  asked.standing = "fifo";
  asked.seed = 5;
  asked.outlook = decide::learn_outlook(*s.fab, s.seen, {}, {2, 40.0, 3, 2});
  decide::AdviceAsked how;
  how.budget = 300;
  how.first = 6;
  how.of_best = 20;
  // Of the whole objective, not of a share: some rule is nearly always better than the worst of them.
  decide::Rollouts rollouts(s.layout, s.seen, {},
                            {{"as it is: fifo", "", {}},
                             {"rule odd", "odd", {}},
                             {"rule edd", "edd", {}},
                             {"rule spt", "spt", {}}},
                            asked);
  decide::Advice advice = decide::advise(rollouts, how, 2);
  if (advice.best == 0) advice.best = 1;  // what is asked here is how it is told
  advice.validity.reset();
  ProposalAsked told;
  told.id = "advice-1";
  told.made_ms = Zero + s.seen.now;
  told.expires_ms = told.made_ms + 12 * HourMs;
  told.assumed.state_at = told.made_ms;
  told.assumed.model = "fab";
  told.pairs = 6;
  told.worth = Worth::Anything;
  const auto made = proposal(s.tongue(), rollouts, advice, how, usual_policy(HourMs), told, 2);
  ASSERT_TRUE(made);
  EXPECT_NO_THROW(twin::people::check(*made, "recommendation"));
  EXPECT_EQ(made->act.kind, "rule");
  EXPECT_EQ(made->act.policy_from, "fifo");
  EXPECT_EQ(made->benefit.compared, 4U);
  EXPECT_EQ(made->why.factors.size(), made->why.flips.size());
  EXPECT_EQ(made->why.factors.size(), 4U);  // three groups and the due dates
  double last = 1.0;
  for (const auto& factor : made->why.factors) {
    EXPECT_LE(factor.weight, last);
    last = factor.weight;
  }
  for (const auto& flip : made->why.flips) EXPECT_EQ(flip.flips, !flip.instead.empty());
  EXPECT_EQ(made->assumed.target.bits, target_of(s.tongue(), s.seen, made->act, "fifo"));
  // The same for any number of threads.
  decide::Rollouts again(s.layout, s.seen, {}, rollouts.menu(), asked);
  const decide::Advice same = decide::advise(again, how, 1);
  decide::Advice forced = same;
  forced.best = advice.best;
  forced.validity.reset();
  EXPECT_EQ(proposal(s.tongue(), again, forced, how, usual_policy(HourMs), told, 1), made);

  EXPECT_FALSE(proposal(s.tongue(), rollouts, advice, how, {}, told, 1));  // no rule allows it
  advice.best = 0;
  EXPECT_FALSE(proposal(s.tongue(), rollouts, advice, how, usual_policy(HourMs), told, 1));
}

}  // namespace
}  // namespace apps::fabtwin::serve
