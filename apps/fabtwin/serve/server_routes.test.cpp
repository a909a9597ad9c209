// If these failed, what the documentation says of the routes would not be so, or a twin would start
// over a store that is not its own.
#include "apps/fabtwin/serve/server.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>

#include "apps/fabtwin/real_time.hpp"
#include "twin/link/http_client.hpp"
#include "twin/record/scratch_folder.hpp"

namespace apps::fabtwin::serve {
namespace {

using nlohmann::json;

class Answering : public testing::Test {
 protected:
  Answering() {
    site_.name = "test";
    site_.data = "data/example-fab";
    site_.record = scratch_.file("record");
    site_.time_zero_ms = real_ms() - 3'600'000;
    site_.watermark_ms = 100;
    site_.snapshot_every_ms = 3'600'000;
    site_.stale_after_ms = 600'000;
    site_.http = Address{.port = 0};
    site_.store = StorePlace{.file = store_beside(site_.record)};
  }
  void begin() {
    server_.reset();
    server_ = std::make_unique<Server>(site_, ServerOptions{});
  }
  void turn(int times) {
    for (int k = 0; k < times; ++k) ASSERT_TRUE(server_->turn(std::chrono::milliseconds(1)));
  }
  std::string get(const std::string& path) {
    twin::link::HttpClient client(*server_->http());
    return client.ask("GET " + path + " HTTP/1.1\r\nHost: t\r\n\r\n");
  }

  twin::record::ScratchFolder scratch_{"server"};
  Site site_;
  std::unique_ptr<Server> server_;
};

TEST_F(Answering, TellsOfAMeasurementAndComesBackWithIt) {
  begin();
  const std::string tool = server_->living().fab().layout().tool_name(0);
  const Tick at = real_ms() - 1'000;
  {
    twin::link::HttpClient client(*server_->http());
    const std::string body = R"({"src":"m","epoch":1,"seq":0,"t":)" + std::to_string(at) +
                             R"(,"kind":"measurement","tool":")" + tool +
                             R"(","item":"pressure","v":3.5,"u":"Pa"})";
    client.send(
        "POST /ingest HTTP/1.1\r\nHost: t\r\nContent-Type: application/json\r\n"
        "Content-Length: " +
        std::to_string(body.size()) + "\r\n\r\n" + body);
    turn(300);
    const std::string answer = client.answer();
    ASSERT_EQ(twin::link::status_of(answer), "200") << answer;
  }
  const auto series = [&] {
    const auto answer = get("/series?signal=" + tool + "/pressure&pixels=1");
    EXPECT_EQ(twin::link::status_of(answer), "200") << answer;
    return json::parse(twin::link::body_of(answer), nullptr, false);
  };
  EXPECT_EQ(series()["mean"], json::array({3.5}));
  const json asked = json::parse(twin::link::body_of(get("/tool?name=" + tool)));
  ASSERT_EQ(asked["events"].size(), 1U);
  EXPECT_EQ(asked["events"][0]["item"], "pressure");
  EXPECT_EQ(asked["events"][0]["at_ms"], at);
  EXPECT_TRUE(json::parse(twin::link::body_of(get("/health")))["links"]["store"]["well"]);
  server_->stop();
  begin();
  turn(5);
  EXPECT_EQ(series()["mean"], json::array({3.5}));
  server_->stop();
  std::filesystem::remove_all(site_.record);
  EXPECT_THROW(begin(), twin::core::Error);  // the store is of the record that is gone
}

TEST_F(Answering, SaysOfWhatItIsNotSure) {
  // Wrong: a person would see a lot at a tool, and not that it is a guess.
  begin();
  const std::string tool = server_->living().fab().layout().tool_name(0);
  const auto doubts = [&] { return json::parse(twin::link::body_of(get("/doubts"))); };
  EXPECT_EQ(doubts()["lots"], json::array());
  EXPECT_EQ(doubts()["tools"], json::array());
  const Tick at = real_ms() - 1'000;
  {
    twin::link::HttpClient client(*server_->http());
    const std::string body = R"({"src":"m","epoch":1,"seq":0,"t":)" + std::to_string(at) +
                             R"(,"kind":"unloaded","lot":"Ghost","tool":")" + tool + R"("})";
    client.send(
        "POST /ingest HTTP/1.1\r\nHost: t\r\nContent-Type: application/json\r\n"
        "Content-Length: " +
        std::to_string(body.size()) + "\r\n\r\n" + body);
    turn(300);
    ASSERT_EQ(twin::link::status_of(client.answer()), "200");
  }
  const json reason = {{"since_ms", at}, {"why", "refused"}, {"event", "unloaded"}};
  json of_lot = reason, of_tool = reason;
  of_lot["tool"] = tool;
  of_tool["lot"] = "Ghost";
  const json all = doubts();
  EXPECT_EQ(all["lots"],
            json::array({{{"lot", "Ghost"}, {"since_ms", at}, {"because", {of_lot}}}}));
  EXPECT_EQ(all["tools"],
            json::array({{{"tool", tool}, {"since_ms", at}, {"because", {of_tool}}}}));
  EXPECT_EQ(json::parse(twin::link::body_of(get("/lot?name=Ghost")))["doubts"],
            json::array({of_lot}));
  EXPECT_EQ(json::parse(twin::link::body_of(get("/tool?name=" + tool)))["doubts"],
            json::array({of_tool}));
  const std::string other = server_->living().fab().layout().tool_name(1);
  EXPECT_FALSE(json::parse(twin::link::body_of(get("/tool?name=" + other))).contains("doubts"));
  server_->stop();
}

TEST_F(Answering, RefusesQuestionsInWords) {
  begin();
  const auto expect = [&](const std::string& path, const std::string& status,
                          const std::string& why) {
    const std::string answer = get(path);
    EXPECT_EQ(twin::link::status_of(answer), status) << path;
    EXPECT_EQ(json::parse(twin::link::body_of(answer), nullptr, false)["error"], why) << path;
  };
  expect("/lot", "400", "no name is asked for (?name=...)");
  expect("/lot?name=x", "404", "nothing is known of this name");
  expect("/tool?name=x", "404", "nothing is known of this name");
  expect("/series?signal=x", "404", "there is no signal of this name");
  expect("/series?signal=x&pixels=0", "400", "pixels=0 (a whole number from 1 to 10000)");
  expect("/provenance?forecast=x", "404", "there is no such forecast");
  EXPECT_EQ(twin::link::body_of(get("/provenance")), "[]\n");
  expect("/forecast", "404", "no forecast yet");
  server_->stop();
  site_.store.reset();
  begin();
  expect("/series?signal=x", "404", "there is no store ([store] is off)");
  server_->stop();
}

}  // namespace
}  // namespace apps::fabtwin::serve
