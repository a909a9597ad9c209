// If these failed, a refusal would not say why, or another condition than the one that failed. Whether
// the verdicts themselves are right is tried by scenario.test.cpp.
#include "twin/guard/checks.hpp"

#include <gtest/gtest.h>

#include "twin/guard/scenario.hpp"

namespace twin::guard {
namespace {

using namespace scenario;  // NOLINT(google-build-using-namespace)

std::string why(const std::vector<std::pair<Quantity, int>>& levels) {
  Levels l{};
  for (const auto& [quantity, level] : levels) l[quantity] = static_cast<std::uint8_t>(level);
  Tried t;
  t.limits = example::limits();
  make(l, t);
  return std::string(verdict(t));
}

TEST(GuardChecks, EachSaysItsReason) {
  EXPECT_EQ(why({}), "");
  EXPECT_EQ(why({{From, 2}}), "limits not in force");
  EXPECT_EQ(why({{Until, 2}}), "limits not in force");
  EXPECT_EQ(why({{Action, 2}}), "unknown class");
  EXPECT_EQ(why({{Tool, 1}}), "unknown target");
  EXPECT_EQ(why({{Parameter, 1}}), "unknown target");
  EXPECT_EQ(why({{Recipe, 1}}), "unknown target");
  EXPECT_EQ(why({{Value, 13}}), "wrong type");
  EXPECT_EQ(why({{Move, 14}}), "wrong type");
  EXPECT_EQ(why({{Unit, 1}}), "wrong unit");
  EXPECT_EQ(why({{Unit, 2}}), "wrong unit");
  EXPECT_EQ(why({{Value, 2}}), "out of limits");
  EXPECT_EQ(why({{Value, 5}}), "out of limits");
  EXPECT_EQ(why({{Body, 1}}), "other bytes");
  EXPECT_EQ(why({{Lot, 1}}), "other bytes");
  EXPECT_EQ(why({{Expires, 4}}), "expired");
  EXPECT_EQ(why({{Expires, 2}}), "lives too long");
  EXPECT_EQ(why({{Believed, 5}}), "belief from the future");
  EXPECT_EQ(why({{Believed, 4}}), "approved before its belief");  // as far ahead as a clock may be
  EXPECT_EQ(why({{Believed, 2}}), "stale belief");
  EXPECT_EQ(why({{Health, 1}}), "unhealthy twin");
  for (int level = 1; level <= 5; ++level) EXPECT_EQ(why({{Sight, level}}), "not seen") << level;
  EXPECT_EQ(why({{Observer, 1}}), "not seen");
  EXPECT_EQ(why({{Seal, 1}}), "not seen");
  EXPECT_EQ(why({{WitnessAge, 5}}), "seen in the future");
  EXPECT_EQ(why({{WitnessAge, 2}}), "seen too long ago");
  EXPECT_EQ(why({{State, 2}}), "wrong state");
  EXPECT_EQ(why({{Conditions, 2}}), "interlocked");
  EXPECT_EQ(why({{Conditions, 4}}), "interlocked");
  EXPECT_EQ(why({{InPlace, 1}}), "drifted");
  EXPECT_EQ(why({{Move, 2}}), "move too large");
  EXPECT_EQ(why({{Move, 5}}), "move too small");
  EXPECT_EQ(why({{Approvers, 4}}), "bad approval");
  EXPECT_EQ(why({{Approvers, 5}}), "bad approval");
  EXPECT_EQ(why({{ApprovalSeal, 2}}), "bad approval");
  EXPECT_EQ(why({{Role, 1}}), "bad approval");
  EXPECT_EQ(why({{Proposer, 2}}), "own proposal");
  EXPECT_EQ(why({{ApprovalAge, 7}}), "approval from the future");
  EXPECT_EQ(why({{ApprovalAge, 4}}), "approved before its belief");
  EXPECT_EQ(why({{Approvers, 3}}), "same person twice");
  EXPECT_EQ(why({{Approvers, 1}}), "too few persons");
  EXPECT_EQ(why({{Approvers, 2}}), "too few persons");
}

TEST(GuardChecks, AnApprovalOfAYoungBeliefMayBeTooOldAllTheSame) {
  Tried t;
  t.limits = example::limits();
  t.limits.approval = 799;
  make({}, t);
  EXPECT_EQ(verdict(t), "approval too old");
  t.limits.approval = 800;
  EXPECT_EQ(verdict(t), Granted);
}

TEST(GuardChecks, AValueInAnotherUnitIsNotTheOneInPlace) {
  Tried t;
  t.limits = example::limits();
  make({}, t);
  t.request.witness->unit = "degC";
  EXPECT_EQ(verdict(t), "not seen");
  t.request.witness->unit.reset();
  EXPECT_EQ(verdict(t), "not seen");
}

TEST(GuardChecks, WhatTheLedgerHoldsIsSaidToo) {
  std::vector<std::string> reasons;
  for (int k = 0; k < static_cast<int>(pasts().size()); ++k) reasons.push_back(why({{Past, k}}));
  for (const char* reason :
       {"tool's budget spent", "fab's budget spent", "travel spent", "awaits read-back", "replayed",
        "stopped", "tool stopped", "clock went back", "seen before the last message"})
    EXPECT_NE(std::ranges::count(reasons, reason), 0) << reason;
}

TEST(GuardChecks, WhatSaysNoFormerValueHasNoTravel) {
  Tried t;
  t.limits = example::limits();
  make({}, t);
  Command before = example::offset();
  before.nonce = {9};
  before.value = Decimal{500'000'000};
  before.from.reset();
  const std::string text = show(before);
  Ledger ledger;
  ledger.apply({"done", example::Now - 100'000, Bytes(text.begin(), text.end())});
  t.ledger = &ledger;
  EXPECT_EQ(verdict(t), Granted);
}

TEST(GuardChecks, AResumeNeedsNoToolButItsPersons) {
  const Command c = example::resume("*");
  auto request = *read_request(example::resume_request(c));
  const Limits limits = example::limits();
  Ledger ledger;
  ledger.apply({"stopped", example::Now - 1, {}});
  Case good{limits, ledger, request, example::Now, example::quick_verify};
  EXPECT_EQ(judge(good), Granted);
  request.approvals.pop_back();
  Case one{limits, ledger, request, example::Now, example::quick_verify};
  EXPECT_EQ(judge(one), "too few persons");
  request = *read_request("fabtwin-guard request 1\n" + show(c));
  request.command.bytes = {1};
  Case bytes{limits, ledger, request, example::Now, example::quick_verify};
  EXPECT_EQ(judge(bytes), "other bytes");
}

TEST(GuardChecks, DoneIsTheValueAndEveryConditionAfter) {
  ActionClass action;
  Command command;
  Witness w;
  EXPECT_TRUE(is_done(action, command, w));
  command.value = Decimal{5};
  EXPECT_FALSE(is_done(action, command, w));
  w.value = Decimal{5};
  EXPECT_TRUE(is_done(action, command, w));
  w.value = Decimal{4};
  EXPECT_FALSE(is_done(action, command, w));
  w.value = Decimal{5};
  action.after = {"held", "!pm"};
  EXPECT_FALSE(is_done(action, command, w));
  w.conditions = {"held"};
  EXPECT_TRUE(is_done(action, command, w));
  w.conditions = {"held", "pm"};
  EXPECT_FALSE(is_done(action, command, w));
  w.conditions = {"!pm"};
  EXPECT_FALSE(is_done(action, command, w));
}

TEST(GuardChecks, WhatTheLimitsAloneRefuseIsRefusedFirst) {
  Tried t;
  t.limits = example::limits();
  for (const auto& [quantity, level, good] :
       std::vector<std::tuple<Quantity, int, bool>>{{Value, 2, false},
                                                    {Unit, 1, false},
                                                    {Tool, 1, false},
                                                    {Until, 2, false},
                                                    {Body, 1, true}}) {
    Levels l{};
    l[quantity] = static_cast<std::uint8_t>(level);
    make(l, t);
    Case c{t.limits, *t.ledger, t.request, example::Now, marked};
    EXPECT_EQ(judge_target(c) == Granted, good);
  }
}

}  // namespace
}  // namespace twin::guard
