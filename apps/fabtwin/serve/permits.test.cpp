// If these failed, a tool would get what nobody approved, or twice, or a twin would say that something was done which
// nobody has seen. The guard is its own process, with real keys and time; the tool counts what comes to it.
#include "apps/fabtwin/serve/permits.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <csignal>

#include "apps/fabtwin/files.hpp"
#include "apps/fabtwin/serve/act_message.hpp"
#include "apps/fabtwin/serve/guarded_site.hpp"
#include "twin/link/secs/changes.hpp"

namespace apps::fabtwin::serve {
namespace {

namespace people = twin::people;
namespace secs = twin::link::secs;
using people::Stage;
using people::Step;
using twin::guard::Decimal;

// A twin's record and a tool's line, as values.
struct PermitsTest : testing::Test {
  PermitsTest() : site("permits") {
    site.start();
    begin();
  }
  void begin() {
    permits.reset();
    permits = std::make_unique<Permits>(Permits::Options{
        .settings = site.settings,
        .limits = twin::guard::read_limits(read_text(site.settings.limits.string()),
                                           site.settings.authority),
        .real_ms = [] { return Tick{real_ms()}; },
        .line_ms = [] { return Tick{line_ms()}; },
        .people = [this]() -> const people::People& { return folded; },
        .lasting = [this]() -> const people::People& { return lasts ? folded : before; },
        .decide = [this](const people::Asked& asked) { return decide(asked); },
        .tools = [this](const people::Act&) { return std::vector{site.tool_name}; },
        .unready = [this](const std::string&) { return unready; },
        .send = [this](const std::string&, secs::Message m, twin::guard::Permit p,
                       SecsLines::Told to) { return tool(std::move(m), p, std::move(to)); },
        .unwell = [this] { return unwell; }});
  }
  std::string decide(const people::Asked& asked) {
    const people::Case* one = folded.find(asked.id);
    const people::Moment now{.now = real_ms(), .state = {0x0123456789ABCDEF}, .target = {42}};
    std::string why = people::refusal(GuardedSite::rules(), one, asked, now);
    if (!why.empty()) return why;
    folded.apply(folded.note(one, asked, now));
    steps.emplace_back(people::word(asked.step));
    remark = asked.remark;
    reason = asked.reason;
    return {};
  }
  std::string tool(secs::Message m, const twin::guard::Permit& permit, SecsLines::Told to) {
    EXPECT_TRUE(permit.allows(site.tool_name, secs::permit_bytes(m), line_ms()));
    wire.push_back(std::move(m));
    if (on_message) on_message();
    told = std::move(to);
    return {};
  }
  void answer(int hcack) {
    ASSERT_TRUE(told);
    told({.message = secs::Message{.stream = 2,
                                   .function = 42,
                                   .body = secs::list(secs::binary(hcack), secs::list())},
          .why = {}});
    told = {};
  }
  // Proposed by the twin, as it would be sent.
  const people::Recommendation& propose(people::Recommendation r) {
    permits->attach(r);
    EXPECT_TRUE(r.command) << "it cannot be sent";
    const std::string id = r.id;
    EXPECT_EQ(decide({.id = id, .actor = "twin", .content = std::move(r)}), "");
    return folded.find(id)->content;
  }
  std::string approve(const std::string& id, const std::string& who, std::string line) {
    return decide({.id = id,
                   .step = Step::Approve,
                   .actor = who,
                   .capacity = people::Capacity::Approver,
                   .seen = folded.find(id)->digest,
                   .signature = std::move(line)});
  }
  void approve_both(const std::string& id) {
    const std::string text = *folded.find(id)->content.command;
    EXPECT_EQ(approve(id, "alice", site.approval(text, "alice", site.Alice)), "");
    EXPECT_EQ(approve(id, "bob", site.approval(text, "bob", site.Bob)), "");
  }
  // Turns until it is so; no turn may take long, whatever the others do.
  bool until(const std::function<bool()>& so, int seconds = 20) {
    for (const Tick end = line_ms() + seconds * 1'000; line_ms() < end;) {
      site.observer->turn();
      const Tick at = line_ms();
      permits->turn();
      longest = std::max(longest, line_ms() - at);
      if (so()) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return false;
  }
  void nobody_vetoes(const std::string& id) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    EXPECT_EQ(decide({.id = id,
                      .step = Step::Approve,
                      .actor = "twin",
                      .capacity = people::Capacity::Twin,
                      .reason = people::Reason::NoVeto}),
              "");
  }
  bool comes_to(const std::string& id, Stage stage) {
    return until([&] { return folded.find(id)->stage == stage; });
  }
  bool on_the_wire(std::size_t messages) {
    return until([&] { return wire.size() >= messages; });
  }
  void sees(std::int64_t micro) { site.sight = plant::Sight{"standby", {}, Decimal{micro}}; }

  GuardedSite site;
  people::People folded, before;
  bool lasts = true;
  std::string unready, unwell;
  std::vector<secs::Message> wire;
  std::function<void()> on_message;
  SecsLines::Told told;
  std::vector<std::string> steps;  // as they came into the record
  std::string remark;              // of the last one
  people::Reason reason = people::Reason::None;
  Tick longest = 0;
  std::unique_ptr<Permits> permits;
};

using StepsTaken = std::vector<std::string>;

TEST_F(PermitsTest, WhatTwoPersonsApprovedIsSentOnceAndSeen) {
  propose(site.offset("R-1", 1.5));
  const std::string text = *folded.find("R-1")->content.command;
  EXPECT_EQ(approve("R-1", "alice", site.approval(text, "alice", site.Alice)), "");
  EXPECT_FALSE(until([&] { return !wire.empty(); }, 1)) << "one person is not two";
  before = folded;
  lasts = false;
  EXPECT_EQ(approve("R-1", "bob", site.approval(text, "bob", site.Bob)), "");
  EXPECT_TRUE(comes_to("R-1", Stage::Sent));
  EXPECT_FALSE(until([&] { return !wire.empty(); }, 1)) << "the record does not hold it yet";
  lasts = true;
  ASSERT_TRUE(on_the_wire(1));
  EXPECT_EQ(secs::permit_bytes(wire[0]), twin::guard::read_command(text)->bytes);
  sees(1'500'000);
  answer(0);
  EXPECT_TRUE(comes_to("R-1", Stage::Verified));
  EXPECT_EQ(remark, "mes sees standby, value 1.5");
  EXPECT_EQ(steps, (StepsTaken{"propose", "approve", "approve", "send", "acknowledge", "verify"}));
  EXPECT_EQ(wire.size(), 1U);
  EXPECT_LT(longest, 500);
}

TEST_F(PermitsTest, WhatIsNotSignedSoIsRefusedByTheGuard) {
  // Each of these passes the rules of the trail, as if the server had been taken over; the guard lets none out.
  struct Forged {
    const char* id;
    const char* why;
    std::function<std::string(const std::string& text)> line;
  };
  std::string earlier;
  const std::vector<Forged> forged = {
      {"R-1", "another's key",
       [&](const std::string& text) { return site.approval(text, "bob", site.Stranger); }},
      {"R-2", "another text",
       [&](const std::string& text) {
         std::string edited = text;
         edited.replace(edited.find("value 1.5"), 9, "value 2.5");
         return site.approval(edited, "bob", site.Bob);
       }},
      {"R-3", "of an earlier one", [&](const std::string&) { return earlier; }},
      {"R-4", "too long ago",
       [&](const std::string& text) {
         return site.approval(text, "bob", site.Bob, real_ms() - 900'001);
       }},
      {"R-5", "in another's name",
       [&](const std::string& text) { return site.approval(text, "alice", site.Alice); }},
      {"R-6", "no line", [](const std::string&) { return std::string("yes"); }},
      {"R-7", "of the future", [&](const std::string& text) {
         return site.approval(text, "bob", site.Bob, real_ms() + 60'000);
       }}};
  for (const Forged& f : forged) {
    auto r = site.offset(f.id, 1.5);
    r.assumed.state_at -= 1'000'000;  // so that an old approval is not older than its belief
    propose(r);
    const std::string text = *folded.find(f.id)->content.command;
    EXPECT_EQ(approve(f.id, "alice", site.approval(text, "alice", site.Alice)), "");
    const std::string line = f.line(text);
    earlier = site.approval(text, "bob", site.Bob);
    EXPECT_EQ(approve(f.id, "bob", line), "");
    EXPECT_TRUE(comes_to(f.id, Stage::Failed)) << f.why;
    EXPECT_EQ(reason, people::Reason::GuardRefused) << f.why;
    EXPECT_TRUE(remark.starts_with("the guard says: refused ")) << f.why << ": " << remark;
    EXPECT_TRUE(remark.ends_with("; nothing was sent")) << f.why << ": " << remark;
  }
  EXPECT_EQ(wire.size(), 0U);
}

TEST_F(PermitsTest, AnApprovalThatTheGuardCouldNotTakeIsRefusedAtOnce) {
  propose(site.offset("R-1", 1.5));
  const people::Case* one = folded.find("R-1");
  const std::string text = *one->content.command;
  const auto objection = [&](std::optional<std::string> line) {
    return permits->objection(one, {.id = "R-1",
                                    .step = Step::Approve,
                                    .actor = "alice",
                                    .capacity = people::Capacity::Approver,
                                    .signature = std::move(line)});
  };
  EXPECT_EQ(objection(site.approval(text, "alice", site.Alice)), "");
  EXPECT_EQ(objection({}),
            "'R-1' is sent by the twin: an approval must be signed (fabtwin decide --sign KEY)");
  EXPECT_EQ(objection("yes"), "the signature is no line 'approval PERSON ROLE AT SIGNATURE'");
  EXPECT_EQ(objection(site.approval(text, "bob", site.Bob)),
            "the approval is signed for bob as approver (it takes alice as approver)");
  EXPECT_EQ(objection(site.approval(text, "alice", site.Stranger)),
            "the signature is not alice's of this text");
  EXPECT_EQ(objection(site.approval(text + " ", "alice", site.Alice)),
            "the signature is not alice's of this text");
  // What cannot be sent is not even proposed.
  auto far = site.offset("R-2", 1.5);
  far.act.recipe = "R9";
  permits->attach(far);
  EXPECT_FALSE(far.command);
  EXPECT_EQ(permits->objection(nullptr, {.id = "R-2", .actor = "twin", .content = far}),
            "'R-2' cannot be sent (the guard's limits allow 'offset' on none of its tools)");
  // By hand is by hand.
  far.level = 4;
  EXPECT_EQ(permits->objection(nullptr, {.id = "R-2", .actor = "twin", .content = far}), "");
}

TEST_F(PermitsTest, WithoutItsGuardNothingIsSent) {
  propose(site.offset("R-1", 1.5));
  approve_both("R-1");
  (void)site.guard->end(SIGKILL);
  EXPECT_TRUE(comes_to("R-1", Stage::Failed));
  EXPECT_EQ(reason, people::Reason::GuardRefused);
  EXPECT_TRUE(remark.starts_with("the guard is not there (")) << remark;
  EXPECT_TRUE(remark.ends_with("; nothing was sent")) << remark;
  EXPECT_TRUE(until([&] { return permits->status().state.starts_with("the guard is not there"); }));
  EXPECT_FALSE(permits->status().well);
  // It begins anew on its ledger, and what is approved from now on is sent.
  site.start();
  propose(site.offset("R-2", 1.5));
  approve_both("R-2");
  EXPECT_TRUE(on_the_wire(1));
  EXPECT_EQ(folded.find("R-1")->stage, Stage::Failed);
  EXPECT_LT(longest, 500);
}

TEST_F(PermitsTest, AGuardThatIsSilentHoldsUpNobody) {
  site.guard->signal(SIGSTOP);
  propose(site.offset("R-1", 1.5));
  approve_both("R-1");
  EXPECT_TRUE(comes_to("R-1", Stage::Failed));
  EXPECT_EQ(remark, "the guard did not answer within 2000 ms; nothing was sent");
  // Whatever it answers when it wakes, nobody waits for it any more.
  site.guard->signal(SIGCONT);
  EXPECT_FALSE(until([&] { return !wire.empty(); }, 1));
  EXPECT_LT(longest, 500);
}

TEST_F(PermitsTest, AStoppedGuardStopsAll) {
  propose(site.offset("R-1", 1.5));
  site.guard->signal(SIGUSR1);
  EXPECT_TRUE(until([&] { return permits->status().state.starts_with("stopped"); }));
  EXPECT_FALSE(permits->status().well);
  approve_both("R-1");
  EXPECT_TRUE(comes_to("R-1", Stage::Failed));
  EXPECT_EQ(remark, "the guard says: refused stopped; nothing was sent");
  EXPECT_EQ(wire.size(), 0U);
}

TEST_F(PermitsTest, WithoutAnObserverNothingIsSent) {
  site.sight = std::string("it is dark");
  propose(site.hold("R-1", "L7"));
  EXPECT_EQ(approve("R-1", "alice",
                    site.approval(*folded.find("R-1")->content.command, "alice", site.Alice)),
            "");
  EXPECT_TRUE(comes_to("R-1", Stage::Failed));
  EXPECT_EQ(remark, "the observer says: refused it is dark; nothing was sent");
  std::filesystem::remove(site.settings.observer);
  propose(site.offset("R-2", 1.5));
  approve_both("R-2");
  EXPECT_TRUE(comes_to("R-2", Stage::Failed));
  EXPECT_TRUE(remark.starts_with("the observer is not there (")) << remark;
  EXPECT_EQ(wire.size(), 0U);
}

TEST_F(PermitsTest, ARestartSendsNothingTwice) {
  propose(site.offset("R-1", 1.5));
  approve_both("R-1");
  ASSERT_TRUE(on_the_wire(1));
  begin();  // the answer is lost with the process; the tool has done it
  sees(1'500'000);
  EXPECT_EQ(permits->under_way(), 1U);
  EXPECT_TRUE(comes_to("R-1", Stage::Verified));
  EXPECT_EQ(steps, (StepsTaken{"propose", "approve", "approve", "send", "acknowledge", "verify"}));
  EXPECT_EQ(wire.size(), 1U);
  // Nothing is left over, and another restart finds nothing to do.
  begin();
  EXPECT_EQ(permits->under_way(), 0U);
}

TEST_F(PermitsTest, ARestartThatCannotTellSaysSo) {
  propose(site.offset("R-1", 1.5));
  approve_both("R-1");
  on_message = [this] { told = {}; };  // the process is killed as the message leaves
  ASSERT_TRUE(on_the_wire(1));
  begin();
  EXPECT_TRUE(comes_to("R-1", Stage::Failed));
  EXPECT_EQ(reason, people::Reason::NoAnswer);
  EXPECT_EQ(remark,
            "unknown whether it was carried out (the twin was started anew in between; mes sees "
            "standby, value 0.5): look at the tool; the guard has stopped the tool");
  EXPECT_EQ(wire.size(), 1U);
}

TEST_F(PermitsTest, ARestartBeforeTheBytesLeaveSendsNothingEither) {
  // The record says sent, and the guard was not asked yet.
  before = folded;
  lasts = false;
  propose(site.offset("R-1", 1.5));
  approve_both("R-1");
  EXPECT_TRUE(comes_to("R-1", Stage::Sent));
  lasts = true;
  begin();
  EXPECT_TRUE(comes_to("R-1", Stage::Failed));
  EXPECT_TRUE(remark.starts_with("unknown whether it was carried out (")) << remark;
  EXPECT_TRUE(remark.ends_with("): look at the tool")) << remark;
  EXPECT_EQ(wire.size(), 0U);
}

TEST_F(PermitsTest, WhatIsSeenToBeOtherwiseIsPutBack) {
  propose(site.offset("R-1", 1.5));
  approve_both("R-1");
  ASSERT_TRUE(on_the_wire(1));
  sees(3'000'000);  // the tool has misread it
  answer(0);
  ASSERT_TRUE(on_the_wire(2));
  EXPECT_EQ(folded.find("R-1")->stage, Stage::Acknowledged);
  const auto* value = wire[1].at(1, 1, 1);
  ASSERT_NE(value, nullptr);
  EXPECT_EQ(value->as_f64(), 0.5);
  answer(0);
  EXPECT_TRUE(comes_to("R-1", Stage::Failed));
  EXPECT_EQ(reason, people::Reason::ReadBackDiffers);
  EXPECT_EQ(remark,
            "mes sees standby, value 3; the guard has stopped the tool; put back: HCACK 0, done");
  // And the tool is left alone until two persons have looked.
  sees(500'000);
  propose(site.offset("R-2", 1.0));
  approve_both("R-2");
  EXPECT_TRUE(comes_to("R-2", Stage::Failed));
  EXPECT_EQ(remark, "the guard says: refused tool stopped; nothing was sent");
  EXPECT_EQ(wire.size(), 2U);
}

TEST_F(PermitsTest, AToolThatRefusesHasNotDoneIt) {
  propose(site.offset("R-1", 1.5));
  approve_both("R-1");
  ASSERT_TRUE(on_the_wire(1));
  answer(2);
  EXPECT_TRUE(comes_to("R-1", Stage::Failed));
  EXPECT_EQ(reason, people::Reason::ToolRefused);
  EXPECT_TRUE(remark.starts_with("the tool says: HCACK 2, not now")) << remark;
  EXPECT_EQ(wire.size(), 1U) << "there is nothing to put back";
}

TEST_F(PermitsTest, AnAnswerThatIsLostIsLookedFor) {
  propose(site.hold("R-1", "L7"));
  site.sight = plant::Sight{"productive", {}, {}};
  EXPECT_EQ(approve("R-1", "alice",
                    site.approval(*folded.find("R-1")->content.command, "alice", site.Alice)),
            "");
  ASSERT_TRUE(on_the_wire(1));
  EXPECT_EQ(folded.find("R-1")->content.act.tool, site.tool_name);
  told({.message = {}, .why = "no answer came (the line was lost)"});
  EXPECT_FALSE(until([&] { return folded.find("R-1")->stage != Stage::Sent; }, 1));
  site.sight = plant::Sight{"productive", {"held"}, {}};
  EXPECT_TRUE(comes_to("R-1", Stage::Verified));
  EXPECT_EQ(remark, "mes sees productive (held)");
  EXPECT_EQ(wire.size(), 1U);
}

TEST_F(PermitsTest, WhatNobodyVetoesIsSentWithoutSignatures) {
  site.sight = plant::Sight{"standby", {}, Decimal{10'000'000}};
  propose(site.prefer("R-1", "L7"));
  nobody_vetoes("R-1");
  ASSERT_TRUE(on_the_wire(1));
  EXPECT_EQ(wire[0].at(1, 1, 1)->as_f64(), 30.0);
  answer(0);
  // The guard keeps no tool for it, so that it is the observer alone who tells.
  EXPECT_FALSE(until([&] { return folded.find("R-1")->stage == Stage::Verified; }, 1));
  site.sight = plant::Sight{"standby", {}, Decimal{30'000'000}};
  EXPECT_TRUE(comes_to("R-1", Stage::Verified));
  EXPECT_TRUE(until([&] {
    return permits->status().state.ends_with("1 to be taken back by people when its time is over");
  })) << permits->status().state;
}

TEST_F(PermitsTest, AnOldSightShowsNothing) {
  site.sight = plant::Sight{"standby", {}, Decimal{10'000'000}};
  site.observer_lag = 4'000;  // no older than the limits allow, and older than the message
  propose(site.prefer("R-1", "L7"));
  nobody_vetoes("R-1");
  ASSERT_TRUE(on_the_wire(1));
  site.sight = plant::Sight{"standby", {}, Decimal{30'000'000}};
  answer(0);
  EXPECT_FALSE(until([&] { return folded.find("R-1")->stage == Stage::Verified; }, 2));
  site.observer_lag = 0;
  EXPECT_TRUE(comes_to("R-1", Stage::Verified));
}

TEST_F(PermitsTest, WaitsForATwinThatIsWellAndATool) {
  unwell = "the data are stale";
  propose(site.offset("R-1", 1.5));
  EXPECT_NE(folded.find("R-1")->content.command->find("\nhealth degraded\n"), std::string::npos);
  approve_both("R-1");
  EXPECT_FALSE(until([&] { return folded.find("R-1")->stage != Stage::Approved; }, 1));
  EXPECT_TRUE(permits->status().state.ends_with("R-1 waits: the data are stale"));
  unwell.clear();
  unready = "the line of LITHO_01 does not tell";
  EXPECT_FALSE(until([&] { return folded.find("R-1")->stage != Stage::Approved; }, 1));
  unready.clear();
  // What was signed says that the twin was not well: the guard does not take it.
  EXPECT_TRUE(comes_to("R-1", Stage::Failed));
  EXPECT_EQ(remark, "the guard says: refused unhealthy twin; nothing was sent");
}

}  // namespace
}  // namespace apps::fabtwin::serve
