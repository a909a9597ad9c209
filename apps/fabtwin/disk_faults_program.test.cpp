// The program itself on a disk that fails beneath it: the kernel's answers are changed by strace. If
// these failed, it would say that it has what no disk has, or die where it should wait
// (reliability.md, C4 tests 2, 4 and 17).
#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <memory>
#include <set>
#include <thread>

#include "apps/fabtwin/child.hpp"
#include "apps/fabtwin/files.hpp"
#include "twin/event/iso_time.hpp"
#include "twin/link/mosquitto_broker.hpp"
#include "twin/record/scratch_folder.hpp"

namespace apps::fabtwin {
namespace {

using std::chrono::milliseconds;
using ::testing::HasSubstr;

constexpr const char* Strace = "/usr/bin/strace";

std::int64_t now_ms() {
  return std::chrono::duration_cast<milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

// What a server says to one request within `wait`; empty: nothing.
std::string asked(int port, const std::string& request, milliseconds wait) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(static_cast<std::uint16_t>(port));
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  std::string heard;
  if (::connect(fd, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0 &&
      ::send(fd, request.data(), request.size(), MSG_NOSIGNAL) > 0) {
    pollfd line{.fd = fd, .events = POLLIN, .revents = 0};
    char bytes[4'096];
    while (::poll(&line, 1, static_cast<int>(wait.count())) == 1) {
      const auto got = ::recv(fd, bytes, sizeof bytes, 0);
      if (got <= 0) break;
      heard.append(bytes, static_cast<std::size_t>(got));
    }
  }
  ::close(fd);
  return heard;
}

class DiskFaults : public ::testing::Test {
 protected:
  void SetUp() override {
    if (::access(Strace, X_OK) != 0) GTEST_SKIP() << "no strace (package strace)";
    if (Child({Strace, "-qq", "-o", "/dev/null", "/bin/true"}, at("probe")).wait() != 0)
      GTEST_SKIP() << "no process may be traced here (ptrace)";
  }

  [[nodiscard]] std::string at(const std::string& name) const { return folder / name; }

  // A twin that hears by HTTP alone. inject: what strace does to it; empty: nothing.
  [[nodiscard]] std::unique_ptr<Child> start(const std::string& inject) {
    port_ = twin::link::free_port();
    std::string zero(twin::event::IsoTimeLength, ' ');
    (void)twin::event::IsoTime(0).write(now_ms() - 3'600'000, zero.data());
    std::ofstream(at("site.toml"))
        << "[site]\nname = \"t\"\ndata = \""
        << (std::filesystem::current_path() / "data/minifab").string() << "\"\ntime_zero = \""
        << zero << "\"\n[http]\nlisten = \"127.0.0.1:" << port_ << "\"\n[store]\npath = \"off\"\n";
    std::vector<std::string> words = {"/usr/bin/env", "ASAN_OPTIONS=detect_leaks=0"};
    if (!inject.empty())  // -D: the program is our child, and strace is not
      words.insert(words.end(),
                   {Strace, "-D", "-f", "-qq", "-o", "/dev/null", "-e",
                    "trace=pwrite64,fdatasync,fsync,rename,ftruncate", "-e", "inject=" + inject});
    words.insert(words.end(), {FABTWIN_PROGRAM, "serve", at("site.toml"), "--seconds", "120"});
    auto child = std::make_unique<Child>(words, at("out"));
    for (int k = 0; k < 2'000 && child->running() && !twin::link::answers(port_); ++k)
      std::this_thread::sleep_for(milliseconds(5));
    return child;
  }

  // Says message `seq`; whether it was acknowledged within `wait`, as new or as known.
  bool say(int seq, milliseconds wait = milliseconds(5'000)) {
    const std::string body = R"({"src":"mes","epoch":1,"t":)" + std::to_string(now_ms()) +
                             R"(,"seq":)" + std::to_string(seq) + R"(,"kind":"held","lot":"L1"})";
    const std::string answer = asked(port_,
                                     "POST /ingest HTTP/1.1\r\nHost: t\r\nConnection: close\r\n"
                                     "Content-Type: application/json\r\nContent-Length: " +
                                         std::to_string(body.size()) + "\r\n\r\n" + body,
                                     wait);
    if (!answer.starts_with("HTTP/1.1 200")) return false;
    known_ = answer.find(R"("duplicate":1)") != std::string::npos;
    acknowledged_.insert(seq);
    return true;
  }
  [[nodiscard]] std::string health() const {
    return asked(port_, "GET /health HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n",
                 milliseconds(5'000));
  }

  // A twin on a good disk again: it knows all that was acknowledged, and takes what is new.
  void expect_all_is_there(const std::string& after) {
    const std::set<int> before = acknowledged_;
    auto twin = start("");
    for (const int seq : before) {
      EXPECT_TRUE(say(seq)) << after << "\n" << read_text(at("out"));
      EXPECT_TRUE(known_) << "message " << seq << " was lost after " << after;
    }
    EXPECT_TRUE(say(1'000'000)) << after;
    EXPECT_FALSE(known_) << after;
    EXPECT_EQ(twin->end(SIGTERM), 130) << after << "\n" << read_text(at("out"));
    EXPECT_EQ(Child({FABTWIN_PROGRAM, "verify", at("record")}, at("verified")).wait(), 0)
        << after << "\n"
        << read_text(at("verified"));
  }
  void begin_anew() {
    std::filesystem::remove_all(at("record"));
    acknowledged_.clear();
  }

  twin::record::ScratchFolder folder{"disk_faults"};
  std::set<int> acknowledged_;
  bool known_ = false;  // what was said last had been there already
  int port_ = 0;
};

TEST_F(DiskFaults, AFailedSyncIsNeverTakenForASuccess) {
  for (const char* when : {"6", "9"}) {  // that one alone: a second try would go through
    begin_anew();
    auto twin = start(std::string("fdatasync:error=EIO:when=") + when);
    int seq = 1;
    while (seq < 50 && say(seq)) ++seq;
    ASSERT_LT(seq, 50) << "no sync has failed";
    const auto begun = std::chrono::steady_clock::now();
    EXPECT_EQ(twin->wait(), 1);
    EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(10));
    EXPECT_THAT(read_text(at("out")), HasSubstr("the record is broken ("));
    EXPECT_GT(acknowledged_.size(), 1U);
    expect_all_is_there(std::string("failed sync ") + when);
  }
}

TEST_F(DiskFaults, AFullDiskIsWaitedForAndSaid) {
  auto twin = start("pwrite64:error=ENOSPC:when=6..15");
  bool full = false;
  for (int seq = 1; seq <= 20; ++seq) {
    bool said = false;
    for (int k = 0; k < 60 && !said; ++k) {
      said = say(seq, milliseconds(300));
      if (!said) full = full || health().find(R"("record": "full")") != std::string::npos;
    }
    ASSERT_TRUE(said) << seq << "\n" << read_text(at("out"));
  }
  EXPECT_TRUE(full);
  EXPECT_THAT(health(), ::testing::AllOf(testing::StartsWith("HTTP/1.1 200"),
                                         HasSubstr(R"("record": "durable")")));
  EXPECT_EQ(twin->end(SIGKILL), 128 + SIGKILL);
  expect_all_is_there("full disk");
}

TEST_F(DiskFaults, InterruptedAndSlowCallsHurtNobody) {
  for (const char* inject :
       {"pwrite64,fdatasync:error=EINTR:when=3+2", "fdatasync:delay_enter=500000:when=4+3"}) {
    begin_anew();
    auto twin = start(inject);
    for (int seq = 1; seq <= 8; ++seq) {
      EXPECT_TRUE(say(seq)) << inject << "\n" << read_text(at("out"));
      EXPECT_FALSE(known_) << inject;
    }
    EXPECT_EQ(twin->end(SIGKILL), 128 + SIGKILL);
    expect_all_is_there(inject);
  }
}

TEST_F(DiskFaults, APauseOfTheProcessLosesAndDoublesNothing) {
  auto twin = start("");
  ASSERT_TRUE(say(1));
  twin->signal(SIGSTOP);
  EXPECT_FALSE(say(2, milliseconds(1'500)));
  twin->signal(SIGCONT);
  EXPECT_TRUE(say(2));
  EXPECT_TRUE(say(3));
  EXPECT_FALSE(known_);
  EXPECT_EQ(twin->end(SIGKILL), 128 + SIGKILL);
  expect_all_is_there("pause");
}

// Each call that makes something last is the last one once, from the first to the end of the stop.
TEST_F(DiskFaults, EachCallMayBeTheLast) {
  int deaths = 0;
  for (const char* call : {"pwrite64", "fdatasync", "fsync", "rename"}) {
    for (int n = 1;; ++n) {
      ASSERT_LT(n, 100) << call;
      begin_anew();
      const std::string after = std::string(call) + " number " + std::to_string(n);
      auto twin = start(std::string(call) + ":signal=SIGKILL:when=" + std::to_string(n));
      for (int seq = 1; seq <= 3 && say(seq); ++seq) {
      }
      if (twin->end(SIGTERM) != 128 + SIGKILL) break;  // it makes fewer
      ++deaths;
      expect_all_is_there(after);
    }
  }
  EXPECT_GT(deaths, 15);
  RecordProperty("deaths", deaths);
}

}  // namespace
}  // namespace apps::fabtwin
