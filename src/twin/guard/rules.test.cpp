// If these failed, an authority would sign limits that say something else than it meant. What the guard
// makes of such limits all the same stands below: never more than of good ones.
#include "twin/guard/rules.hpp"

#include <gtest/gtest.h>

#include "twin/contract/refusal.hpp"
#include "twin/guard/example.hpp"

namespace twin::guard {
namespace {

using namespace example;  // NOLINT(google-build-using-namespace)

std::string wrong_rules(const std::string& signed_text) {
  return contract::refusal(
      [&] { expect_rules(read_limits(signed_text, Authority, quick_verify)); });
}
std::string with_rules(const std::string& what, const std::string& by) {
  std::string lines = limits_lines();
  const std::size_t at = lines.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  return wrong_rules(signed_limits(lines.replace(at, what.size(), by)));
}

TEST(GuardRules, AreKeptByClasses) {
  EXPECT_NE(
      with_rules("offset setpoint approver 2", "offset setpoint approver 1").find("two persons"),
      std::string::npos);
  EXPECT_NE(with_rules("resume resume admin 2", "resume resume admin 1").find("two persons"),
            std::string::npos);
  EXPECT_EQ(with_rules("offset setpoint approver 2", "offset setpoint approver 3"), "accepted");
  EXPECT_EQ(with_rules("hold action operator 1", "hold action operator 0"), "accepted");
  EXPECT_NE(with_rules("hold action", "hold act").find("must be action"), std::string::npos);
  EXPECT_NE(with_rules("class hold", "class offset").find("twice"), std::string::npos);
  EXPECT_NE(with_rules("door_open -", "door_open,interlock -").find("interlock"),
            std::string::npos);
  EXPECT_NE(with_rules("admin 2 - - - -", "admin 2 - - - S1F1,L0").find("form"), std::string::npos);
  EXPECT_NE(with_rules("S2F41,L2,A:HOLD,L1,L2,A:LOT,A=lot", "-").find("form"), std::string::npos);
  EXPECT_NE(with_rules("F8=value", "A:0").find("no value"), std::string::npos);
}

TEST(GuardRules, BoundsBelongToNumbers) {
  EXPECT_NE(with_rules("LITHO_01 - PERCENT % -5 5 2 0.1 3", "LITHO_01 - PERCENT % - - - - -")
                .find("bounds"),
            std::string::npos);
  for (const char* row :
       {"- 5 2 0.1 3", "-5 - 2 0.1 3", "-5 5 - 0.1 3", "-5 5 2 - 3", "-5 5 2 0.1 -"})
    EXPECT_NE(with_rules("-5 5 2 0.1 3", row).find("bounds"), std::string::npos) << row;
  EXPECT_NE(with_rules("allow hold LITHO_01 - - - - - - - -", "allow hold LITHO_01 - - - 1 1 1 1 1")
                .find("bounds"),
            std::string::npos);
  EXPECT_NE(
      with_rules("allow resume * - - - - - - - -", "allow resume * - - - 1 1 1 1 1").find("bounds"),
      std::string::npos);
  EXPECT_NE(with_rules("allow hold", "allow hole").find("no class"), std::string::npos);
  EXPECT_NE(with_rules("LITHO_03", "LITHO_01").find("twice"), std::string::npos);
  EXPECT_EQ(with_rules("LITHO_03 - PERCENT", "LITHO_01 - OTHER"), "accepted");
  EXPECT_EQ(with_rules("LITHO_03 - PERCENT", "LITHO_01 R1 PERCENT"), "accepted");
}

// The verdict on what the example's limits would permit, with one of their lines altered.
std::string verdict(const Command& c, const std::string& request_text, const std::string& what,
                    const std::string& by, const Ledger& ledger = {}) {
  std::string lines = limits_lines();
  const std::size_t at = lines.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  const Limits broken =
      read_limits(signed_limits(lines.replace(at, what.size(), by)), Authority, quick_verify);
  EXPECT_THROW(expect_rules(broken), core::Error) << by;
  const auto request = read_request(request_text);
  EXPECT_TRUE(request && request->command == c);
  Case k{broken, ledger, *request, Now, quick_verify};
  return std::string(judge(k));
}

TEST(GuardRules, WhereTheyAreBrokenLessIsPermitted) {
  const Command o = with_bytes(offset()), h = with_bytes(hold()), r = resume("LITHO_01");
  const std::string head = "fabtwin-guard request 1\n";
  // One person is never enough for a set-point or a resume.
  const std::string alone =
      head + show(o) + approval(o, "alice", "approver", {Alice}) + witness(o, o.from);
  EXPECT_EQ(verdict(o, alone, "setpoint approver 2", "setpoint approver 1"), "too few persons");
  EXPECT_EQ(verdict(o, alone, "setpoint approver 2", "set approver 0"), "too few persons");
  const std::string one = head + show(r) + approval(r, "alice", "admin", {Alice});
  EXPECT_EQ(verdict(r, one, "resume resume admin 2", "resume resume admin 1"), "too few persons");
  EXPECT_EQ(verdict(r, one, "resume resume admin 2", "resume action admin 1"), "too few persons");
  // An interlock is never tolerated.
  EXPECT_EQ(
      verdict(
          h, head + show(h) + approval(h, "carl", "operator", {Carl}) + witness(h, {}, "interlock"),
          "IDLE,PROCESSING pm held", "IDLE,PROCESSING pm,interlock held"),
      "interlocked");
  // A message that a resume would send is a message: its tool must be seen.
  Command sends = r;
  sends.bytes = {1, 1, 1, 0};
  EXPECT_EQ(verdict(sends,
                    head + show(sends) + approval(sends, "alice", "admin", {Alice}) +
                        approval(sends, "bob", "admin", {Bob}),
                    "resume admin 2 - - - -", "resume admin 2 - - - S1F1,L0"),
            "not seen");
  // Bounds that are not there let no number pass, and those of no number let nothing pass.
  for (const auto& [row, why] :
       std::vector<std::pair<std::string, std::string>>{{"- 5 2 0.1 3", "wrong type"},
                                                        {"-5 - 2 0.1 3", "out of limits"},
                                                        {"-5 5 - 0.1 3", "move too large"},
                                                        {"-5 5 2 0.1 -", "travel spent"}})
    EXPECT_EQ(verdict(o, request(o), "-5 5 2 0.1 3", row), why);
  EXPECT_EQ(verdict(h, hold_request(h), "allow hold LITHO_01 - - - - - - - -",
                    "allow hold LITHO_01 - - - 1 1 1 1 1"),
            "wrong type");
  // Of two lines the first one counts.
  EXPECT_EQ(verdict(o, request(o), "allow offset LITHO_01",
                    "allow offset LITHO_01 - PERCENT % 2 5 2 0.1 3\nallow offset LITHO_01"),
            "out of limits");
  EXPECT_EQ(verdict(h, hold_request(h), "class hold action",
                    "class hold action nobody 1 IDLE - held S1F1,L0\nclass hold action"),
            "other bytes");
}

}  // namespace
}  // namespace twin::guard
