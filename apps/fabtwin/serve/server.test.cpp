// If these failed, a server would answer before it has recorded, forget what it had answered for, or
// come back from a stop as another. Real sockets on the loopback address.
#include "apps/fabtwin/serve/server.hpp"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fstream>

#include "apps/fabtwin/files.hpp"
#include "apps/fabtwin/real_time.hpp"
#include "twin/record/reader.hpp"
#include "twin/record/scratch_folder.hpp"

namespace apps::fabtwin::serve {
namespace {

using namespace std::chrono_literals;
using testing::Contains;
using testing::HasSubstr;
using testing::StartsWith;

// What the server answers to one request, while it turns; it closes the line.
std::string ask(Server& server, const std::string& request) {
  const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(server.http_port()));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  std::string heard;
  if (::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
      ::send(fd, request.data(), request.size(), MSG_NOSIGNAL) > 0) {
    for (int k = 0; k < 5'000; ++k) {
      EXPECT_TRUE(server.turn(1ms));
      char bytes[4096];
      const auto got = ::recv(fd, bytes, sizeof bytes, MSG_DONTWAIT);
      if (got == 0) break;
      if (got > 0) heard.append(bytes, static_cast<std::size_t>(got));
    }
  }
  ::close(fd);
  return heard;
}
std::string get(Server& server, const std::string& path) {
  return ask(server, "GET " + path + " HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n");
}
std::string post(Server& server, const std::string& body) {
  return ask(server,
             "POST /ingest HTTP/1.1\r\nHost: t\r\nConnection: close\r\n"
             "Content-Type: application/json\r\nContent-Length: " +
                 std::to_string(body.size()) + "\r\n\r\n" + body);
}

class Served : public ::testing::Test {
 protected:
  twin::record::ScratchFolder scratch{"server"};
  twin::record::FileDisk disk;
  std::int64_t begun = real_ms();

  [[nodiscard]] Site site() const {
    Site s;
    s.name = "test";
    s.data = "data/example-fab";
    s.record = scratch / "record";
    s.drop = scratch / "drop";
    s.time_zero_ms = begun - 3'600'000;
    s.watermark_ms = 1'000;
    s.snapshot_every_ms = 3'600'000;
    s.stale_after_ms = 60'000;
    s.http = Address{};
    return s;
  }
  [[nodiscard]] std::string message(int seq) const {
    return R"({"src":"mes","epoch":1,"t":)" + std::to_string(begun) + R"(,"seq":)" +
           std::to_string(seq) + R"(,"kind":"held","lot":"L1"})";
  }
};

TEST_F(Served, RecordsWhatItAnswersAndComesBackWithIt) {
  {
    Server server(site(), {});
    const std::uint64_t before = server.living().journal().durable();
    EXPECT_THAT(post(server, message(1)), HasSubstr(R"({"accepted":1,"duplicate":0)"));
    EXPECT_GT(server.living().journal().durable(), before);
    EXPECT_THAT(post(server, message(1)), HasSubstr(R"({"accepted":0,"duplicate":1)"));
    EXPECT_THAT(post(server, message(2)), HasSubstr(R"({"accepted":1,"duplicate":0)"));
    EXPECT_THAT(post(server, "{"), StartsWith("HTTP/1.1 400"));
    server.stop();
  }
  Server server(site(), {});
  EXPECT_FALSE(server.living().opening().created);
  EXPECT_EQ(server.living().opening().snapshot, server.living().opening().entries);
  EXPECT_THAT(post(server, message(2)), HasSubstr(R"({"accepted":0,"duplicate":1)"));
  EXPECT_THAT(post(server, message(3)), HasSubstr(R"({"accepted":1,"duplicate":0)"));
}

TEST_F(Served, ComesBackWithoutAStop) {
  // Wrong: only what an orderly end had saved would be known again.
  {
    EXPECT_THAT(post(*std::make_unique<Server>(site(), ServerOptions{}), message(1)),
                HasSubstr(R"("accepted":1)"));
  }
  Server server(site(), {});
  EXPECT_EQ(server.living().opening().snapshot, 0U);
  EXPECT_THAT(post(server, message(1)), HasSubstr(R"("duplicate":1)"));
}

TEST_F(Served, SaysHowItIs) {
  Server server(site(), {});
  EXPECT_THAT(post(server, message(1)), StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(get(server, "/health"), HasSubstr(R"("record": "durable")"));
  EXPECT_THAT(get(server, "/metrics"), HasSubstr("fabtwin_"));
  EXPECT_THAT(get(server, "/state"), HasSubstr(R"("site": "test")"));
  EXPECT_THAT(get(server, "/quarantine"), StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(get(server, "/forecast"), StartsWith("HTTP/1.1 404"));
  const Picture p = server.picture();
  ASSERT_EQ(p.links.size(), 2U);
  EXPECT_EQ(p.links[0].name, "drop");
  EXPECT_EQ(p.links[1].name, "http");
}

TEST_F(Served, SaysWhichLinksAreSilent) {
  // Wrong: a twin that hears of half its fab only would call itself ready, and its time would pass as
  // if nothing happened there.
  Site s = site();
  s.mqtt = MqttLink{.broker = {.host = "127.0.0.1", .port = 1}};
  s.secs = SecsLinks{.description = "data/tools/fab-tool.toml",
                     .tools = {{.name = "X", .address = {.host = "127.0.0.1", .port = 1}}}};
  const std::string log_name = (scratch / "log").string();
  std::FILE* log = std::fopen(log_name.c_str(), "w");
  ASSERT_NE(log, nullptr);
  {
    Server server(s, {.log = log});
    for (int k = 0; k < 30; ++k) ASSERT_TRUE(server.turn(20ms));
    const Picture p = server.picture();
    EXPECT_THAT(p.missing, Contains("the states of 1 of 1 tools, whose lines do not tell"));
    EXPECT_THAT(p.missing, Contains(StartsWith("what 127.0.0.1:1 has to tell (")));
    EXPECT_THAT(get(server, "/metrics"), HasSubstr("fabtwin_ready 0"));
    server.stop();
  }
  (void)std::fclose(log);
  const std::string said = read_text(log_name);
  std::size_t downs = 0;
  for (std::size_t at = 0; (at = said.find("\"link down\"", at)) != said.npos; ++at) ++downs;
  EXPECT_EQ(downs, 2U) << said;
  const auto record = twin::record::read_record(disk, (scratch / "record").string());
  for (const auto& entry : record.entries())
    EXPECT_FALSE(std::holds_alternative<twin::core::Advance>(entry));
}

TEST_F(Served, TakesFilesThatAreDropped) {
  Server server(site(), {});
  std::ofstream(scratch / "drop" / "a.csv") << "at,kind,lot\n2020-01-01T00:00:00.000Z,held,L1\n";
  const auto there = [&] { return std::filesystem::exists(scratch / "drop" / "done" / "a.csv"); };
  for (int k = 0; k < 1'000 && !there(); ++k) ASSERT_TRUE(server.turn(10ms));
  EXPECT_TRUE(there());
  EXPECT_EQ(server.living().door().counts().accepted + server.living().door().counts().quarantined,
            1U);
}

}  // namespace
}  // namespace apps::fabtwin::serve
