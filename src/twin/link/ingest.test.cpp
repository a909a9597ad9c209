#include "twin/link/ingest.hpp"

#include <gtest/gtest.h>

#include <string>

#include "twin/link/door_example.hpp"
#include "twin/link/http_client.hpp"

namespace twin::link {
namespace {

struct Posted {
  Site site;
  HttpServer server;
  Ingest ingest;
  HttpClient client;
  explicit Posted(Ingest::Options options = {})
      : server(HttpOptions{}), ingest([] { return Start; }, std::move(options)), client(server) {
    ingest.deliver_to(site.door.inlet(ingest.names()));
    server.route("POST", "/ingest",
                 [this](const HttpRequest& r, const HttpReply& reply) { ingest.answer(r, reply); });
  }
  std::string post(std::string_view body, std::string_view type = "application/json") {
    client.send("POST /ingest HTTP/1.1\r\nHost: t\r\nContent-Type: " + std::string(type) +
                "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
                std::string(body));
    for (int k = 0; k < 3; ++k) server.wait(std::chrono::milliseconds(1));
    site.door.on_durable(site.recorder.size());
    const std::string answer = client.answer();
    return status_of(answer) + " " + body_of(answer);
  }
};

std::string message(int seq, const std::string& more = R"(,"kind":"finished","lot":"L1"})") {
  return R"({"src":"mes","epoch":1,"t":1700000000000,"seq":)" + std::to_string(seq) + more;
}

TEST(Ingest, SaysYesOnlyWhenItIsDurable) {
  // If this failed, a client would forget what a power cut then takes from us.
  Posted p;
  p.client.send(
      "POST /ingest HTTP/1.1\r\nHost: t\r\nContent-Type: application/json\r\n"
      "Content-Length: " +
      std::to_string(message(1).size()) + "\r\n\r\n" + message(1));
  for (int k = 0; k < 20; ++k) p.client.listen();
  EXPECT_EQ(p.site.door.waiting(), 1U);
  p.site.door.on_durable(p.site.recorder.size());
  const std::string answer = p.client.answer();
  EXPECT_EQ(body_of(answer), "{\"accepted\":1,\"duplicate\":0,\"quarantined\":0}\n");
  const auto& o = std::get<core::Observation>(p.site.recorder.all.back());
  EXPECT_EQ(std::string(o.raw.begin(), o.raw.end()), message(1));
  EXPECT_EQ(p.site.door.names().name(event::Table::Source, o.sensor), "http/mes");
}

TEST(Ingest, TakesArraysAndLines) {
  // If this failed, a back-fill of a day would need a request a message.
  Posted p;
  EXPECT_EQ(p.post("[" + message(1) + ", " + message(2) + "]"),
            "200 {\"accepted\":2,\"duplicate\":0,\"quarantined\":0}\n");
  const auto& o = std::get<core::Observation>(p.site.recorder.all.back());
  EXPECT_EQ(std::string(o.raw.begin(), o.raw.end()), message(2));
  EXPECT_EQ(p.post(message(2) + "\r\n\n" + message(3) + "\n" +
                       message(4, R"(,"kind":"measurement","item":"x","v":"NaN"})"),
                   "application/x-ndjson; charset=utf-8"),
            "200 {\"accepted\":1,\"duplicate\":1,\"quarantined\":1}\n");
  EXPECT_EQ(p.post("[]"), "200 {\"accepted\":0,\"duplicate\":0,\"quarantined\":0}\n");
  EXPECT_EQ(p.post("", "application/x-ndjson"),
            "200 {\"accepted\":0,\"duplicate\":0,\"quarantined\":0}\n");
}

TEST(Ingest, RefusesAllOfWhatIsWrongInOneAndSaysWhere) {
  // If this failed, half of a batch would be taken, and nobody knew which half.
  Posted p({.messages_max = 3});
  EXPECT_EQ(p.post("[" + message(1) + "," + message(2, "}") + "]"),
            "400 {\"error\":\"payload: byte " + std::to_string(message(1).size() + 3) +
                ": the object must have either an event of its own or 'events'\"}\n");
  EXPECT_EQ(p.post(message(1) + "\n{\n", "application/x-ndjson"),
            "400 {\"error\":\"line 2: byte 2: a text in quotes must stand here\"}\n");
  EXPECT_EQ(p.post(message(1) + "x"), "400 {\"error\":\"payload: byte " +
                                          std::to_string(message(1).size() + 1) +
                                          ": the text must end here\"}\n");
  EXPECT_EQ(p.post("{}", "text/plain"),
            "415 {\"error\":\"content type 'text/plain' (application/json or "
            "application/x-ndjson)\"}\n");
  const std::string four =
      "[" + message(1) + "," + message(2) + "," + message(3) + "," + message(4) + "]";
  EXPECT_TRUE(p.post(four).ends_with("more than 3 messages\"}\n"));
  EXPECT_TRUE(p.site.recorder.all.empty());
}

TEST(Ingest, FullRecordAsksForAllOfItAgain) {
  // If this failed, a full disk would be taken for success.
  Posted p;
  p.site.recorder.room = 2;  // names, and one message
  const std::string both = "[" + message(1) + "," + message(2) + "]";
  EXPECT_EQ(p.post(both), "503 {\"accepted\":1,\"duplicate\":0,\"quarantined\":0,\"refused\":1}\n");
  p.site.recorder.room = 10;
  EXPECT_EQ(p.post(both), "200 {\"accepted\":1,\"duplicate\":1,\"quarantined\":0}\n");
}

TEST(Ingest, NamesFromOutsideHaveALimit) {
  // If this failed, made-up names would fill the memory one request at a time.
  Posted p({.names_max = 1});
  EXPECT_EQ(p.post(message(1)).substr(0, 3), "200");
  EXPECT_EQ(p.post(message(2)), "507 {\"error\":\"there are too many names\"}\n");
}

}  // namespace
}  // namespace twin::link
