// If these failed, people would sign one thing and a tool would get another.
#include "apps/fabtwin/serve/act_message.hpp"

#include <gtest/gtest.h>

#include "twin/guard/example.hpp"
#include "twin/link/secs/changes.hpp"
#include "twin/people/example.hpp"

namespace apps::fabtwin::serve {
namespace {

namespace guard = twin::guard;
namespace secs = twin::link::secs;

guard::Limits limits_with(const std::string& lines) {
  const std::string all = guard::example::limits_lines() + lines;
  return guard::read_limits(guard::example::signed_limits(all), guard::example::Authority,
                            guard::example::quick_verify);
}

struct Acting {
  twin::people::Act act = twin::people::example::set_point().act;
  std::vector<std::string> tools = {"LITHO_02", "LITHO_01"};
  std::string id = "R-1";
  twin::core::Tick now = guard::example::Now;
  [[nodiscard]] CommandMade made(const guard::Limits& limits) const {
    return command_of(limits, {.act = act,
                               .tools = tools,
                               .id = id,
                               .proposer = "twin",
                               .health = "ok",
                               .now = now,
                               .believed = now - 1'000});
  }
  [[nodiscard]] guard::Command command(const guard::Limits& limits) const {
    const auto all = made(limits);
    EXPECT_TRUE(std::holds_alternative<guard::Command>(all)) << std::get<std::string>(all);
    return std::get<guard::Command>(all);
  }
  [[nodiscard]] std::string why(const guard::Limits& limits) const {
    const auto all = made(limits);
    return std::holds_alternative<std::string>(all) ? std::get<std::string>(all) : "";
  }
};

TEST(ActMessage, IsTheGuardsOwnMessage) {
  const guard::Limits limits = limits_with("");
  Acting a;
  const guard::Command c = a.command(limits);
  EXPECT_EQ(c.tool, "LITHO_01") << "the first that the limits allow";
  EXPECT_EQ(c.value, guard::Decimal{1'500'000});
  EXPECT_EQ(c.from, guard::Decimal{500'000});
  EXPECT_EQ(c.expires, a.now + 59'000) << "the belief may be 60 s old";
  const auto m = message_of(c.bytes);
  ASSERT_TRUE(m);
  EXPECT_TRUE(m->is(2, 41));
  EXPECT_TRUE(m->wants_reply);
  EXPECT_EQ(m->at(0)->as_text(), "RECIPE_OFFSET");
  EXPECT_EQ(m->at(1, 1, 1)->as_f64(), 1.5);
  EXPECT_EQ(secs::permit_bytes(*m), c.bytes);
  // The guard agrees: with two signatures and a sight it would permit just this.
  const auto request = guard::read_request(guard::example::request(c));
  ASSERT_TRUE(request);
  guard::Case judged{limits, {}, *request, a.now, guard::example::quick_verify};
  EXPECT_EQ(guard::judge(judged), guard::Granted);
}

TEST(ActMessage, EachHasANonceOfItsOwn) {
  const guard::Limits limits = limits_with("");
  Acting a;
  const auto first = a.command(limits).nonce;
  EXPECT_EQ(a.command(limits).nonce, first);
  a.id = "R-2";
  const auto second = a.command(limits).nonce;
  EXPECT_NE(second, first);
  a.id = "R-1";
  a.act.value = 1.0;
  EXPECT_NE(a.command(limits).nonce, first);
  a.act.value = 1.5;
  ++a.now;
  EXPECT_NE(a.command(limits).nonce, first);
}

TEST(ActMessage, SaysWhatCannotBeSaid) {
  const guard::Limits limits = limits_with("");
  Acting a;
  a.act.value = 1.0 / 3.0;
  EXPECT_EQ(a.why(limits), "0.3333333333333333 cannot be written in millionths");
  a.act.value = 1e12;
  EXPECT_EQ(a.why(limits), "1000000000000 cannot be written in millionths");
  a = {};
  a.act.from.reset();
  EXPECT_EQ(a.why(limits), "what is in place is not known");
  a = {};
  a.act.kind = "rule";
  EXPECT_EQ(a.why(limits), "the guard's limits have no class 'rule'");
  a = {};
  a.tools = {"LITHO_02"};
  EXPECT_EQ(a.why(limits), "the guard's limits allow 'offset' on none of its tools");
  a = {};
  a.act.lot = "L7";
  EXPECT_EQ(a.why(limits), "the message of 'offset' does not hold all that it says");
}

TEST(ActMessage, ACalendarIsWhichMaintenance) {
  const guard::Limits limits = limits_with(
      "class start_pm.1 action approver 1 IDLE - pm "
      "S2F41,L2,A:PM_START,L2,L2,A:TOOL,A=tool,L2,A:CALENDAR,U4:1\n"
      "allow start_pm.1 LITHO_01 - - - - - - - -\n");
  Acting a;
  a.act = {.kind = "start_pm",
           .target = "LITHO_01",
           .tool = "LITHO_01",
           .parameter = "calendar",
           .unit = "number",
           .value = 1.0,
           .words = "Start it."};
  const guard::Command c = a.command(limits);
  EXPECT_EQ(c.action, "start_pm.1");
  EXPECT_FALSE(c.value);
  EXPECT_EQ(message_of(c.bytes)->at(1, 1, 1)->as_u64(), 1U);
  a.act.value = 0.0;
  EXPECT_EQ(a.why(limits), "the guard's limits have no class 'start_pm.0'");
}

TEST(ActMessage, APriorityIsNamedByItsForm) {
  const guard::Limits limits = limits_with("");
  Acting a;
  a.act = {.kind = "prefer",
           .target = "L7",
           .lot = "L7",
           .parameter = "priority",
           .unit = "number",
           .value = 5.0,
           .from = 2.0,
           .words = "Take it first."};
  const guard::Command c = a.command(limits);
  EXPECT_FALSE(c.parameter);
  EXPECT_FALSE(c.unit);
  EXPECT_EQ(c.value, guard::Decimal{5'000'000});
}

TEST(ActMessage, OnlySomeClassesAreShownToBeDone) {
  const guard::Limits limits =
      limits_with("class nudge action approver 1 IDLE - - S2F41,L2,A:NUDGE,L1,L2,A:LOT,A=lot\n");
  EXPECT_TRUE(is_shown(*guard::named(limits.classes, "offset")));
  EXPECT_TRUE(is_shown(*guard::named(limits.classes, "hold")));
  EXPECT_FALSE(is_shown(*guard::named(limits.classes, "nudge")));
}

TEST(ActMessage, AnAnswerIsTakenAsItIsMeant) {
  const auto of = [](int function, int code) {
    return taking_of({.stream = 2,
                      .function = static_cast<std::uint8_t>(function),
                      .body = secs::list(secs::binary(code), secs::list())});
  };
  EXPECT_TRUE(of(42, 0).taken);
  EXPECT_TRUE(of(42, 4).taken);
  for (const int code : {1, 2, 3, 5, 6, 64}) EXPECT_FALSE(of(42, code).taken) << code;
  EXPECT_EQ(of(42, 2).words, "HCACK 2, not now");
  EXPECT_EQ(of(50, 64).words, "HCACK 64, unknown code");
  EXPECT_FALSE(of(0, 0).taken);
  EXPECT_FALSE(taking_of({.stream = 2, .function = 42, .body = {}}).taken);
}

TEST(ActMessage, WhatIsNoMessageIsNone) {
  EXPECT_FALSE(message_of({}));
  EXPECT_FALSE(message_of({2}));
  EXPECT_FALSE(message_of({2, 42}));
  EXPECT_FALSE(message_of({2, 41, 1}));
  EXPECT_TRUE(message_of({1, 1}));
}

}  // namespace
}  // namespace apps::fabtwin::serve
