// If these failed, something could be sent that nobody approved, or approved on what is no longer so.
#include "twin/people/lifecycle.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "twin/contract/refusal.hpp"
#include "twin/core/draw.hpp"
#include "twin/people/example.hpp"
#include "twin/people/people.hpp"

namespace twin::people {
namespace {

constexpr Moment Then{.now = example::Now, .state = {0x0123456789ABCDEF}, .target = {42}};

// A site with one recommendation, whose steps are taken one by one.
struct Desk {
  People people = {};
  Rules rules = example::rules();
  Moment moment = Then;

  std::string ask(Asked asked) {
    const Case* one = people.find(asked.id);
    if (one != nullptr && !asked.seen && asked.step != Step::Propose) asked.seen = one->digest;
    std::string no = refusal(rules, one, asked, moment);
    if (no.empty()) people.apply(people.note(one, asked, moment));
    return no;
  }
  std::string propose(const Recommendation& r) {
    return ask({.id = r.id, .step = Step::Propose, .actor = "twin", .content = r});
  }
  std::string approve(const std::string& who, const std::string& id = "R-1",
                      Capacity as = Capacity::Approver) {
    return ask({.id = id, .step = Step::Approve, .actor = who, .capacity = as});
  }
  std::string by(Step step, Capacity as, Reason reason = Reason::None,
                 const std::string& id = "R-1") {
    const std::string who(as == Capacity::Twin || as == Capacity::Link ? word(as) : "carl");
    return ask({.id = id, .step = step, .actor = who, .capacity = as, .reason = reason});
  }
  [[nodiscard]] Stage stage(const std::string& id = "R-1") const { return people.find(id)->stage; }
};

Recommendation edited(Recommendation r, double value) {
  r.act.value = value;
  r.act.words = "Set it to something else.";
  return r;
}

// A desk whose recommendation R-1 is at this stage (nothing: it is not there), by the shortest way.
Desk desk_at(std::optional<Stage> stage) {
  Desk d;
  Recommendation r = example::set_point("R-1");
  if (!stage) return d;
  const auto ok = [](const std::string& no) { EXPECT_EQ(no, ""); };
  ok(d.propose(r));
  if (*stage == Stage::Proposed) return d;
  if (*stage == Stage::Edited) {
    ok(d.ask({.id = "R-1",
              .step = Step::Edit,
              .actor = "erna",
              .capacity = Capacity::Engineer,
              .content = edited(r, 1.0)}));
    return d;
  }
  if (*stage == Stage::Rejected) {
    ok(d.by(Step::Reject, Capacity::Approver, Reason::NotNow));
    return d;
  }
  if (*stage == Stage::Expired) {
    d.moment.now = r.expires;
    ok(d.by(Step::Expire, Capacity::Twin, Reason::TimePassed));
    d.moment = Then;
    return d;
  }
  ok(d.approve("alice"));
  ok(d.approve("bob"));
  if (*stage == Stage::Approved) return d;
  ok(d.by(Step::Send, Capacity::Link));
  if (*stage == Stage::Sent) return d;
  if (*stage == Stage::Failed) {
    ok(d.by(Step::Fail, Capacity::Link, Reason::NoAnswer));
    return d;
  }
  ok(d.by(Step::Acknowledge, Capacity::Link));
  if (*stage == Stage::Acknowledged) return d;
  ok(d.by(Step::Verify, Capacity::Link));
  if (*stage == Stage::Verified) return d;
  ok(d.by(Step::Undo, Capacity::Operator, Reason::SideEffect));
  return d;
}

std::string name_of(std::optional<Stage> stage) {
  return stage ? std::string(word(*stage)) : "nothing";
}

TEST(Lifecycle, EveryPairOfStageAndStepIsAsThisTableSays) {
  // 11 stages and 10 steps; what is not listed is impossible. Approve is of two persons here, the second one's.
  const std::map<std::pair<std::string, std::string>, std::string> possible = {
      {{"nothing", "propose"}, "proposed"},      {{"proposed", "edit"}, "edited"},
      {{"proposed", "approve"}, "approved"},     {{"proposed", "reject"}, "rejected"},
      {{"proposed", "expire"}, "expired"},       {{"edited", "edit"}, "edited"},
      {{"edited", "approve"}, "approved"},       {{"edited", "reject"}, "rejected"},
      {{"edited", "expire"}, "expired"},         {{"approved", "reject"}, "rejected"},
      {{"approved", "expire"}, "expired"},       {{"approved", "send"}, "sent"},
      {{"sent", "acknowledge"}, "acknowledged"}, {{"sent", "fail"}, "failed"},
      {{"acknowledged", "verify"}, "verified"},  {{"acknowledged", "fail"}, "failed"},
      {{"verified", "undo"}, "undone"}};
  std::vector<std::optional<Stage>> stages = {std::nullopt};
  for (std::size_t k = 0; k < StageWords.size(); ++k) stages.emplace_back(static_cast<Stage>(k));
  std::size_t tried = 0, went = 0;
  for (const auto& from : stages) {
    for (std::size_t k = 0; k < StepWords.size(); ++k) {
      const auto step = static_cast<Step>(k);
      const auto at = possible.find({name_of(from), std::string(word(step))});
      const std::string wanted = at == possible.end() ? "impossible" : at->second;
      const auto to = next(from, step);
      EXPECT_EQ(to ? word(*to) : "impossible", wanted) << name_of(from) << " " << word(step);

      // The same by the whole way: refusal, entry, fold. Each step is asked by whoever may.
      Desk d = desk_at(from);
      const People before = d.people;
      Asked a{.id = "R-1", .step = step, .actor = "link", .capacity = Capacity::Link};
      const bool by_person = step == Step::Edit || step == Step::Approve || step == Step::Reject;
      if (by_person) a.actor = "dora", a.capacity = Capacity::Approver;
      if (step == Step::Propose || step == Step::Expire)
        a.actor = "twin", a.capacity = Capacity::Twin;
      if (step == Step::Propose) a.content = example::set_point("R-1");
      if (step == Step::Edit && from) a.content = edited(d.people.find("R-1")->content, 1.75);
      if (step == Step::Edit && !from) a.content = example::set_point("R-1");
      if (step == Step::Approve && from && next(from, step)) {
        EXPECT_EQ(d.approve("alice"), "");
      }
      a.reason = step == Step::Reject || step == Step::Fail || step == Step::Undo ? Reason::Other
                 : step == Step::Expire ? Reason::TimePassed
                                        : Reason::None;
      if (a.reason == Reason::Other) a.remark = "because";
      if (step == Step::Expire) d.moment.now = example::set_point().expires;
      const std::string no = d.ask(a);
      if (wanted == "impossible") {
        EXPECT_EQ(no, from ? "'R-1' is " + name_of(from) + ": one cannot " +
                                 std::string(word(step)) + " it"
                           : "there is no recommendation 'R-1'");
        EXPECT_EQ(d.people, before);
        // And who records such an entry all the same is found by the fold.
        DecisionEntry e{.number = d.people.trail().size(),
                        .chain = d.people.trail().head(),
                        .at = d.moment.now,
                        .id = "R-1",
                        .step = step,
                        .actor = "x",
                        .before = digest_of(d.people.find("R-1")),
                        .content = a.content};
        EXPECT_NE(contract::refusal([&] { d.people.apply(note_of(DecisionNote, e)); }), "accepted");
      } else {
        EXPECT_EQ(no, "") << name_of(from) << " " << word(step);
        EXPECT_EQ(word(d.stage()), wanted);
        ++went;
      }
      ++tried;
    }
  }
  EXPECT_EQ(tried, 110U);
  EXPECT_EQ(went, possible.size());
}

TEST(Lifecycle, EveryStepIsTakenByWhomThisTableSays) {
  // Rows: steps; letters: viewer, engineer, approver, operator, admin, twin, link.
  const std::map<Step, std::pair<std::optional<Stage>, std::string>> may_take = {
      {Step::Propose, {std::nullopt, "eT"}},      {Step::Edit, {Stage::Proposed, "ea"}},
      {Step::Approve, {Stage::Proposed, "a"}},    {Step::Reject, {Stage::Proposed, "eao"}},
      {Step::Expire, {Stage::Proposed, "T"}},     {Step::Send, {Stage::Approved, "L"}},
      {Step::Acknowledge, {Stage::Sent, "L"}},    {Step::Fail, {Stage::Sent, "L"}},
      {Step::Verify, {Stage::Acknowledged, "L"}}, {Step::Undo, {Stage::Verified, "oL"}}};
  const std::string letters = "veaoATL";
  for (const auto& [step, where] : may_take) {
    for (std::size_t k = 0; k < letters.size(); ++k) {
      const auto as = static_cast<Capacity>(k);
      Desk d = desk_at(where.first);
      const bool program = as >= Capacity::Twin;
      Asked a{.id = "R-1",
              .step = step,
              .actor = program ? std::string(word(as)) : "zoe",
              .capacity = as};
      if (step == Step::Propose) {
        a.content = example::set_point("R-1");
        a.content->proposer = a.actor;
      }
      if (step == Step::Edit) a.content = edited(example::set_point("R-1"), 1.0);
      if (step == Step::Reject || step == Step::Fail || step == Step::Undo)
        a.reason = Reason::Other, a.remark = "because";
      if (step == Step::Expire)
        a.reason = Reason::TimePassed, d.moment.now = example::set_point().expires;
      const std::string no = d.ask(a);
      EXPECT_EQ(no.empty(), where.second.find(letters[k]) != std::string::npos)
          << word(step) << " by " << word(as) << ": " << no;
    }
  }
}

TEST(Lifecycle, EveryReasonFitsItsSteps) {
  std::size_t fitting = 0;
  for (std::size_t s = 0; s < StepWords.size(); ++s) {
    for (std::size_t r = 0; r < ReasonWords.size(); ++r)
      fitting += fits(static_cast<Step>(s), static_cast<Reason>(r)) ? 1U : 0U;
  }
  EXPECT_EQ(fitting, 9U + 5 + 2 + 3 + 5 + 5 + 4);
  EXPECT_FALSE(fits(Step::Reject, Reason::None)) << "who says no says why";
}

TEST(Lifecycle, StaleApprovalsAreRefused) {
  const std::string id = "'R-1' is stale ";
  {
    Desk d = desk_at(Stage::Proposed);
    d.moment.target = {43};
    EXPECT_EQ(d.approve("alice"), id + "(its target has moved since 1795935539000)");
    EXPECT_EQ(d.by(Step::Expire, Capacity::Twin, Reason::TargetMoved), "");
  }
  {  // of a set-point, nothing at all may have moved
    Desk d = desk_at(Stage::Proposed);
    d.moment.state = {1};
    EXPECT_EQ(d.approve("alice"), id + "(the state has moved since 1795935539000)");
  }
  {  // of a lot's move, the rest of the fab may
    Desk d;
    EXPECT_EQ(d.propose(example::advice()), "");
    d.moment.state = {1};
    EXPECT_EQ(d.approve("alice"), "");
    d.moment.target = {43};
    EXPECT_EQ(d.by(Step::Send, Capacity::Link), id + "(its target has moved since 1795935539000)");
  }
  {
    Desk d = desk_at(Stage::Proposed);
    d.moment.now = example::Now + 600'000;
    EXPECT_EQ(d.approve("alice"), id + "(its belief is 661000 ms old, at most 600000)");
    EXPECT_EQ(d.by(Step::Expire, Capacity::Twin, Reason::OldBelief), "");
  }
  {
    Desk d = desk_at(Stage::Approved);
    d.moment.now = example::set_point().expires;
    EXPECT_EQ(d.by(Step::Send, Capacity::Link), "'R-1' has expired at 1795939200000");
    d.moment.now -= 1;
    EXPECT_EQ(d.by(Step::Expire, Capacity::Twin, Reason::TimePassed),
              "'R-1' has not expired by 'time-passed'");
  }
  {  // somebody else has edited it meanwhile
    Desk d = desk_at(Stage::Proposed);
    const Digest seen = d.people.find("R-1")->digest;
    EXPECT_EQ(d.ask({.id = "R-1",
                     .step = Step::Edit,
                     .actor = "erna",
                     .capacity = Capacity::Engineer,
                     .content = edited(example::set_point("R-1"), 1)}),
              "");
    EXPECT_EQ(d.ask({.id = "R-1",
                     .step = Step::Approve,
                     .actor = "alice",
                     .capacity = Capacity::Approver,
                     .seen = seen}),
              "'R-1' is not the text that was seen any more");
  }
}

TEST(Lifecycle, ItTakesTwoPersonsNeitherOfWhomProposedOrEditedIt) {
  Desk d = desk_at(Stage::Proposed);
  EXPECT_EQ(d.approve("alice"), "");
  EXPECT_EQ(d.stage(), Stage::Proposed);
  EXPECT_EQ(d.by(Step::Send, Capacity::Link), "'R-1' is proposed: one cannot send it");
  EXPECT_EQ(d.approve("alice"), "'alice' has approved 'R-1' already; it takes another person");
  EXPECT_EQ(d.ask({.id = "R-1",
                   .step = Step::Edit,
                   .actor = "bob",
                   .capacity = Capacity::Approver,
                   .content = edited(example::set_point("R-1"), 0.75)}),
            "");
  EXPECT_TRUE(d.people.find("R-1")->approvals.empty()) << "alice approved another text";
  EXPECT_EQ(d.approve("bob"), "'bob' has edited 'R-1' and may not approve it");
  EXPECT_EQ(d.approve("alice"), "");
  EXPECT_EQ(d.approve("dora"), "");
  EXPECT_EQ(d.stage(), Stage::Approved);

  Desk by_hand;
  Recommendation r = example::advice();
  r.proposer = "erna";
  EXPECT_EQ(by_hand.ask({.id = "R-1",
                         .step = Step::Propose,
                         .actor = "erna",
                         .capacity = Capacity::Engineer,
                         .content = r}),
            "");
  EXPECT_EQ(by_hand.approve("erna"), "'erna' has proposed 'R-1' and may not approve it");
  EXPECT_EQ(by_hand.approve("twin"), "'twin' cannot act as approver");
}

TEST(Lifecycle, EditsKeepToTheirBoundsAndToTheValue) {
  Desk d = desk_at(Stage::Proposed);
  const auto edit = [&](const Recommendation& to) {
    return d.ask({.id = "R-1",
                  .step = Step::Edit,
                  .actor = "erna",
                  .capacity = Capacity::Engineer,
                  .content = to});
  };
  const Recommendation r = example::set_point("R-1");
  EXPECT_EQ(edit(edited(r, 2.01)), "recommendation: its act's value is outside its own bounds");
  EXPECT_EQ(edit(edited(r, 1.5)), "the edit of 'R-1' changes nothing");
  Recommendation other = edited(r, 1.0);
  other.act.target = "LITHO_02";
  EXPECT_EQ(edit(other), "an edit of 'R-1' may change its value alone");
  other = edited(r, 1.0);
  other.persons = 1;
  EXPECT_EQ(edit(other), "an edit of 'R-1' may change its value alone");
  other = edited(r, 1.0);
  other.edit->most = 100;
  EXPECT_EQ(edit(other), "an edit of 'R-1' may change its value alone");
  other = edited(r, 1.0);
  other.expires += 1;
  EXPECT_EQ(edit(other), "an edit of 'R-1' may change its value alone");
  other = edited(r, 1.0);
  other.benefit.gain = {.low = 0.1, .mean = 0.2, .high = 0.3};  // simulated again
  EXPECT_EQ(edit(other), "");
  EXPECT_EQ(d.people.find("R-1")->content, other);
  Desk fixed;
  EXPECT_EQ(fixed.propose(example::advice()), "");
  EXPECT_EQ(fixed.ask({.id = "R-1",
                       .step = Step::Edit,
                       .actor = "erna",
                       .capacity = Capacity::Engineer,
                       .content = example::advice()}),
            "'R-1' cannot be edited");
}

TEST(Lifecycle, NothingIsSentWithoutApprovalButWhatARuleOptedFor) {
  Desk d = desk_at(Stage::Proposed);
  EXPECT_EQ(d.by(Step::Approve, Capacity::Twin, Reason::NoVeto),
            "'offset' is never sent without approval");
  Recommendation r = example::advice("M-1");
  r.act.kind = "measure";
  r.level = 6;
  EXPECT_EQ(d.propose(r), "");
  EXPECT_EQ(d.by(Step::Approve, Capacity::Twin, Reason::NoVeto, "M-1"),
            "'M-1' may be vetoed until 1795935900000");
  EXPECT_EQ(d.by(Step::Approve, Capacity::Twin, Reason::None, "M-1"), "the twin approves nothing");
  d.moment.now += 300'000;
  EXPECT_EQ(d.by(Step::Approve, Capacity::Twin, Reason::NoVeto, "M-1"), "");
  EXPECT_EQ(d.stage("M-1"), Stage::Approved);
  r.id = "M-2";
  r.undo = {.reversal = Reversal::Partly, .how = "x", .cannot = "y"};
  EXPECT_EQ(d.propose(r), "'M-2' cannot be undone as a whole, which level 6 asks for");
  r.act.kind = "anything";
  EXPECT_EQ(d.propose(r), "no rule allows actions of the class 'anything'");
  r = example::set_point("R-9");
  r.persons = 1;
  EXPECT_EQ(d.propose(r),
            "'R-9' says role approver, 1 persons, level 5 (its class says approver, 2, 5)");
  // A rule that was tightened meanwhile.
  Desk later;
  EXPECT_EQ(later.propose(example::advice()), "");
  later.rules.classes[0].persons = 2;
  EXPECT_EQ(later.approve("alice"),
            "'R-1' says role approver, 1 persons, level 5 (its class says approver, 2, 5)");
  later.rules.classes.clear();
  EXPECT_EQ(later.approve("alice"), "no rule allows actions of the class 'prefer'");
  EXPECT_EQ(later.by(Step::Reject, Capacity::Approver, Reason::NotNow), "");
}

TEST(Lifecycle, AdviceIsCarriedOutByPeople) {
  Desk d;
  Recommendation r = example::advice();
  r.act.kind = "advise";
  r.role = Role::Operator;
  r.level = 4;
  EXPECT_EQ(d.propose(r), "");
  EXPECT_EQ(d.approve("alice"), "'R-1' takes the role operator to approve");
  EXPECT_EQ(d.approve("olga", "R-1", Capacity::Operator), "");
  EXPECT_EQ(d.by(Step::Send, Capacity::Link),
            "'advise' is carried out by people, not sent (level 4)");
  EXPECT_EQ(d.by(Step::Send, Capacity::Operator), "");
  EXPECT_EQ(d.by(Step::Acknowledge, Capacity::Operator), "");
  EXPECT_EQ(d.by(Step::Verify, Capacity::Operator), "");
}

TEST(Lifecycle, WhatCannotBeUndoneIsNot) {
  Desk d;
  Recommendation r = example::advice();
  r.undo = {.reversal = Reversal::None, .how = "", .cannot = "the lot has been processed"};
  EXPECT_EQ(d.propose(r), "");
  EXPECT_EQ(d.approve("alice"), "");
  EXPECT_EQ(d.by(Step::Send, Capacity::Link), "");
  EXPECT_EQ(d.by(Step::Acknowledge, Capacity::Link), "");
  EXPECT_EQ(d.by(Step::Verify, Capacity::Link), "");
  EXPECT_EQ(d.by(Step::Undo, Capacity::Operator, Reason::SideEffect),
            "'R-1' cannot be undone (the lot has been processed)");
}

TEST(Lifecycle, WhateverIsAskedNothingIsSentThatWasNotApproved) {
  // 40,000 random askings of a few people about a few recommendations; what is sent is judged by the entries alone.
  const core::Draw draw{.seed = 23};
  const std::vector<std::string> who = {"alice", "bob", "erna", "olga", "twin", "link"};
  const std::vector<Capacity> own = {Capacity::Approver, Capacity::Approver, Capacity::Engineer,
                                     Capacity::Operator, Capacity::Twin,     Capacity::Link};
  Desk d;
  std::vector<core::Note> record;
  std::size_t sent = 0, accepted = 0;
  for (std::uint32_t k = 0; k < 40'000; ++k) {
    const core::Block b = draw.block(1, 0, k), c = draw.block(2, 0, k);
    d.moment = {
        .now = Then.now + k * 20, .state = Then.state, .target = {42 + (b[0] % 10 == 0 ? 1U : 0U)}};
    // Mostly what could be: each in his own role, and the link sends.
    const std::size_t person = b[3] % who.size();
    const Step likely[] = {Step::Propose, Step::Edit, Step::Approve, Step::Approve,
                           Step::Approve, Step::Send, Step::Reject,  Step::Expire};
    Asked a{.id = "R-" + std::to_string(k / 400) + "." + std::to_string(b[1] % 3),
            .step = likely[b[2] % 8],
            .actor = who[person],
            .capacity = own[person],
            .reason = static_cast<Reason>(c[1] % 20),
            .remark = "r"};
    if (a.step == Step::Send && c[3] % 4 != 0) a.actor = "link", a.capacity = Capacity::Link;
    if (c[0] % 8 == 0) a.capacity = static_cast<Capacity>(c[0] / 8 % 7);
    if (c[2] % 8 != 0) a.reason = Reason::None;
    const Case* one = d.people.find(a.id);
    if (a.step == Step::Propose)
      a.content = example::set_point(a.id), a.content->proposer = a.actor;
    if (a.step == Step::Propose)
      a.content->made = d.moment.now, a.content->assumed.state_at = d.moment.now,
      a.content->expires = d.moment.now + 6'000;
    if (a.step == Step::Edit && one != nullptr)
      a.content = edited(one->content, 0.5 + 0.25 * (c[3] % 7));
    if (one != nullptr) a.seen = one->digest;
    if (!refusal(d.rules, one, a, d.moment).empty()) continue;
    const core::Note note = d.people.note(one, a, d.moment);
    record.push_back(note);
    d.people.apply(note);
    ++accepted;
  }
  People again;  // the fold alone gives the same
  std::map<std::string, std::pair<std::string, std::set<std::string>>>
      said;  // by id: text, who approved
  std::map<std::string, std::set<std::string>> authors;
  for (const core::Note& note : record) {
    const auto e = entry_of<DecisionEntry>(note);
    if (e.content) said[e.id] = {to_json(*e.content), {}};
    if (e.content) authors[e.id].insert(e.actor);
    if (e.step == Step::Approve) said[e.id].second.insert(e.actor);
    if (e.step == Step::Send) {
      ++sent;
      EXPECT_EQ(e.seen->show(), sha256(said[e.id].first).show());
      EXPECT_GE(said[e.id].second.size(), 2U);
      for (const std::string& approver : said[e.id].second)
        EXPECT_EQ(authors[e.id].count(approver), 0U) << approver;
    }
    again.apply(note);
  }
  EXPECT_EQ(again, d.people);
  EXPECT_GT(sent, 20U);
  EXPECT_GT(accepted, 500U);
}

}  // namespace
}  // namespace twin::people
