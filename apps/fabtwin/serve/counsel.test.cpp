// If these failed, the loop would not close: a twin would advise what nobody can check, act on what nobody approved,
// go on forecasting by a rule that is in force no more, or never learn what its advice was worth.
#include "apps/fabtwin/serve/counsel.hpp"

#include <gtest/gtest.h>

#include <memory>

#include "apps/fabtwin/serve/duration.hpp"
#include "apps/fabtwin/serve/rig_example.hpp"
#include "apps/fabtwin/serve/scripted_operator.hpp"
#include "twin/contract/refusal.hpp"
#include "twin/record/reader.hpp"
#include "twin/record/simulated_disk.hpp"

namespace apps::fabtwin::serve {
namespace {

using twin::people::Stage;

struct Lived {
  Lived(std::uint64_t seed, ScriptedOperator::Says says, RigOptions o) : disk(seed), hand{says} {
    o.operate = [this](Living& l, plant::Site& p, Tick t) { hand(l, p, t); };
    rig = std::make_unique<Rig>(disk, crowded_fab(), std::move(o));
  }
  Lived(std::uint64_t seed, ScriptedOperator::Says says) : Lived(seed, says, advised_rig(seed)) {}
  [[nodiscard]] const Counselled& counselled() { return rig->living().belief().counselled; }
  twin::record::SimulatedDisk disk;
  ScriptedOperator hand;
  std::unique_ptr<Rig> rig;
};

TEST(Counsel, ClosesTheLoop) {
  Lived l(7, ScriptedOperator::Says::Yes);
  l.rig->run_until(30 * DayMs);
  ASSERT_TRUE(l.hand.refused.empty()) << l.hand.refused.front();
  const auto& people = l.counselled().people;
  ASSERT_FALSE(l.hand.done.empty());
  const twin::people::Case* first = people.find(l.hand.done.front());
  ASSERT_NE(first, nullptr);
  EXPECT_EQ(first->stage, Stage::Verified);
  const auto& r = first->content;
  EXPECT_GT(r.benefit.gain.mean, 0.0);
  EXPECT_LE(r.benefit.gain.low, r.benefit.gain.mean);
  EXPECT_GE(r.why.flips.size(), 2U);
  EXPECT_GE(r.what_if.size(), 1U);
  EXPECT_EQ(r.benefit.horizon_ms, 48 * HourMs);
  // What was approved was done: the plant and the twin dispatch by the same rule.
  EXPECT_EQ(l.rig->living().rule(), l.rig->plant().fab().rule());
  // And it was measured.
  std::size_t judged = 0;
  for (const std::string& id : l.hand.done) {
    const auto* sequel = people.sequel(id);
    ASSERT_NE(sequel, nullptr) << id;
    if (!sequel->outcome) continue;
    ++judged;
    EXPECT_EQ(sequel->outcome->became, twin::people::Became::CarriedOut);
    EXPECT_LE(sequel->outcome->realised.low, sequel->outcome->realised.high);
    EXPECT_EQ(sequel->outcome->promised, people.find(id)->content.benefit.gain);
  }
  EXPECT_GE(judged, 1U);
  EXPECT_EQ(l.counselled().unfit, 0U);
}

// A rule that does nothing in an hour and saves the quarter would never be proposed; promised for an hour, or judged
// after one, it would be judged by what it is not for.
TEST(Counsel, ProposesARuleForWhatItBringsIfItStays) {
  RigOptions o = advised_rig(7);
  o.site.advice->horizon_ms = HourMs;
  o.site.advice->stay_ms = 45 * DayMs;
  o.plant.fab.rule = o.site.rule = "spt";
  o.site.advice->rules = {"spt", "fifo"};
  Lived l(7, ScriptedOperator::Says::Yes, std::move(o));
  for (Tick at = DayMs; at < 30 * DayMs && l.hand.done.empty(); at += 12 * HourMs)
    l.rig->run_until(at);
  ASSERT_TRUE(l.hand.refused.empty()) << l.hand.refused.front();
  ASSERT_FALSE(l.hand.done.empty());
  l.rig->run_until(l.rig->plant().now() + HourMs);
  const twin::people::Case* one = l.counselled().people.find(l.hand.done.front());
  ASSERT_NE(one, nullptr);
  const auto& benefit = one->content.benefit;
  EXPECT_EQ(one->content.act.policy, "fifo");
  EXPECT_EQ(benefit.horizon_ms, 45 * DayMs);
  EXPECT_EQ(benefit.runs, 20U);
  EXPECT_GT(benefit.gain.mean, 0.0);
  EXPECT_LT(benefit.gain.low, benefit.gain.high);
  EXPECT_GE(one->content.why.flips.size(), 2U);
  ASSERT_EQ(l.counselled().open.size(), 1U);
  const OpenCase& open = l.counselled().open.front();
  EXPECT_EQ(open.until - open.at, 45 * DayMs);
  EXPECT_EQ(open.least, 15 * DayMs) << "cut shorter, it is not judged";
}

TEST(Counsel, IsTheSameAfterAKill) {
  Lived l(8, ScriptedOperator::Says::Yes);
  l.rig->run_until(20 * DayMs + 5 * HourMs);
  ASSERT_GT(l.counselled().people.trail().size(), 0U);
  const Counselled before = l.counselled();
  const std::string rule = l.rig->living().rule();
  l.disk.stop();
  l.disk.restart();
  l.rig->kill();
  EXPECT_EQ(l.counselled().people, before.people);
  EXPECT_EQ(l.counselled().rule, before.rule);
  ASSERT_EQ(l.counselled().open.size(), before.open.size());
  for (std::size_t k = 0; k < before.open.size(); ++k)
    EXPECT_EQ(l.counselled().open[k], before.open[k]) << k;
  EXPECT_EQ(l.rig->living().rule(), rule);
  // Nothing that was decided is decided again, and the trail goes on.
  l.rig->run_until(22 * DayMs);
  EXPECT_TRUE(l.hand.refused.empty());
  EXPECT_EQ(l.counselled().unfit, 0U);
}

TEST(Counsel, TellsWhatWasLostByLeavingIt) {
  Lived l(7, ScriptedOperator::Says::No);
  l.rig->run_until(24 * DayMs);
  ASSERT_TRUE(l.hand.refused.empty()) << l.hand.refused.front();
  EXPECT_EQ(l.rig->living().rule(), "fifo");
  EXPECT_EQ(l.rig->plant().fab().rule(), "fifo");
  std::size_t judged = 0;
  for (const auto& [number, sequel] : l.counselled().people.sequels()) {
    EXPECT_EQ(l.counselled().people.cases().at(number).stage, Stage::Rejected);
    if (!sequel.outcome) continue;
    ++judged;
    EXPECT_EQ(sequel.outcome->became, twin::people::Became::NotCarriedOut);
  }
  EXPECT_GE(judged, 1U);
}

TEST(Counsel, LetsProposalsExpireThatNobodyLooksAt) {
  Lived l(7, ScriptedOperator::Says::Nothing);
  l.rig->run_until(21 * DayMs);
  const auto& cases = l.counselled().people.cases();
  ASSERT_FALSE(cases.empty());
  std::size_t expired = 0, pending = 0;
  for (const auto& [_, one] : cases) (one.stage == Stage::Expired ? expired : pending) += 1;
  EXPECT_GE(expired, 1U);
  EXPECT_LE(pending, 1U);  // the newest
  EXPECT_EQ(l.rig->living().rule(), "fifo");
}

TEST(Counsel, RefusesRulesThatALiveTwinCannotRankBy) {
  const auto refusal = [](const char* rule) {
    return twin::contract::refusal([&] {
      twin::record::SimulatedDisk disk(1);
      RigOptions o = advised_rig(1);
      o.site.advice->rules = {rule};
      const Rig rig(disk, crowded_fab(), o);
    });
  };
  EXPECT_EQ(refusal("atcs"),
            "[advice] rules: \"atcs\" (needs queues by setup, which a live twin does not keep)");
  EXPECT_NE(refusal("fifa").find("fifo"), std::string::npos);
  EXPECT_EQ(refusal("odd"), "accepted");
}

TEST(Counsel, SaysWhichLinesAProposalDidNotHear) {
  Lived l(7, ScriptedOperator::Says::Nothing);
  l.rig->run_until(2 * DayMs);
  const auto assumed = [&] {
    return l.rig->living()
        .trial_work(l.rig->plant().now() + advised_rig(7).plant.time_zero_ms)
        .assumed;
  };
  const auto before = assumed();
  EXPECT_TRUE(before.gaps.empty());
  EXPECT_NE(before.configuration.bits, 0U);
  l.rig->silence({"mqtt"});
  l.rig->run_until(2 * DayMs + 6 * HourMs);
  const auto after = assumed();
  ASSERT_EQ(after.gaps.size(), 1U);
  EXPECT_EQ(after.gaps[0].of, "mqtt lines");
  EXPECT_LE(after.gaps[0].from, before.state_at + HourMs);
  EXPECT_EQ(after.configuration, before.configuration);
}

TEST(Counsel, ObeysNobodyWhoMayNot) {
  Lived l(7, ScriptedOperator::Says::Nothing);
  Living& living = l.rig->living();
  const auto pending = [&]() -> const twin::people::Case* {
    for (const auto& [_, one] : living.people().cases())
      if (one.stage == Stage::Proposed) return &one;
    return nullptr;
  };
  for (Tick at = DayMs; at < 40 * DayMs && pending() == nullptr; at += HourMs) l.rig->run_until(at);
  ASSERT_NE(pending(), nullptr);
  const auto asked = [&](twin::people::Step step, twin::people::Capacity as, const char* who) {
    twin::people::Asked a;
    a.id = pending()->content.id;
    a.step = step;
    a.actor = who;
    a.capacity = as;
    a.seen = pending()->digest;
    return living.decide(a, l.rig->plant().now() + advised_rig(7).plant.time_zero_ms);
  };
  using twin::people::Capacity;
  using twin::people::Step;
  EXPECT_NE(asked(Step::Approve, Capacity::Viewer, "vera"), "");
  EXPECT_NE(asked(Step::Approve, Capacity::Twin, "twin"), "");
  EXPECT_NE(asked(Step::Send, Capacity::Operator, "olaf"), "");  // nobody has approved it
  EXPECT_EQ(asked(Step::Approve, Capacity::Approver, "anna"), "");
}

}  // namespace
}  // namespace apps::fabtwin::serve
