// If these failed, one client could take the API from all others, or read what was not meant for him.
#include "apps/api/server.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <vector>

#include "apps/api/client.hpp"
#include "apps/api/served.hpp"
#include "twin/contract/refusal.hpp"

namespace apps::api {
namespace {

using example::body_of;
using example::Client;
using example::get;
using example::Served;
using example::status_of;
using std::chrono::milliseconds;

// Answers each question with its target, or with many bytes; counts are its own.
struct Echo {
  Server server;
  std::vector<Request> asked;
  explicit Echo(ServerOptions options = {})
      : server(std::move(options), {.ask =
                                        [this](const Request& r) {
                                          asked.push_back(r);
                                          Answer a{.body = r.target};
                                          if (r.target == "/much") a.body.assign(8'000'000, 'x');
                                          if (r.target == "/later") a.waits_for = 5;
                                          if (r.authorization == "known") a.account = "vera";
                                          if (r.target == "/stream") a.stream = StreamPass{};
                                          return a;
                                        },
                                    .goes_on = [](const StreamPass&, Tick) { return true; },
                                    .clock = [] { return Tick{255}; }}) {}
};

TEST(ApiServer, AnswersOnOneConnection) {
  Echo e;
  Client c(e.server);
  const std::string answer = c.ask(
      "POST /x?y=1 HTTP/1.1\r\nHost: t\r\nContent-Type: Text/JSON; charset=utf-8\r\n"
      "Authorization: b\r\nContent-Length: 3\r\n\r\nabc");
  EXPECT_EQ(status_of(answer), "200");
  EXPECT_EQ(body_of(answer), "/x?y=1");
  for (const char* line : {"Content-Type: application/json\r\n", "Cache-Control: no-store\r\n",
                           "X-Content-Type-Options: nosniff\r\n", "Content-Length: 6\r\n"})
    EXPECT_NE(answer.find(line), std::string::npos) << line;
  ASSERT_EQ(e.asked.size(), 1U);
  EXPECT_EQ(e.asked[0].method, "POST");
  EXPECT_EQ(e.asked[0].content_type, "text/json");
  EXPECT_EQ(e.asked[0].authorization, "b");
  EXPECT_EQ(e.asked[0].body, "abc");
  EXPECT_EQ(e.asked[0].address, "127.0.0.1");
  const std::string head = c.ask("HEAD /abc HTTP/1.1\r\nHost: t\r\n\r\n");
  EXPECT_EQ(body_of(head), "");
  EXPECT_NE(head.find("Content-Length: 4\r\n"), std::string::npos);
  c.send(get("/1") + get("/2"));  // two in one segment
  EXPECT_EQ(body_of(c.answer()), "/1");
  EXPECT_EQ(body_of(c.answer()), "/2");
  EXPECT_EQ(body_of(c.ask("POST /chunks HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n"
                          "2\r\nab\r\n1\r\nc\r\n0\r\n\r\n")),
            "/chunks");
  EXPECT_EQ(e.asked.back().body, "abc");
  EXPECT_EQ(e.server.connections(), 1U);
  EXPECT_EQ(status_of(c.ask(get("/", "Connection: close\r\n"))), "200");
  EXPECT_TRUE(c.closed());
  Client old(e.server);
  EXPECT_EQ(status_of(old.ask("GET / HTTP/1.0\r\n\r\n")), "200");
  EXPECT_TRUE(old.closed());
}

TEST(ApiServer, OneByteAtATimeIsTheSameRequest) {
  Echo e;
  Client c(e.server);
  for (const char byte : std::string("POST /x HTTP/1.1\r\nHost: t\r\nContent-Length: 3\r\n\r\nabc"))
    c.send(std::string_view(&byte, 1));
  EXPECT_EQ(body_of(c.answer()), "/x");
  EXPECT_EQ(e.asked[0].body, "abc");
}

TEST(ApiServer, ExpectedContinueIsSaid) {
  Echo e;
  Client c(e.server);
  const std::string interim =
      c.ask("POST /x HTTP/1.1\r\nHost: t\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
  EXPECT_EQ(interim, "HTTP/1.1 100 Continue\r\n\r\n");
  c.send("abc");
  EXPECT_EQ(body_of(c.answer()), "/x");
}

TEST(ApiServer, WhatIsTooLargeOrNoHttpIsRefused) {
  Echo e({.header_bytes_max = 1'000, .body_bytes_max = 2'000});
  const auto ask = [&](const std::string& bytes) {
    Client c(e.server);
    const std::string answer = c.ask(bytes);
    EXPECT_TRUE(c.closed()) << answer;
    return status_of(answer);
  };
  EXPECT_EQ(ask("GET / HTTP/1.1\r\nHost: t\r\nX: " + std::string(2'000, 'x') + "\r\n\r\n"), "431");
  EXPECT_EQ(ask("GET /" + std::string(2'000, 'x')), "431");
  EXPECT_EQ(ask("POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 2001\r\n\r\n"), "413");
  EXPECT_EQ(ask("POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 99999999999999999999\r\n\r\n"),
            "400");
  EXPECT_EQ(ask("POST / HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n9c4\r\n" +
                std::string(2'500, 'x') + "\r\n0\r\n\r\n"),
            "413");
  EXPECT_EQ(ask("nonsense\r\n\r\n"), "400");
  EXPECT_EQ(ask(std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11)), "400");
  EXPECT_EQ(ask("GET / HTTP/7.3\r\nHost: t\r\n\r\n"), "400");
  EXPECT_EQ(ask("GET / HTTP/1.1\r\n\r\n"), "400");
  EXPECT_EQ(ask("GET / HTTP/1.1\r\nHost: t\r\nHost: u\r\n\r\n"), "400");
  EXPECT_EQ(ask(get("/", "Authorization: a\r\nAuthorization: b\r\n")), "400");
  // What two readers could take for two requests.
  EXPECT_EQ(
      ask("POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0"),
      "400");
  EXPECT_EQ(ask("POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"),
            "400");
  EXPECT_TRUE(e.asked.empty());
  EXPECT_EQ(e.server.counts().malformed, 13U);
}

TEST(ApiServer, WhoIsTooSlowIsCutOff) {  // in each phase
  Echo e({.header_time = milliseconds(150),
          .body_time = milliseconds(150),
          .idle_time = milliseconds(150),
          .write_time = milliseconds(150)});
  Client silent(e.server), header(e.server), body(e.server), reader(e.server);
  reader.receive_little();
  header.send("GET / HT");
  body.send("POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 100\r\n\r\n");
  reader.send(get("/much"));
  for (int k = 0; k < 100; ++k) {  // a byte now and then helps nobody
    e.server.wait(milliseconds(5));
    if (k % 10 == 0) body.send("x");
  }
  EXPECT_EQ(status_of(header.answer()), "408");
  EXPECT_EQ(status_of(body.answer()), "408");
  EXPECT_TRUE(silent.closed());
  EXPECT_TRUE(header.closed());
  EXPECT_TRUE(body.closed());
  for (int k = 0; k < 400 && e.server.connections() > 0; ++k) e.server.wait(milliseconds(5));
  EXPECT_EQ(e.server.connections(), 0U) << "the reader of much";
  EXPECT_EQ(e.server.counts().timed_out, 3U);
}

TEST(ApiServer, FloodsLeaveRoomForOthers) {
  // 400 strangers that say nothing, from one address that may have 64 lines; then the whole is full, and the oldest
  // stranger makes room, never whoever has shown a token.
  Echo one({.connections_of_one = 64});
  std::vector<std::unique_ptr<Client>> flood;
  for (int k = 0; k < 100; ++k) flood.push_back(std::make_unique<Client>(one.server));
  one.server.wait(milliseconds(10));
  EXPECT_EQ(one.server.connections(), 64U);
  EXPECT_EQ(one.server.counts().turned_away, 36U);

  Echo all({.connections_max = 50, .connections_of_one = 1'000});
  Client known(all.server);
  EXPECT_EQ(status_of(known.ask(get("/", "Authorization: known\r\n"))), "200");
  flood.clear();
  for (int k = 0; k < 400; ++k) {
    flood.push_back(std::make_unique<Client>(all.server));
    if (k % 2 == 0) flood.back()->send("GET /");
    if (k % 40 == 0) {
      Client quick(all.server);
      EXPECT_EQ(status_of(quick.ask(get("/", "Connection: close\r\n"))), "200") << k;
    }
  }
  EXPECT_LE(all.server.connections(), 50U);
  EXPECT_EQ(status_of(known.ask(get("/"))), "200");
}

TEST(ApiServer, TellsWhatWasDecidedOnlyWhenItLasts) {
  Echo e({.answer_time = milliseconds(200)});
  Client c(e.server), d(e.server);
  c.send(get("/later"));
  d.send(get("/later"));
  e.server.publish({.type = "decision", .json = "{}", .waits_for = 5});
  e.server.lasts(4);
  for (int k = 0; k < 10; ++k) e.server.wait(milliseconds(1));
  EXPECT_EQ(e.asked.size(), 2U);
  e.server.lasts(5);
  EXPECT_EQ(body_of(c.answer()), "/later");
  EXPECT_EQ(body_of(d.answer()), "/later");

  Echo never({.answer_time = milliseconds(100)});
  Client f(never.server);
  EXPECT_EQ(status_of(f.ask(get("/later"))), "503");
  never.server.lasts(5);
  EXPECT_EQ(body_of(f.ask(get("/next"))), "/next") << "a late answer meets no later question";
}

TEST(ApiServer, StreamsTellWhatComesAndWhatCame) {
  Echo e({.heartbeat = milliseconds(100)});
  Client c(e.server);
  c.send(get("/stream"));
  const std::string head = c.until("retry");
  EXPECT_EQ(status_of(head), "200");
  EXPECT_EQ(head.find("Content-Length"), std::string::npos);
  EXPECT_EQ(e.server.streams(), 1U);
  e.server.publish({.type = "decision", .json = "{\"n\":1}"});
  e.server.publish({.type = "state", .json = "{\"n\":2}"});
  EXPECT_NE(c.until("n\":2").find("id: ff-0\nevent: decision\ndata: {\"n\":1}\n\nid: ff-1\n"),
            std::string::npos);
  EXPECT_NE(c.until(": alive").find(": alive\n\n"), std::string::npos);
  Client again(e.server);
  again.send(get("/stream", "Last-Event-ID: ff-0\r\n"));
  const std::string missed = again.until("n\":2");
  EXPECT_NE(missed.find("id: ff-1\n"), std::string::npos);
  EXPECT_EQ(missed.find("id: ff-0\n"), std::string::npos);
  Client stale(e.server);
  stale.send(get("/stream", "Last-Event-ID: 1b-7\r\n"));
  EXPECT_NE(stale.until("lost").find("event: lost\n"), std::string::npos);
  EXPECT_EQ(e.server.streams(), 3U);
  again.send("x");  // whatever is said into a stream ends it
  EXPECT_TRUE(again.closed());
  Client head_only(e.server);
  EXPECT_EQ(status_of(head_only.ask("HEAD /stream HTTP/1.1\r\nHost: t\r\n\r\n")), "200");
  EXPECT_EQ(e.server.streams(), 2U);
}

TEST(ApiServer, WhatPassesIsToldAndNotKept) {
  Echo e({.events_kept = 16});
  Client c(e.server);
  c.send(get("/stream"));
  static_cast<void>(c.until("retry"));
  e.server.publish({.type = "decision", .json = "{\"n\":1}"});
  e.server.publish({.type = "state", .json = "{\"n\":2}", .passing = true});
  EXPECT_NE(c.until("n\":2").find("\n\nevent: state\ndata: {\"n\":2}\n\n"), std::string::npos);
  Client again(e.server);
  again.send(get("/stream", "Last-Event-ID: ff-0\r\n"));
  static_cast<void>(again.until("retry"));
  e.server.publish({.type = "decision", .json = "{\"n\":3}"});
  const std::string since = again.until("n\":3");
  EXPECT_EQ(since.find("n\":2"), std::string::npos) << "out of date";
  EXPECT_NE(since.find("id: ff-1\n"), std::string::npos);
}

TEST(ApiServer, ShowsPagesAndAsksTheDeskForAllElse) {
  static constexpr std::array<std::uint8_t, 2> Html = {'h', 'i'}, Packed = {'g', 'z'};
  static constexpr std::array<Page, 1> Pages_ = {
      {{"/index.html", "text/html; charset=utf-8", "t1", false, Html, Packed}}};
  Server server({}, {.ask = [](const Request& r) { return Answer{.body = r.target}; },
                     .goes_on = [](const StreamPass&, Tick) { return true; },
                     .clock = [] { return Tick{0}; },
                     .pages = Pages_});
  Client c(server);
  const std::string plain = c.ask(get("/"));
  EXPECT_EQ(body_of(plain), "hi");
  EXPECT_NE(plain.find("Content-Security-Policy: default-src 'none'; script-src 'self'"),
            std::string::npos);
  EXPECT_NE(plain.find("X-Content-Type-Options: nosniff"), std::string::npos);
  EXPECT_EQ(body_of(c.ask(get("/", "Accept-Encoding: br, gzip\r\n"))), "gz");
  EXPECT_EQ(body_of(c.ask(get("/", "Accept-Encoding: gzip;q=0\r\n"))), "hi");
  EXPECT_EQ(status_of(c.ask(get("/", "If-None-Match: \"t1\"\r\n"))), "304");
  const std::string data = c.ask(get("/v1/state"));
  EXPECT_EQ(body_of(data), "/v1/state");
  EXPECT_NE(data.find("Cache-Control: no-store"), std::string::npos);
  EXPECT_NE(data.find("Content-Security-Policy: default-src 'none'; frame-ancestors 'none'"),
            std::string::npos);
}

TEST(ApiServer, ASlowStreamIsDroppedAndHoldsUpNobody) {
  Echo e({.stream_bytes_max = 100'000, .write_time = milliseconds(60'000)});
  Client slow(e.server), quick(e.server);
  slow.receive_little();
  slow.send(get("/stream"));
  quick.send(get("/stream"));
  static_cast<void>(slow.until("retry"));
  static_cast<void>(quick.until("retry"));
  const std::string big = "\"" + std::string(20'000, 'x') + "\"";
  for (int k = 0; k < 100; ++k) {
    e.server.publish({.type = "x", .json = big});
    quick.listen();
  }
  EXPECT_EQ(e.server.counts().streams_dropped, 1U);
  EXPECT_EQ(e.server.streams(), 1U);
  EXPECT_NE(quick.until("id: ff-99\n").find("id: ff-99\n"), std::string::npos);
}

TEST(ApiServer, AStreamOfWhomNothingIsTakenAtAllIsDropped) {
  Echo e({.write_time = milliseconds(150)});
  Client stuck(e.server);
  stuck.receive_little();
  stuck.send(get("/stream"));
  static_cast<void>(stuck.until("retry"));
  for (int k = 0; k < 12; ++k)  // 240 KB: below the bound, above what the two systems hold
    e.server.publish({.type = "x", .json = "\"" + std::string(20'000, 'x') + "\""});
  for (int k = 0; k < 200 && e.server.streams() > 0; ++k) e.server.wait(milliseconds(5));
  EXPECT_EQ(e.server.streams(), 0U);
}

TEST(ApiServer, AddressesThatCannotBeHadAreRefused) {
  const auto refused = [](ServerOptions o) {
    return twin::contract::refusal([&] { Echo e(std::move(o)); });
  };
  EXPECT_EQ(refused({.address = "localhost"}),
            "API: localhost:0 (an IP address and a port to 65535)");
  EXPECT_EQ(refused({.address = "0.0.0.0"}),
            "API: 0.0.0.0:0 (without TLS it listens on 127.0.0.1 or ::1 alone)");
  Echo first;
  const int port = first.server.port();
  EXPECT_EQ(refused({.port = port}), "API: 127.0.0.1:" + std::to_string(port) +
                                         " cannot be listened on (Address already in use)");
}

TEST(ApiServer, IsADeskAndItsServerTogether) {
  Served s;
  Client stream(s.server), anna(s.server);
  stream.send(get("/v1/events", s.bearer("vera")));
  static_cast<void>(stream.until("retry"));
  ASSERT_EQ(s.house.propose(people::example::advice()), "");
  s.publish();
  const std::string body = "{" + s.house.seen("R-1") + "}";
  anna.send("POST /v1/recommendations/R-1/approve HTTP/1.1\r\nHost: t\r\n" + s.bearer("anna") +
            "Content-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) +
            "\r\n\r\n" + body);
  for (int k = 0; k < 20; ++k) s.server.wait(milliseconds(1));
  s.publish();
  EXPECT_EQ(stream.until("proposed", milliseconds(50)).find("event: decision"), std::string::npos)
      << "told before it lasts";
  s.lasts();
  EXPECT_EQ(status_of(anna.answer()), "200");
  const std::string heard = stream.until("approved");
  EXPECT_NE(heard.find("\"stage\":\"proposed\""), std::string::npos);
  EXPECT_NE(heard.find("\"stage\":\"approved\""), std::string::npos);
  s.house.ask("admin", "DELETE", "/v1/accounts/vera");
  EXPECT_TRUE(stream.closed()) << "a stream ends with its account";
}

}  // namespace
}  // namespace apps::api
