// If these failed, something would be carried out that nobody, or too few, or the wrong ones had said yes to.
#include <gtest/gtest.h>

#include "apps/api/example.hpp"

namespace apps::api {
namespace {

using example::House;
using example::member;
using people::Stage;

std::string stage_of(const Answer& a) { return member(a.body, "stage"); }

// What an operator approves and does himself.
people::Recommendation by_hand(const std::string& id) {
  auto r = people::example::advice(id);
  r.act.kind = "advise";
  r.level = 4;
  r.role = people::Role::Operator;
  return r;
}

TEST(DeskDecisions, OneIsApprovedAndCarriedOutByHand) {
  House h;
  ASSERT_EQ(h.propose(by_hand("R-3")), "");
  EXPECT_EQ(h.decide("anna", "R-3", "approve").body,
            R"({"error":"'R-3' takes the role operator to approve"})");
  EXPECT_EQ(stage_of(h.decide("otto", "R-3", "approve")), "approved");
  EXPECT_EQ(stage_of(h.decide("otto", "R-3", "send")), "sent");
  EXPECT_EQ(stage_of(h.decide("otto", "R-3", "acknowledge")), "acknowledged");
  EXPECT_EQ(stage_of(h.decide("otto", "R-3", "verify")), "verified");
  EXPECT_EQ(h.decide("otto", "R-3", "approve").status, 409U);
  EXPECT_EQ(stage_of(h.decide("otto", "R-3", "undo", R"(,"reason":"side-effect")")), "undone");
  EXPECT_EQ(stage_of(h.get("vera", "/v1/recommendations/R-3")), "undone");
}

TEST(DeskDecisions, WhatCameOfOneStandsBesideWhatWasPromised) {
  House h;
  ASSERT_EQ(h.propose(people::example::advice("R-4")), "");
  const std::string route = "/v1/recommendations/R-4/outcome";
  EXPECT_EQ(h.get("vera", route).status, 404U) << "nobody knows yet";
  EXPECT_NE(h.get("vera", "/v1/recommendations").body.find("\"promised\":"), std::string::npos);
  ASSERT_EQ(h.decide("anna", "R-4", "reject", R"(,"reason":"not-now")").status, 200U);
  const people::Case one = *h.desk.people().find("R-4");
  h.desk.apply(
      h.desk.people().note(people::outcome_of(one,
                                              {.became = people::Became::NotCarriedOut,
                                               .from = h.now,
                                               .until = h.now + 5'000,
                                               .realised = {.low = -1, .mean = 0.5, .high = 1},
                                               .method = "10 pairs of replays"},
                                              h.now + 6'000)));
  const Answer came = h.get("vera", route);
  EXPECT_EQ(came.status, 200U);
  EXPECT_EQ(member(came.body, "became"), "not-carried-out");
  EXPECT_EQ(people::from_json<people::OutcomeEntry>(came.body, "body").realised.mean, 0.5);
  const std::string ended = h.get("vera", "/v1/recommendations?stage=ended").body;
  EXPECT_NE(ended.find("\"realised\":0.5"), std::string::npos);
  const auto learnt =
      people::from_json<people::LearningView>(h.get("vera", "/v1/learning").body, "body");
  EXPECT_EQ(learnt.all.rejected, 1U);
  EXPECT_EQ(learnt.all.held.of, 1U);
}

TEST(DeskDecisions, WhatWasCarriedOutAndMeasuredIsOver) {
  // It would wait for ever, as nobody reads back what a person did.
  House h;
  ASSERT_EQ(h.propose(by_hand("R-5")), "");
  ASSERT_EQ(h.decide("otto", "R-5", "approve").status, 200U);
  ASSERT_EQ(h.decide("otto", "R-5", "send").status, 200U);
  ASSERT_EQ(stage_of(h.decide("otto", "R-5", "acknowledge")), "acknowledged");
  const auto count = [&](const std::string& stage) {
    const Answer page = h.get("vera", "/v1/recommendations?stage=" + stage);
    return people::from_json<CaseLines>(page.body, "page").cases.size();
  };
  EXPECT_EQ(count("open"), 1U);
  h.desk.apply(
      h.desk.people().note(people::outcome_of(*h.desk.people().find("R-5"),
                                              {.became = people::Became::CarriedOut,
                                               .from = h.now,
                                               .until = h.now + 5'000,
                                               .realised = {.low = -1, .mean = 0.5, .high = 1},
                                               .method = "10 pairs of replays"},
                                              h.now + 6'000)));
  EXPECT_EQ(count("open"), 0U);
  EXPECT_EQ(count("ended"), 1U);
}

TEST(DeskDecisions, WhoeverReadsMayLookBack) {
  House h;
  const Answer asked = h.ask("vera", "POST", "/v1/moments", R"({"at":1000})");
  ASSERT_EQ(asked.status, 202U) << asked.body;
  EXPECT_EQ(member(asked.body, "kind"), "past");
  const std::string id = member(asked.body, "id");
  EXPECT_EQ(h.get("vera", "/v1/scenarios/" + id + "/result").body, "{\"wip\":7}");
  EXPECT_EQ(h.ask("vera", "POST", "/v1/moments", R"({"at":0})").status, 409U);
  EXPECT_EQ(h.ask("vera", "POST", "/v1/moments", "{\"at\":" + std::to_string(h.now + 1) + "}").body,
            R"({"error":"that is yet to come"})");
  EXPECT_EQ(h.ask("vera", "POST", "/v1/moments", R"({"at":-1})").status, 400U);
}

TEST(DeskDecisions, AnAlarmIsPutAsideWithAReasonAndForATime) {
  House h;
  const std::string route = "/v1/alarms/shelves";
  const auto body = [](const std::string& cause, const std::string& hours) {
    return R"({"cause":")" + cause + R"(","alarm":"long repair","hours":)" + hours +
           R"(,"reason":"the part is on order"})";
  };
  EXPECT_EQ(h.ask("otto", "POST", route, body("L1", "8")).status, 202U);
  EXPECT_EQ(h.twin.shelved, std::vector<std::string>{"otto: the part is on order"});
  EXPECT_EQ(h.ask("vera", "POST", route, body("L1", "8")).status, 403U);
  EXPECT_EQ(h.ask("otto", "POST", route, body("L2", "8")).status, 409U);
  EXPECT_EQ(h.ask("otto", "POST", route, body("L1", "169")).status, 400U);
  EXPECT_EQ(h.ask("otto", "POST", route, body("L1", "-1")).status, 400U);
  EXPECT_EQ(h.ask("otto", "POST", route, R"({"cause":"L1","alarm":"x","hours":1})").status, 400U);
  EXPECT_EQ(h.get("vera", "/v1/alarms").status, 200U);
  EXPECT_EQ(h.twin.shelved.size(), 1U);
}

// If this failed, a twin whose forecasts went astray would be trusted again by nobody's word.
TEST(DeskDecisions, WhoSaysThatTheTwinIsValidatedAgainIsNamed) {
  House h;
  const std::string route = "/v1/validations",
                    body = R"({"how":"a month of forecasts was scored"})";
  EXPECT_EQ(h.ask("anna", "POST", route, body).body, R"({"error":"nothing waits"})");
  h.twin.diverged = true;
  EXPECT_EQ(h.ask("otto", "POST", route, body).status, 403U);
  EXPECT_EQ(h.ask("anna", "POST", route, "{}").status, 400U);
  EXPECT_EQ(h.ask("anna", "POST", route, body).status, 202U);
  EXPECT_EQ(h.twin.validated, (std::vector<std::string>{"anna: a month of forecasts was scored"}));
}

TEST(DeskDecisions, AlarmsAreAcknowledgedByName) {
  House h;
  const std::string route = "/v1/alarms/acknowledgements";
  EXPECT_EQ(h.ask("otto", "POST", route, R"({"cause":"L1","remark":"I am on my way"})").status,
            202U);
  EXPECT_EQ(h.ask("anna", "POST", route, R"({"cause":"L1"})").status, 202U);
  EXPECT_EQ(h.twin.seen, (std::vector<std::string>{"otto: I am on my way", "anna: "}));
  EXPECT_EQ(h.ask("vera", "POST", route, R"({"cause":"L1"})").status, 403U);
  EXPECT_EQ(h.ask("otto", "POST", route, R"({"cause":"L2"})").body,
            R"({"error":"'L2' has no open group"})");
  EXPECT_EQ(h.ask("otto", "POST", route, "{}").status, 400U);
  EXPECT_EQ(h.twin.seen.size(), 2U);
}

TEST(DeskDecisions, ASetPointTakesTwoPersons) {
  House h;
  ASSERT_EQ(h.propose(people::example::set_point()), "");
  EXPECT_EQ(stage_of(h.decide("anna", "R-2", "approve", R"(,"signature":"abc")")), "proposed");
  EXPECT_EQ(h.decide("anna", "R-2", "approve").body,
            R"({"error":"'anna' has approved 'R-2' already; it takes another person"})");
  EXPECT_EQ(h.decide("otto", "R-2", "send").status, 409U) << "half approved";
  EXPECT_EQ(stage_of(h.decide("arno", "R-2", "approve")), "approved");
  EXPECT_EQ(h.decide("otto", "R-2", "send").status, 409U) << "the link sends it, no person";
  EXPECT_EQ(h.desk.take({.id = "R-2",
                         .step = people::Step::Send,
                         .actor = "link",
                         .capacity = people::Capacity::Link},
                        h.now),
            "");
}

TEST(DeskDecisions, WhatWasSeenIsWhatIsApproved) {
  House h;
  ASSERT_EQ(h.propose(people::example::advice()), "");
  const std::string route = "/v1/recommendations/R-1/approve";
  EXPECT_EQ(h.ask("anna", "POST", route, R"({"seen":")" + people::Digest().show() + "\"}").body,
            R"({"error":"'R-1' is not the text that was seen any more"})");
  EXPECT_EQ(h.ask("anna", "POST", route, "{}").status, 400U);
  const Answer shown = h.get("anna", "/v1/recommendations/R-1");
  // The digest is that of the text itself, which a client can make again.
  const std::string begin = "{\"content\":";
  const std::size_t end = shown.body.find(",\"digest\":");
  EXPECT_EQ(people::sha256(shown.body.substr(begin.size(), end - begin.size())).show(),
            member(shown.body, "digest"));
}

TEST(DeskDecisions, NothingStaleIsApprovedOrSent) {
  House h;
  ASSERT_EQ(h.propose(people::example::advice()), "");
  ASSERT_EQ(h.propose(people::example::set_point()), "");
  h.twin.moment.state = {1};
  EXPECT_EQ(h.decide("anna", "R-2", "approve").status, 409U) << "a set-point: the state has moved";
  EXPECT_EQ(stage_of(h.decide("anna", "R-1", "approve")), "approved") << "its target has not";
  h.twin.moment.target = {1};
  const people::Asked send{
      .id = "R-1", .step = people::Step::Send, .actor = "link", .capacity = people::Capacity::Link};
  EXPECT_EQ(h.desk.take(send, h.now).find("'R-1' is stale"), 0U);
  h.desk.tick(h.now);
  EXPECT_EQ(h.desk.people().find("R-1")->stage, Stage::Expired) << "and it ends by itself";
  EXPECT_EQ(h.desk.people().find("R-2")->stage, Stage::Expired);
}

TEST(DeskDecisions, AnEditIsTriedFirstAndItsEditorDoesNotApproveIt) {
  House h;
  ASSERT_EQ(h.propose(people::example::set_point()), "");
  const auto tried = [&](const std::string& value) {
    return h.ask("anna", "POST", "/v1/recommendations/R-2/trials", "{\"value\":" + value + "}");
  };
  EXPECT_EQ(tried("2.5").body, R"({"error":"2.5 lies outside 0.5 to 2"})");
  EXPECT_EQ(tried("1e999").status, 400U);
  const Answer trial = tried("1.25");
  EXPECT_EQ(trial.status, 202U);
  ASSERT_EQ(trial.headers.size(), 1U);
  EXPECT_EQ(trial.headers[0].second, "/v1/scenarios/S-1");
  EXPECT_EQ(h.get("vera", "/v1/scenarios/S-1/result").status, 200U);
  EXPECT_EQ(h.decide("anna", "R-2", "edit", R"(,"trial":"S-9")").status, 409U);
  EXPECT_EQ(stage_of(h.decide("anna", "R-2", "edit", R"(,"trial":"S-1")")), "edited");
  EXPECT_DOUBLE_EQ(*h.desk.people().find("R-2")->content.act.value, 1.25);
  EXPECT_EQ(h.decide("arno", "R-2", "edit", R"(,"trial":"S-1")").body,
            R"({"error":"'R-2' was another text when 'S-1' was tried"})");
  EXPECT_EQ(h.decide("anna", "R-2", "approve").body,
            R"({"error":"'anna' has edited 'R-2' and may not approve it"})");
  ASSERT_EQ(h.propose(people::example::advice()), "");
  EXPECT_EQ(h.ask("anna", "POST", "/v1/recommendations/R-1/trials", R"({"value":1})").body,
            R"({"error":"'R-1' cannot be edited"})");
}

TEST(DeskDecisions, ANoTakesAReason) {
  House h;
  ASSERT_EQ(h.propose(people::example::advice()), "");
  EXPECT_EQ(h.decide("emil", "R-1", "reject").body, R"({"error":"'none' is no reason to reject"})");
  EXPECT_EQ(h.decide("emil", "R-1", "reject", R"(,"reason":"other")").status, 409U);
  EXPECT_EQ(h.decide("emil", "R-1", "reject", R"(,"reason":"bored")").status, 400U);
  EXPECT_EQ(stage_of(h.decide("emil", "R-1", "reject", R"(,"reason":"other","remark":"a\nb")")),
            "rejected");
  EXPECT_EQ(h.ask("emil", "POST", "/v1/recommendations/R-9/reject",
                  R"({"seen":")" + people::Digest().show() + R"(","reason":"not-now"})")
                .status,
            404U);
}

TEST(DeskDecisions, AnEngineerProposesInHisOwnName) {
  House h;
  auto r = people::example::advice("E-1");
  const auto propose = [&] { return h.ask("emil", "POST", "/v1/recommendations", to_json(r)); };
  EXPECT_EQ(propose().body, R"({"error":"'emil' proposes in the name of 'twin'"})");
  r.proposer = "emil";
  r.act.kind = "explode";
  EXPECT_EQ(propose().body, R"({"error":"no rule allows actions of the class 'explode'"})");
  r.act.kind = "prefer";
  r.id = "a/b";
  EXPECT_EQ(propose().status, 400U) << "it would be no name in a path";
  r.id = "E-1";
  const Answer done = propose();
  EXPECT_EQ(done.status, 201U);
  ASSERT_EQ(done.headers.size(), 1U);
  EXPECT_EQ(done.headers[0].second, "/v1/recommendations/E-1");
  EXPECT_EQ(propose().status, 409U) << "its name is used once";
  h.ask("admin", "PUT", "/v1/accounts/emil/roles", R"({"roles":["engineer","approver"]})");
  EXPECT_EQ(h.decide("emil", "E-1", "approve").body,
            R"({"error":"'emil' has proposed 'E-1' and may not approve it"})");
}

TEST(DeskDecisions, WhatNobodyVetoesGoesOn) {
  House h;
  auto r = people::example::advice("M-1");
  r.act.kind = "measure";
  r.level = people::SentUnlessVetoed;
  ASSERT_EQ(h.propose(r), "");
  h.desk.tick(h.now + 299'999);
  EXPECT_EQ(h.desk.people().find("M-1")->stage, Stage::Proposed);
  h.desk.tick(h.now + 300'000);
  EXPECT_EQ(h.desk.people().find("M-1")->stage, Stage::Approved);
  EXPECT_EQ(h.desk.people().find("M-1")->approvals[0].person, "twin");
}

TEST(DeskDecisions, ATickAsksTheTwinOnceForEachThatIsOpen) {
  // A fingerprint goes over the whole state of a fab.
  example::Twin twin;
  TwinPort port = twin.port();
  int asked = 0;
  port.moment = [&](const people::Recommendation&, Tick) {
    ++asked;
    return twin.moment;
  };
  Desk desk(port, example::options());
  for (int k = 0; k < 5; ++k) {
    const std::string id = "R-" + std::to_string(k);
    ASSERT_EQ(desk.take({.id = id, .actor = "twin", .content = people::example::advice(id)},
                        example::Now),
              "");
  }
  asked = 0;
  desk.tick(example::Now + 1);
  EXPECT_EQ(asked, 5);
}

TEST(DeskDecisions, ListsGoOnWhereTheyEnded) {
  House h;
  for (int k = 0; k < 7; ++k) {
    h.now += 100;
    ASSERT_EQ(h.propose(people::example::advice("R-" + std::to_string(k))), "");
  }
  EXPECT_EQ(h.decide("emil", "R-3", "reject", R"(,"reason":"not-now")").status, 200U);
  std::string ids, next;
  for (int page = 0; page < 4; ++page) {
    const Answer a = h.get("vera", "/v1/recommendations?limit=2" + next);
    const auto lines = people::from_json<CaseLines>(a.body, "page");
    for (const CaseLine& line : lines.cases) ids += line.id + " ";
    if (!lines.next) break;
    next = "&before=" + std::to_string(*lines.next);
  }
  EXPECT_EQ(ids, "R-6 R-5 R-4 R-2 R-1 R-0 ");
  const Answer ended = h.get("vera", "/v1/recommendations?stage=ended");
  EXPECT_EQ(people::from_json<CaseLines>(ended.body, "page").cases.size(), 1U);
}

TEST(DeskDecisions, NoMoreIsProposedThanPeopleCanLookAt) {
  auto with = example::options();
  with.open_cases_max = 2;
  House h(with);
  EXPECT_EQ(h.propose(people::example::advice("R-1")), "");
  EXPECT_EQ(h.propose(people::example::advice("R-2")), "");
  EXPECT_EQ(h.propose(people::example::advice("R-3")), "2 recommendations are open (at most 2)");
}

TEST(DeskDecisions, TheTwinAddsTheGuardsTextAndMayObject) {
  // Wrong: people would approve a text that says nothing to the guard, or one that it cannot take.
  House h;
  h.twin.command = "fabtwin-guard command 1\nclass prefer\n";
  auto r = people::example::advice("R-1");
  r.proposer = "emil";
  const Answer a = h.ask("emil", "POST", "/v1/recommendations", people::to_json(r));
  ASSERT_EQ(a.status, 201U) << a.body;
  EXPECT_EQ(h.desk.people().find("R-1")->content.command, h.twin.command);
  h.twin.against_approvals = "it is not signed";
  const Answer no = h.decide("anna", "R-1", "approve");
  EXPECT_EQ(no.status, 409U);
  EXPECT_EQ(no.body, R"({"error":"it is not signed"})");
  EXPECT_EQ(h.desk.people().find("R-1")->stage, Stage::Proposed);
  h.twin.against_approvals.clear();
  const std::string line =
      "approval " + std::string(60, 'a') + " approver 1795935600000 " + std::string(128, 'f');
  EXPECT_EQ(stage_of(h.decide("anna", "R-1", "approve", ",\"signature\":\"" + line + "\"")),
            "approved");
  EXPECT_EQ(h.desk.people().find("R-1")->approvals[0].signature, line);
}

TEST(DeskDecisions, AWhatIfIsAnsweredLater) {
  House h;
  const std::string what = R"({"words":"LITHO_01 down","horizon_h":24,"runs":20,"changes":[)"
                           R"({"kind":"tool-down","tool":"LITHO_01","from":1,"to":2}]})";
  const Answer a = h.ask("otto", "POST", "/v1/scenarios", what);
  EXPECT_EQ(a.status, 202U);
  EXPECT_EQ(member(a.body, "stage"), "waiting");
  EXPECT_EQ(h.get("vera", "/v1/scenarios/S-1/result").body, R"({"error":"'S-1' is not done yet"})");
  h.twin.outcomes["S-1"] = {.stage = ScenarioStage::Done, .json = "{\"x\":1}"};
  h.desk.tick(h.now);
  EXPECT_EQ(stage_of(h.get("vera", "/v1/scenarios/S-1")), "done");
  EXPECT_EQ(h.get("vera", "/v1/scenarios/S-1/result").body, "{\"x\":1}");
  EXPECT_EQ(h.get("vera", "/v1/scenarios/S-2").status, 404U);
  EXPECT_EQ(h.desk.people().trail().size(), h.twin.notes.size());
  for (int k = 0; k < 8; ++k) EXPECT_EQ(h.ask("otto", "POST", "/v1/scenarios", what).status, 202U);
  EXPECT_EQ(h.ask("otto", "POST", "/v1/scenarios", what).status, 409U) << "eight of his wait";
  EXPECT_EQ(h.ask("otto", "POST", "/v1/scenarios", what).status, 429U) << "ten at once";
  EXPECT_EQ(h.ask("emil", "POST", "/v1/scenarios", what).status, 202U) << "others do not wait";
}

}  // namespace
}  // namespace apps::api
