// If these failed, the guard would answer before its ledger is on the disk, go on once it cannot be, or
// let one client keep the others from it. conduit.test.cpp tries the same with the whole process.
#include "apps/guard/serve.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <thread>

#include "apps/guard/conduit.hpp"
#include "twin/guard/example.hpp"
#include "twin/record/scratch_folder.hpp"

namespace apps::guard {
namespace {

namespace example = twin::guard::example;
constexpr std::string_view Stop = "fabtwin-guard stop 1\n", Status = "fabtwin-guard status 1\n";

// A guard that serves on a thread until it returns.
class Served {
 public:
  Served(const std::string& ledger, int flags)
      : folder_("guard_serve"),
        ledger_(
            ::open(ledger.empty() ? (folder_ / "ledger").c_str() : ledger.c_str(), flags, 0600)) {
    begin(listening_.emplace(listen_at(folder_ / "socket")).number(), ledger_.number());
  }
  Served(int listening, int ledger) : folder_("guard_serve"), ledger_(-1) {
    begin(listening, ledger);
  }
  ~Served() { join(); }
  void join() {
    if (thread_.joinable()) thread_.join();
  }
  [[nodiscard]] Descriptor client() const {
    Descriptor line(::socket(AF_UNIX, SOCK_SEQPACKET, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string path = folder_ / "socket";
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    const timeval wait{30, 0};
    ::setsockopt(line.number(), SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
    EXPECT_EQ(::connect(line.number(), reinterpret_cast<const sockaddr*>(&address), sizeof address),
              0);
    return line;
  }
  [[nodiscard]] std::string ask(const Descriptor& line, std::string_view text) const {
    ::send(line.number(), text.data(), text.size(), MSG_NOSIGNAL);
    std::string answer(1'000, '\0');
    const ssize_t n = ::recv(line.number(), answer.data(), answer.size(), 0);
    answer.resize(n > 0 ? static_cast<std::size_t>(n) : 0);
    return answer;
  }
  [[nodiscard]] std::string ledger() const { return read_all(folder_ / "ledger", 0); }
  void lose_ledger() { ::dup2(::open("/dev/full", O_WRONLY | O_CLOEXEC), ledger_.number()); }
  void press() { ::pthread_kill(thread_.native_handle(), SIGUSR1); }

 private:
  void begin(int listening, int ledger) {
    watch_for_stop();
    thread_ = std::thread([this, listening, ledger] { serve(guard_, listening, ledger); });
  }

  twin::record::ScratchFolder folder_;
  Descriptor ledger_;
  std::optional<Descriptor> listening_;
  twin::guard::Guard guard_ = example::guard();
  std::thread thread_;
};

// Its ledger is a pipe: it can be written, but not synced, so the first entry ends it.
class Pipe {
 public:
  Pipe() { EXPECT_EQ(::pipe(ends_.data()), 0); }
  ~Pipe() {
    ::close(ends_[0]);
    ::close(ends_[1]);
  }
  [[nodiscard]] int out() const { return ends_[0]; }
  [[nodiscard]] int in() const { return ends_[1]; }

 private:
  std::array<int, 2> ends_{};
};

TEST(GuardServe, EndsWhereItsLedgerCannotBeWrittenAndAnswersNothing) {
  Served s("/dev/full", O_WRONLY);
  const Descriptor line = s.client();
  EXPECT_EQ(s.ask(line, Status), "running\n");
  const Descriptor other = s.client();
  ::send(line.number(), Stop.data(), Stop.size(), MSG_NOSIGNAL);
  s.join();
  std::array<char, 8> answer{};
  EXPECT_EQ(::recv(line.number(), answer.data(), answer.size(), MSG_DONTWAIT), -1);
}

TEST(GuardServe, EndsWhereItsLedgerCannotBeSynced) {
  const Pipe ledger;
  Served s("/proc/self/fd/" + std::to_string(ledger.in()), O_WRONLY);
  const Descriptor line = s.client();
  ::send(line.number(), Stop.data(), Stop.size(), MSG_NOSIGNAL);
  s.join();
  std::array<char, 8> answer{};
  EXPECT_EQ(::recv(line.number(), answer.data(), answer.size(), MSG_DONTWAIT), -1);
}

TEST(GuardServe, KeepsItsLineBeforeItAnswersAndTakesASignalAsAStop) {
  Served s("", O_WRONLY | O_CREAT | O_APPEND);
  const Descriptor line = s.client();
  EXPECT_EQ(s.ask(line, Stop), "stopped\n");
  const std::string before = s.ledger();
  EXPECT_TRUE(before.starts_with("stopped ")) << before;
  s.press();
  for (int k = 0; k < 1'000 && s.ledger() == before; ++k)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  EXPECT_EQ(twin::guard::read_ledger(s.ledger()).stopped(), true);
  EXPECT_GT(s.ledger().size(), before.size());
  s.lose_ledger();
  s.press();
}

TEST(GuardServe, TheLongestSilentMakesRoom) {
  const Pipe ledger;
  Served s("/proc/self/fd/" + std::to_string(ledger.in()), O_WRONLY);
  std::vector<Descriptor> lines;
  for (int k = 0; k < 8; ++k) {
    lines.push_back(s.client());
    EXPECT_EQ(s.ask(lines.back(), Status), "running\n");
  }
  EXPECT_EQ(s.ask(lines[0], Status), "running\n");  // so the second one is the longest silent
  lines.push_back(s.client());
  EXPECT_EQ(s.ask(lines.back(), Status), "running\n");
  EXPECT_EQ(s.ask(lines[1], Status), "");
  EXPECT_EQ(s.ask(lines[0], Status), "running\n");
  lines.erase(lines.begin() + 2);  // gone of itself: there is room for one
  EXPECT_EQ(s.ask(lines[2], Status), "running\n");
  lines.push_back(s.client());
  EXPECT_EQ(s.ask(lines.back(), Status), "running\n");
  EXPECT_EQ(s.ask(lines[2], Status), "running\n");
  s.press();
}

TEST(GuardServe, PassesOverWhoCannotBeTakenIn) {
  const Pipe knocks, ledger;  // what is no socket accepts nobody
  ASSERT_EQ(::write(knocks.in(), "x", 1), 1);
  Served s(knocks.out(), ledger.in());
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  s.press();
}

}  // namespace
}  // namespace apps::guard
