// If these failed, a token could be used again, outlive its session, or make somebody more than he is.
#include <gtest/gtest.h>

#include "apps/api/example.hpp"
#include "twin/people/trail.hpp"

namespace apps::api {
namespace {

using example::House;
using example::member;
using example::Now;

TEST(DeskSession, TheFirstStartGivesATokenOfOneUse) {
  example::Twin twin;
  Desk desk(twin.port(), example::options());
  const auto once = desk.first_token(Now);
  ASSERT_TRUE(once);
  for (const auto& note : twin.notes)
    EXPECT_EQ(note.text.find(once->substr(24)), std::string::npos);
  const auto ask = [&](const std::string& method, const std::string& target,
                       const std::string& word, Tick now = Now) {
    return desk.ask(
        {.method = method, .target = target, .authorization = "Bearer " + word, .now = now});
  };
  EXPECT_EQ(ask("GET", "/v1/accounts", *once).body,
            R"({"error":"a token of one use opens a session, nothing else"})");
  const Answer in = ask("POST", "/v1/sessions", *once);
  EXPECT_EQ(in.status, 201U);
  const std::string session = member(in.body, "token");
  EXPECT_EQ(ask("POST", "/v1/sessions", *once).status, 401U) << "replayed";
  EXPECT_EQ(ask("GET", "/v1/accounts", session).status, 200U);
  EXPECT_FALSE(desk.first_token(Now)) << "somebody is in";
  EXPECT_EQ(ask("GET", "/v1/me", session, Now + 12 * 3'600'000 - 1).status, 200U);
  EXPECT_EQ(ask("GET", "/v1/me", session, Now + 12 * 3'600'000).status, 401U) << "it has ended";
}

TEST(DeskSession, AStartThatNobodyFollowedGivesAnother) {
  example::Twin twin;
  Desk desk(twin.port(), example::options());
  const std::string lost = *desk.first_token(Now);
  const auto another = desk.first_token(Now + 5);
  ASSERT_TRUE(another);
  const auto enter = [&](const std::string& word) {
    return desk
        .ask({.method = "POST",
              .target = "/v1/sessions",
              .authorization = "Bearer " + word,
              .now = Now + 10})
        .status;
  };
  EXPECT_EQ(enter(lost), 401U) << "the one that lies somewhere is good no more";
  EXPECT_EQ(enter(*another), 201U);
  EXPECT_EQ(enter(*desk.admin_token(Now)), 201U);
}

TEST(DeskSession, EndsWhereItIsEnded) {
  House h;
  EXPECT_EQ(h.ask("vera", "DELETE", "/v1/tokens/current").status, 200U);
  EXPECT_EQ(h.get("vera", "/v1/me").status, 401U) << "by whoever has it";
  EXPECT_EQ(h.ask("admin", "DELETE", "/v1/accounts/emil/tokens").status, 200U);
  EXPECT_EQ(h.get("emil", "/v1/me").status, 401U) << "revoked";
  EXPECT_EQ(h.ask("admin", "DELETE", "/v1/accounts/otto").status, 200U);
  EXPECT_EQ(h.get("otto", "/v1/me").status, 401U) << "closed";
  EXPECT_EQ(h.ask("admin", "POST", "/v1/accounts/otto/tokens").status, 409U);
  EXPECT_EQ(h.get("anna", "/v1/me").status, 200U);
  const std::string again =
      member(h.ask("admin", "POST", "/v1/accounts/emil/tokens").body, "token");
  EXPECT_EQ(h.enter(again).size(), 88U);
}

TEST(DeskSession, OnesOwnTokens) {
  House h;
  const Answer given = h.ask("vera", "POST", "/v1/tokens");
  EXPECT_EQ(given.status, 201U);
  EXPECT_EQ(member(given.body, "use"), "once");
  const std::string token = member(given.body, "token"), name = token.substr(8, 16);
  EXPECT_NE(h.get("vera", "/v1/tokens").body.find(name), std::string::npos);
  EXPECT_EQ(h.ask("anna", "DELETE", "/v1/tokens/" + name).status, 404U) << "somebody else's";
  EXPECT_EQ(h.ask("admin", "DELETE", "/v1/tokens/" + name).status, 404U);
  h.now += 6 * 24 * 3'600'000;
  EXPECT_EQ(h.get("vera", "/v1/me").status, 401U);
  EXPECT_EQ(h.enter(token).size(), 88U) << "one comes in with it another day";
  EXPECT_EQ(h.enter(token), "");
}

TEST(DeskSession, ATicketOpensOneStream) {
  House h;
  const std::string ticket = member(h.ask("vera", "POST", "/v1/tickets").body, "token");
  EXPECT_EQ(h.send(ticket, "GET", "/v1/state").status, 401U) << "a ticket is no session";
  EXPECT_EQ(h.send("", "HEAD", "/v1/events?ticket=" + ticket).status, 200U);
  const Answer open = h.send("", "GET", "/v1/events?ticket=" + ticket);
  ASSERT_TRUE(open.stream);
  EXPECT_EQ(open.type, "text/event-stream");
  EXPECT_TRUE(h.desk.goes_on(*open.stream, h.now));
  EXPECT_FALSE(h.desk.goes_on(*open.stream, h.now + 3'600'000));
  EXPECT_EQ(h.send("", "GET", "/v1/events?ticket=" + ticket).status, 401U) << "replayed";
  const std::string late = member(h.ask("vera", "POST", "/v1/tickets").body, "token");
  h.now += 30'000;
  EXPECT_EQ(h.send("", "GET", "/v1/events?ticket=" + late).status, 401U) << "it has ended";
  EXPECT_EQ(h.send("", "GET", "/v1/events?ticket=" + h.token["vera"]).status, 401U)
      << "a session in an address";
}

TEST(DeskSession,
     AStreamOfABrowserGoesOnWhereItBroke) {  // which cannot send Last-Event-ID with a new ticket
  House h;
  const std::string ticket = member(h.ask("vera", "POST", "/v1/tickets").body, "token");
  const Answer open = h.send("", "GET", "/v1/events?ticket=" + ticket + "&last=ff-12");
  ASSERT_TRUE(open.stream);
  EXPECT_EQ(open.stream->last, "ff-12");
  EXPECT_EQ(h.get("vera", "/v1/events").stream->last, "");
}

TEST(DeskSession, AStreamEndsWithItsSession) {
  House h;
  const Answer open = h.get("vera", "/v1/events");
  ASSERT_TRUE(open.stream);
  EXPECT_TRUE(h.desk.goes_on(*open.stream, h.now));
  EXPECT_FALSE(h.desk.goes_on(*open.stream, h.now + 12 * 3'600'000));
  EXPECT_EQ(h.ask("vera", "DELETE", "/v1/tokens/current").status, 200U);
  EXPECT_FALSE(h.desk.goes_on(*open.stream, h.now));
  const Answer other = h.get("emil", "/v1/events");
  EXPECT_EQ(h.ask("admin", "DELETE", "/v1/accounts/emil").status, 200U);
  EXPECT_FALSE(h.desk.goes_on(*other.stream, h.now));
}

TEST(DeskSession, NobodyMakesHimselfMore) {  // reliability C4, test 29: role escalation
  House h;
  const auto admin = [&](const std::string& method, const std::string& target,
                         const std::string& body) { return h.ask("admin", method, target, body); };
  EXPECT_EQ(admin("PUT", "/v1/accounts/admin/roles", R"({"roles":["approver"]})").body,
            R"({"error":"nobody may change his own roles"})");
  EXPECT_EQ(admin("POST", "/v1/accounts", R"({"name":"eve","roles":["admin","approver"]})").status,
            409U);
  EXPECT_EQ(admin("POST", "/v1/accounts", R"({"name":"twin","roles":["viewer"]})").status, 409U);
  EXPECT_EQ(admin("POST", "/v1/accounts", R"({"name":"eve","roles":["root"]})").status, 400U);
  EXPECT_EQ(admin("DELETE", "/v1/accounts/admin", "").body,
            R"({"error":"'admin' is the last admin"})");
  EXPECT_EQ(admin("PUT", "/v1/accounts/nobody/roles", R"({"roles":["viewer"]})").status, 404U);
  // Roles are looked up at each request: one that was taken away is gone at once.
  EXPECT_EQ(h.get("emil", "/v1/audit").status, 200U);
  EXPECT_EQ(admin("PUT", "/v1/accounts/emil/roles", R"({"roles":["viewer"]})").status, 200U);
  EXPECT_EQ(h.get("emil", "/v1/audit").status, 403U);
}

TEST(DeskSession, TheTrailCanBeCheckedFromOutside) {  // reliability C4, test 28
  House h;
  ASSERT_EQ(h.propose(people::example::advice()), "");
  EXPECT_EQ(h.decide("anna", "R-1", "approve").status, 200U);
  people::Digest head;
  std::uint64_t number = 0;
  AuditPage page;
  do {
    const Answer a = h.get("emil", "/v1/audit?limit=3&from=" + std::to_string(number));
    ASSERT_EQ(a.status, 200U);
    page = people::from_json<AuditPage>(a.body, "page");
    for (const AuditLine& line : page.entries) {
      EXPECT_EQ(line.number, number++);
      head = people::sha256(head.show() + "\n" + std::to_string(line.at) + "\n" + line.kind + "\n" +
                            line.text);
    }
  } while (!page.entries.empty());
  EXPECT_EQ(number, h.twin.notes.size());
  EXPECT_EQ(page.size, number);
  EXPECT_EQ(page.head, head);
}

}  // namespace
}  // namespace apps::api
