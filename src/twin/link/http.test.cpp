#include "twin/link/http.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "twin/contract/refusal.hpp"
#include "twin/link/http_client.hpp"

namespace twin::link {
namespace {

using std::chrono::milliseconds;

struct Served {
  HttpServer server;
  std::vector<HttpReply> held;  // of /later
  explicit Served(HttpOptions options = {}) : server(std::move(options)) {
    server.route("GET", "/metrics", [](const HttpRequest& r, const HttpReply& reply) {
      reply({.body = "up 1 " + std::string(r.query)});
    });
    server.route("POST", "/echo", [](const HttpRequest& r, const HttpReply& reply) {
      reply({.type = std::string(r.content_type), .body = std::string(r.body)});
    });
    server.route("GET", "/later",
                 [this](const HttpRequest&, HttpReply reply) { held.push_back(std::move(reply)); });
  }
};

TEST(Http, AnswersRoutesOnOneConnection) {
  // If this failed, /metrics could not be scraped.
  Served s;
  HttpClient c(s.server);
  const std::string answer = c.ask("GET /metrics?a=1 HTTP/1.1\r\nHost: t\r\n\r\n");
  EXPECT_EQ(status_of(answer), "200");
  EXPECT_EQ(body_of(answer), "up 1 a=1");
  EXPECT_NE(answer.find("Content-Type: text/plain; charset=utf-8\r\n"), std::string::npos);
  const std::string head = c.ask("HEAD /metrics HTTP/1.1\r\nHost: t\r\n\r\n");
  EXPECT_EQ(status_of(head), "200");
  EXPECT_EQ(body_of(head), "");
  EXPECT_NE(head.find("Content-Length: 5\r\n"), std::string::npos);
  EXPECT_EQ(body_of(c.post("/echo", "Text/X; charset=utf-8", "abc")), "abc");
  EXPECT_EQ(body_of(c.ask("GET /none HTTP/1.1\r\nHost: t\r\n\r\n")),
            "{\"error\":\"there is nothing at this path\"}\n");
  const std::string wrong = c.ask("DELETE /echo HTTP/1.1\r\nHost: t\r\n\r\n");
  EXPECT_EQ(status_of(wrong), "405");
  EXPECT_EQ(body_of(wrong), "{\"error\":\"this path answers POST\"}\n");
  // Two questions in one segment are answered one after the other.
  c.send("GET /metrics?1 HTTP/1.1\r\nHost: t\r\n\r\nGET /metrics?2 HTTP/1.1\r\nHost: t\r\n\r\n");
  EXPECT_EQ(body_of(c.answer()), "up 1 1");
  EXPECT_EQ(body_of(c.answer()), "up 1 2");
  EXPECT_EQ(s.server.connections(), 1U);
  EXPECT_EQ(status_of(c.ask("GET /metrics HTTP/1.0\r\n\r\n")), "200");
  EXPECT_TRUE(c.closed());
}

TEST(Http, AnswersWhereARouteFails) {
  // If this failed, one question whose answer cannot be made would end the twin.
  Served s;
  s.server.route("GET", "/bad", [](const HttpRequest&, const HttpReply&) {
    throw std::runtime_error("it has no answer");
  });
  s.server.route("GET", "/said", [](const HttpRequest&, const HttpReply& reply) {
    reply({.body = "all"});
    throw std::runtime_error("too late");
  });
  HttpClient c(s.server);
  const std::string answer = c.ask("GET /bad HTTP/1.1\r\nHost: t\r\n\r\n");
  EXPECT_EQ(status_of(answer), "500");
  EXPECT_EQ(body_of(answer), "{\"error\":\"it has no answer\"}\n");
  EXPECT_EQ(body_of(c.ask("GET /said HTTP/1.1\r\nHost: t\r\n\r\n")), "all");
  EXPECT_EQ(body_of(c.ask("GET /metrics HTTP/1.1\r\nHost: t\r\n\r\n")), "up 1 ");
}

TEST(Http, AnswersLaterOnceAndNeverToAnotherQuestion) {
  // If this failed, 200 would be said before the record is durable, or to the wrong request.
  Served s({.answer_time = milliseconds(50)});
  HttpClient c(s.server);
  c.send("GET /later HTTP/1.1\r\nHost: t\r\n\r\n");
  s.server.wait(milliseconds(5));
  ASSERT_EQ(s.held.size(), 1U);
  s.held[0]({.body = "first"});
  s.held[0]({.body = "twice"});
  EXPECT_EQ(body_of(c.answer()), "first");
  const std::string late = c.ask("GET /later HTTP/1.1\r\nHost: t\r\n\r\n");
  EXPECT_EQ(status_of(late), "503");
  EXPECT_NE(late.find("Retry-After: 1\r\n"), std::string::npos);
  s.held[1]({.body = "too late"});
  EXPECT_EQ(body_of(c.ask("GET /metrics HTTP/1.1\r\nHost: t\r\n\r\n")), "up 1 ");
  {
    HttpClient gone(s.server);
    gone.send("GET /later HTTP/1.1\r\nHost: t\r\n\r\n");
  }
  for (int k = 0; k < 20; ++k) s.server.wait(milliseconds(10));
  ASSERT_EQ(s.held.size(), 3U);
  s.held[2]({.body = "nobody hears"});
  EXPECT_EQ(s.server.connections(), 1U);
}

TEST(Http, RefusesWhatIsTooLargeOrNoHttp) {
  // If this failed, one request could fill the memory.
  Served s({.header_bytes_max = 1'000, .body_bytes_max = 2'000});
  const auto ask = [&](const std::string& bytes) {
    HttpClient c(s.server);
    const std::string answer = c.ask(bytes);
    EXPECT_TRUE(c.closed()) << answer;
    return status_of(answer);
  };
  EXPECT_EQ(ask("GET / HTTP/1.1\r\nX: " + std::string(2'000, 'x') + "\r\n\r\n"), "431");
  EXPECT_EQ(ask("POST /echo HTTP/1.1\r\nContent-Length: 2001\r\n\r\n"), "413");
  EXPECT_EQ(ask("POST /echo HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n"), "400");
  EXPECT_EQ(ask("POST /echo HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n9c4\r\n" +
                std::string(2'500, 'x') + "\r\n0\r\n\r\n"),
            "413");
  EXPECT_EQ(ask("nonsense\r\n\r\n"), "400");
  EXPECT_EQ(ask(std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11)), "400");
  EXPECT_EQ(ask("GET /metrics HTTP/7.3\r\n\r\n"), "400");
  EXPECT_EQ(ask("POST /echo HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0"),
            "400");
}

TEST(Http, SlowAndSilentClientsAreCutOffAndHurtNobody) {
  // If this failed, a hundred half-open lines would stop the metrics (fault test 13).
  Served s(
      {.connections_max = 250, .request_time = milliseconds(150), .idle_time = milliseconds(150)});
  std::vector<std::unique_ptr<HttpClient>> slow;
  for (int k = 0; k < 200; ++k) {
    slow.push_back(std::make_unique<HttpClient>(s.server));
    if (k % 2 == 0) slow.back()->send("GET /metr");
  }
  std::vector<milliseconds> took;
  for (int k = 0; k < 30; ++k) {
    for (auto& c : slow) c->send(k % 3 == 0 ? "x" : "");  // a byte now and then
    const auto began = std::chrono::steady_clock::now();
    HttpClient quick(s.server);
    EXPECT_EQ(body_of(quick.ask("GET /metrics HTTP/1.1\r\nHost: t\r\n\r\n")), "up 1 ");
    took.push_back(
        std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - began));
  }
  std::ranges::sort(took);
  EXPECT_LE(took[15], milliseconds(100));  // the median; a shared machine may pause us
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(5);
  while (s.server.connections() > 0 && std::chrono::steady_clock::now() < end)
    for (auto& c : slow) c->listen();
  EXPECT_EQ(s.server.connections(), 0U);
}

TEST(Http, TooManyConnectionsAreTurnedAway) {
  // If this failed, 10,000 connections would take all descriptors.
  Served s({.connections_max = 3});
  std::vector<std::unique_ptr<HttpClient>> all;
  for (int k = 0; k < 3; ++k) {
    all.push_back(std::make_unique<HttpClient>(s.server));
    EXPECT_EQ(status_of(all.back()->ask("GET /metrics HTTP/1.1\r\nHost: t\r\n\r\n")), "200");
  }
  HttpClient one_more(s.server);
  EXPECT_EQ(status_of(one_more.answer()), "503");
  EXPECT_TRUE(one_more.closed());
  all.clear();
  for (int k = 0; k < 100 && s.server.connections() > 0; ++k) s.server.wait(milliseconds(10));
  HttpClient again(s.server);
  EXPECT_EQ(status_of(again.ask("GET /metrics HTTP/1.1\r\nHost: t\r\n\r\n")), "200");
}

TEST(Http, OneByteAtATimeIsTheSameRequest) {
  // If this failed, the network's segments would change what is said.
  Served s;
  HttpClient c(s.server);
  for (const char byte : std::string("POST /echo HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc"))
    c.send(std::string_view(&byte, 1));
  EXPECT_EQ(body_of(c.answer()), "abc");
}

TEST(Http, AddressesThatCannotBeHadAreRefused) {
  // If this failed, a twin would run and answer nobody.
  EXPECT_EQ(contract::refusal([] { HttpServer s({.address = "localhost:80"}); }),
            "HTTP: localhost:80:0 (an IP address and a port to 65535)");
  HttpServer first({});
  const int port = first.port();
  const auto why = contract::refusal([&] { HttpServer s({.port = port}); });
  EXPECT_EQ(why, "HTTP: 127.0.0.1:" + std::to_string(port) +
                     " cannot be listened on (Address already in use)");
}

}  // namespace
}  // namespace twin::link
