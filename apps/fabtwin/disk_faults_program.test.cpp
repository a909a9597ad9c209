// The program itself on a disk that fails beneath it: the kernel's answers are changed by strace. If
// these failed, it would say that it has what no disk has, or die where it should wait
// (reliability.md, C4 tests 2, 4 and 17).
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <memory>

#include "apps/fabtwin/http_twin.hpp"

namespace apps::fabtwin {
namespace {

using std::chrono::milliseconds;
using ::testing::HasSubstr;

constexpr const char* Strace = "/usr/bin/strace";

class DiskFaults : public ::testing::Test, protected HttpTwin {
 protected:
  DiskFaults() : HttpTwin("disk_faults") {}
  void SetUp() override {
    if (::access(Strace, X_OK) != 0) GTEST_SKIP() << "no strace (package strace)";
    if (Child({Strace, "-qq", "-o", "/dev/null", "/bin/true"}, at("probe")).wait() != 0)
      GTEST_SKIP() << "no process may be traced here (ptrace)";
  }

  // inject: what strace does to it.
  [[nodiscard]] std::unique_ptr<Child> start_with(const std::string& inject) {
    // -D: the program is our child, and strace is not
    return start({Strace, "-D", "-f", "-qq", "-o", "/dev/null", "-e",
                  "trace=pwrite64,fdatasync,fsync,rename,ftruncate", "-e", "inject=" + inject});
  }
};

TEST_F(DiskFaults, AFailedSyncIsNeverTakenForASuccess) {
  for (const char* when : {"6", "9"}) {  // that one alone: a second try would go through
    begin_anew();
    auto twin = start_with(std::string("fdatasync:error=EIO:when=") + when);
    int seq = 1;
    while (seq < 50 && say(seq)) ++seq;
    ASSERT_LT(seq, 50) << "no sync has failed";
    const auto begun = std::chrono::steady_clock::now();
    EXPECT_EQ(twin->wait(), 1);
    EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(10));
    EXPECT_THAT(words(), HasSubstr("the record is broken ("));
    EXPECT_GT(acknowledged().size(), 1U);
    EXPECT_EQ(lost(), "") << std::string("failed sync ") + when;
  }
}

TEST_F(DiskFaults, AFullDiskIsWaitedForAndSaid) {
  auto twin = start_with("pwrite64:error=ENOSPC:when=6..15");
  bool full = false;
  for (int seq = 1; seq <= 20; ++seq) {
    bool said = false;
    for (int k = 0; k < 60 && !said; ++k) {
      said = say(seq, milliseconds(300));
      if (!said) full = full || health().find(R"("record": "full")") != std::string::npos;
    }
    ASSERT_TRUE(said) << seq << "\n" << words();
  }
  EXPECT_TRUE(full);
  EXPECT_THAT(health(), ::testing::AllOf(testing::StartsWith("HTTP/1.1 200"),
                                         HasSubstr(R"("record": "durable")")));
  EXPECT_EQ(twin->end(SIGKILL), 128 + SIGKILL);
  EXPECT_EQ(lost(), "") << "full disk";
}

TEST_F(DiskFaults, InterruptedAndSlowCallsHurtNobody) {
  for (const char* inject :
       {"pwrite64,fdatasync:error=EINTR:when=3+2", "fdatasync:delay_enter=500000:when=4+3"}) {
    begin_anew();
    auto twin = start_with(inject);
    for (int seq = 1; seq <= 8; ++seq) {
      EXPECT_TRUE(say(seq)) << inject << "\n" << words();
      EXPECT_TRUE(fresh()) << inject;
    }
    EXPECT_EQ(twin->end(SIGKILL), 128 + SIGKILL);
    EXPECT_EQ(lost(), "") << inject;
  }
}

TEST_F(DiskFaults, APauseOfTheProcessLosesAndDoublesNothing) {
  auto twin = start();
  ASSERT_TRUE(say(1));
  twin->signal(SIGSTOP);
  EXPECT_FALSE(say(2, milliseconds(1'500)));
  twin->signal(SIGCONT);
  EXPECT_TRUE(say(2));
  EXPECT_TRUE(say(3));
  EXPECT_TRUE(fresh());
  EXPECT_EQ(twin->end(SIGKILL), 128 + SIGKILL);
  EXPECT_EQ(lost(), "") << "pause";
}

// Each call that makes something last is the last one once, from the first to the end of the stop.
TEST_F(DiskFaults, EachCallMayBeTheLast) {
  int deaths = 0;
  for (const char* call : {"pwrite64", "fdatasync", "fsync", "rename"}) {
    for (int n = 1;; ++n) {
      ASSERT_LT(n, 100) << call;
      begin_anew();
      const std::string after = std::string(call) + " number " + std::to_string(n);
      auto twin = start_with(std::string(call) + ":signal=SIGKILL:when=" + std::to_string(n));
      for (int seq = 1; seq <= 3 && say(seq); ++seq) {
      }
      if (twin->end(SIGTERM) != 128 + SIGKILL) break;  // it makes fewer
      ++deaths;
      EXPECT_EQ(lost(), "") << after;
    }
  }
  EXPECT_GT(deaths, 15);
  RecordProperty("deaths", deaths);
}

}  // namespace
}  // namespace apps::fabtwin
