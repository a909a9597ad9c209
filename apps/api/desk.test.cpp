// If these failed, somebody could do what his role does not allow, or a malformed request more than be refused.
#include "apps/api/desk.hpp"

#include <gtest/gtest.h>

#include <map>

#include "apps/api/example.hpp"

namespace apps::api {
namespace {

using example::House;
using example::member;

std::string header(const Answer& a, const std::string& name) {
  for (const auto& [key, value] : a.headers) {
    if (key == name) return value;
  }
  return {};
}

// Who may what, written out by hand: not from the table of permissions. v: viewer, e: engineer, a: approver, o:
// operator, A: admin; *: anybody, with no token at all.
// clang-format off
const std::map<std::string, std::string> Allowed = {
    {"GET /v1/health", "*"}, {"GET /v1/openapi.json", "*"},
    {"POST /v1/sessions", "veaoA"}, {"GET /v1/me", "veaoA"}, {"GET /v1/tokens", "veaoA"},
    {"POST /v1/tokens", "veaoA"}, {"DELETE /v1/tokens/{token}", "veaoA"}, {"POST /v1/tickets", "veaoA"},
    {"GET /v1/events", "veaoA"}, {"GET /v1/state", "veaoA"}, {"GET /v1/lots", "veaoA"},
    {"GET /v1/lots/{lot}", "veaoA"}, {"GET /v1/groups", "veaoA"}, {"GET /v1/groups/{group}", "veaoA"},
    {"GET /v1/tools/{tool}", "veaoA"}, {"GET /v1/series", "veaoA"}, {"GET /v1/forecasts", "veaoA"},
    {"GET /v1/alarms", "veaoA"}, {"POST /v1/alarms/shelves", "eao"},
    {"POST /v1/alarms/acknowledgements", "eao"}, {"POST /v1/validations", "ea"},
    {"GET /v1/fab", "veaoA"}, {"GET /v1/tools", "veaoA"}, {"GET /v1/jobs", "veaoA"},
    {"GET /v1/scores", "veaoA"}, {"GET /v1/doubts", "veaoA"}, {"GET /v1/quarantine", "veaoA"},
    {"GET /v1/provenance", "veaoA"}, {"GET /v1/provenance/{forecast}", "veaoA"},
    {"GET /v1/entries/{entry}", "veaoA"}, {"GET /v1/moments", "veaoA"}, {"POST /v1/moments", "veaoA"},
    {"GET /v1/wafers", "veaoA"}, {"GET /v1/wafers/maps", "veaoA"}, {"GET /v1/learning", "veaoA"},
    {"GET /v1/recommendations/{id}/outcome", "veaoA"},
    {"GET /v1/metrics", "veaoA"}, {"GET /v1/rules", "veaoA"}, {"GET /v1/scenarios", "veaoA"},
    {"GET /v1/scenarios/{scenario}", "veaoA"}, {"GET /v1/scenarios/{scenario}/result", "veaoA"},
    {"GET /v1/recommendations", "veaoA"}, {"GET /v1/recommendations/{id}", "veaoA"},
    {"POST /v1/scenarios", "eao"},
    {"POST /v1/recommendations", "e"},
    {"POST /v1/recommendations/{id}/trials", "ea"}, {"POST /v1/recommendations/{id}/edit", "ea"},
    {"POST /v1/recommendations/{id}/approve", "ao"}, {"POST /v1/recommendations/{id}/reject", "eao"},
    {"POST /v1/recommendations/{id}/send", "o"}, {"POST /v1/recommendations/{id}/acknowledge", "o"},
    {"POST /v1/recommendations/{id}/fail", "o"}, {"POST /v1/recommendations/{id}/verify", "o"},
    {"POST /v1/recommendations/{id}/undo", "o"},
    {"GET /v1/audit", "eaA"},
    {"GET /v1/accounts", "A"}, {"POST /v1/accounts", "A"}, {"PUT /v1/accounts/{name}/roles", "A"},
    {"DELETE /v1/accounts/{name}", "A"}, {"POST /v1/accounts/{name}/tokens", "A"},
    {"DELETE /v1/accounts/{name}/tokens", "A"}};
// clang-format on

std::string target_of(std::string_view path) {
  std::string target;
  for (const std::string_view name : names_of(path)) {
    target += '/';
    target += is_open(name) ? std::string_view("nobody") : name;
  }
  return target;
}

TEST(Desk, EachRouteAnswersTheRolesThatItShould) {
  ASSERT_EQ(Allowed.size(), routes().size());
  const std::pair<char, const char*> people[] = {
      {'v', "vera"}, {'e', "emil"}, {'a', "anna"}, {'o', "otto"}, {'A', "admin"}};
  for (const Route& route : routes()) {
    House h;
    const std::string name = std::string(route.method) + " " + std::string(route.path);
    ASSERT_TRUE(Allowed.contains(name)) << name;
    const std::string& allowed = Allowed.at(name);
    const std::string method(route.method), target = target_of(route.path);
    const std::string body = route.takes.empty() ? "" : "{}";
    const unsigned stranger = h.send("", method, target, body).status;
    EXPECT_EQ(stranger == 401, allowed != "*") << name;
    for (const auto& [letter, person] : people) {
      const std::uint64_t trail = h.desk.people().trail().size();
      const Answer a = h.ask(person, method, target, body);
      const bool may = allowed == "*" || allowed.find(letter) != std::string::npos;
      EXPECT_EQ(a.status != 403, may) << name << " " << person << " " << a.body;
      EXPECT_NE(a.status, 401U) << name << " " << person;
      if (may) continue;
      EXPECT_EQ(h.desk.people().trail().size(), trail) << name << " " << person;
    }
  }
}

TEST(Desk, WhatIsNoRequestIsRefused) {
  House h;
  const auto status = [&](const std::string& method, const std::string& target) {
    return h.ask("vera", method, target).status;
  };
  EXPECT_EQ(status("GET", "/v1/nothing"), 404U);
  EXPECT_EQ(status("GET", "/v1/../../etc/passwd"), 400U);
  EXPECT_EQ(status("GET", "/v1/lots/%2e%2e%2f%2e%2e%2fetc%2fpasswd"), 400U);
  EXPECT_EQ(status("GET", "/v1/lots/%00"), 400U);
  EXPECT_EQ(status("GET", "/v1/" + std::string(3'000, 'x')), 400U);
  EXPECT_EQ(status("GET", "/v1/state?x=1"), 400U);
  EXPECT_EQ(status("GET", "/v1/recommendations?limit=201"), 400U);
  EXPECT_EQ(status("GET", "/v1/recommendations?stage=all&limit=200"), 200U);
  EXPECT_EQ(status("GET", "/v1/lots/L8"), 404U);
  EXPECT_EQ(status("HEAD", "/v1/lots/L7"), 200U);
  const Answer wrong = h.ask("vera", "BREW", "/v1/tokens");
  EXPECT_EQ(wrong.status, 405U);
  EXPECT_EQ(header(wrong, "Allow"), "GET, HEAD, POST");
  EXPECT_EQ(header(h.send("", "GET", "/v1/me"), "WWW-Authenticate"), "Bearer");
  EXPECT_EQ(h.ask("vera", "GET", "/v1/me", "{}").body, R"({"error":"this takes no body"})");
}

TEST(Desk, BodiesAreCheckedBeforeTheyAreRead) {
  House h;
  const auto ask = [&](const std::string& type, const std::string& body) {
    return h.desk.ask({.method = "POST",
                       .target = "/v1/scenarios",
                       .authorization = "Bearer " + h.token["emil"],
                       .content_type = type,
                       .body = body,
                       .address = "x",
                       .now = h.now});
  };
  const std::string json = "application/json";
  for (const char* type :
       {"", "text/plain", "application/x-www-form-urlencoded", "application/jsonx"})
    EXPECT_EQ(ask(type, "{}").status, 415U) << type;
  EXPECT_EQ(ask(json, std::string(262'145, ' ')).status, 413U);
  EXPECT_EQ(ask(json, "").body, R"({"error":"body: byte 1: this is no JSON"})");
  EXPECT_EQ(ask(json, "{\"words\":").status, 400U);
  EXPECT_EQ(ask(json, "{\"words\":\"\xff\"}").status, 400U);
  EXPECT_EQ(ask(json, "{\"words\":\"a\",\"words\":\"b\"}").body,
            R"({"error":"body: the name 'words' stands twice in one object"})");
  EXPECT_EQ(ask(json, std::string(200'000, '[')).body,
            R"({"error":"body: deeper than 16 levels"})");
  EXPECT_EQ(ask(json, "[]").body, R"x({"error":"body: a list (an object is wanted)"})x");
  EXPECT_EQ(h.desk.people().trail().size(), h.twin.notes.size());
}

TEST(Desk, AMillionLoginsOfStrangersEndInNothing) {  // reliability C4, test 29
  // From 300 addresses, as fast as they can in 100 s: each is refused, most without a look at an account, and the trail
  // speaks of them once a minute.
  House h;
  const std::string session = h.token["vera"];
  const std::size_t before = h.twin.notes.size();
  std::map<unsigned, std::size_t> answers;
  Request r{.method = "POST", .target = "/v1/sessions"};
  for (int k = 0; k < 1'000'000; ++k) {
    r.authorization = "Bearer fabtwin-" + std::string(80, "0123456789abcdef"[k % 16]);
    r.address = "10.0.0." + std::to_string(k % 300);
    r.now = h.now + k / 10;
    ++answers[h.desk.ask(r).status];
    if (k % 10'000 == 0) h.desk.tick(r.now);
  }
  EXPECT_EQ(answers.size(), 2U);
  EXPECT_EQ(answers[401] + answers[429], 1'000'000U);
  // Each address has 10 at once and one more each 30 s, of which 3 have passed.
  EXPECT_EQ(answers[401], 300U * 13);
  EXPECT_LE(h.twin.notes.size(), before + 2);
  EXPECT_LE(h.desk.entrance().memory(), 1'000U);
  h.now = r.now;
  EXPECT_EQ(h.get("vera", "/v1/state").status, 200U) << "nobody else notices";
}

TEST(Desk, WhatCannotBeRecordedIsNotDone) {
  House h;
  ASSERT_EQ(h.propose(people::example::advice()), "");
  const people::People before = h.desk.people();
  h.twin.trouble = "the disk is full";
  const Answer a = h.decide("anna", "R-1", "approve");
  EXPECT_EQ(a.status, 503U);
  EXPECT_EQ(a.body, R"x({"error":"it cannot be recorded now (the disk is full)"})x");
  EXPECT_EQ(header(a, "Retry-After"), "1");
  EXPECT_EQ(h.ask("vera", "POST", "/v1/tickets").status, 503U);
  EXPECT_EQ(h.propose(people::example::set_point()),
            "it cannot be recorded now (the disk is full)");
  h.desk.tick(h.now + 100'000'000);
  EXPECT_EQ(h.desk.people(), before);
  h.twin.trouble.clear();
  EXPECT_EQ(h.decide("anna", "R-1", "approve").status, 200U);
}

TEST(Desk, AQuestionThatTheTwinCannotAnswerEndsNothing) {
  example::Twin twin;
  TwinPort port = twin.port();
  port.read = [](const Reading&) -> std::optional<std::string> {
    throw std::runtime_error("it has no answer");
  };
  Desk desk(port, example::options());
  const std::string once = *desk.first_token(example::Now);
  const auto ask = [&](const std::string& method, const std::string& target,
                       const std::string& word) {
    return desk.ask({.method = method,
                     .target = target,
                     .authorization = "Bearer " + word,
                     .now = example::Now});
  };
  const std::string token = member(ask("POST", "/v1/sessions", once).body, "token");
  EXPECT_EQ(ask("GET", "/v1/state", token).status, 500U);
  EXPECT_EQ(ask("GET", "/v1/me", token).status, 200U);
}

}  // namespace
}  // namespace apps::api
