// If these failed, the guard's process would give what it must not, forget over a restart what it gave,
// or let somebody keep others from it. It runs here as it does at a site, with real keys and time.
#include "apps/guard/conduit.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <thread>

#include "apps/fabtwin/child.hpp"
#include "apps/guard/sandbox.hpp"
#include "twin/core/error.hpp"
#include "twin/guard/example.hpp"
#include "twin/record/scratch_folder.hpp"

namespace apps::guard {
namespace {

namespace example = twin::guard::example;
using fabtwin::Child;
using twin::guard::Command;
using twin::guard::Decimal;
using twin::guard::show;

void write_file(const std::filesystem::path& path, const std::string& text, unsigned mode = 0600) {
  std::ofstream(path, std::ios::binary) << text;
  std::filesystem::permissions(path, std::filesystem::perms(mode));
}

class Client {
 public:
  explicit Client(const std::string& path) : line_(::socket(AF_UNIX, SOCK_SEQPACKET, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    const timeval wait{30, 0};
    ::setsockopt(line_.number(), SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
    connected_ =
        ::connect(line_.number(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  }
  [[nodiscard]] bool connected() const { return connected_; }
  void say(std::string_view text) const {
    ::send(line_.number(), text.data(), text.size(), MSG_NOSIGNAL);
  }
  [[nodiscard]] std::string hear() const {
    std::string text(65'536, '\0');
    const ssize_t n = ::recv(line_.number(), text.data(), text.size(), 0);
    text.resize(n > 0 ? static_cast<std::size_t>(n) : 0);
    return text;
  }
  [[nodiscard]] std::string ask(std::string_view text) const {
    say(text);
    return hear();
  }

 private:
  Descriptor line_;
  bool connected_ = false;
};

// A site on the disk, and its guard.
class GuardProcess : public testing::Test {
 protected:
  GuardProcess() : folder_("guard") {
    const auto lines = [] {  // the example's, valid now
      std::string text = example::limits_lines(twin::guard::public_key);
      const std::size_t at = text.find("\nvalid ") + 1, end = text.find('\n', at);
      text.replace(at, end - at, "valid 0 999999999999999");
      const std::size_t budget = text.find("budget 6 4 3600000");
      text.replace(budget, 18, "budget 500 400 3600000");
      return text.replace(text.find(" 3000 1000\n"), 10, " 3000 0");  // all is one clock here
    }();
    write_file(folder_ / "authority.key", show(example::Authority) + "\n");
    write_file(folder_ / "guard.key", show(example::GuardSeed) + "\n");
    write_file(folder_ / "limits", lines);
    Child sign({FABTWIN_GUARD_KEY, "sign", folder_ / "authority.key", folder_ / "limits"},
               folder_ / "limits.signed", folder_ / "err");
    EXPECT_EQ(sign.wait(), 0);
  }
  [[nodiscard]] std::vector<std::string> words() const {
    return {FABTWIN_GUARD,
            folder_ / "limits.signed",
            show(twin::guard::public_key(example::Authority)),
            folder_ / "guard.key",
            folder_ / "ledger",
            socket(),
            "nobody"};
  }
  [[nodiscard]] std::string socket() const { return folder_ / "socket"; }
  void start() {
    std::filesystem::remove(folder_ / "said");
    child_.emplace(words(), folder_ / "said");
    for (int k = 0; k < 3'000 && !said().ends_with("ready\n") && child_->running(); ++k)
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    ASSERT_TRUE(child_->running()) << said();
  }
  [[nodiscard]] std::string said() const {
    std::ifstream in(folder_ / "said");
    return {std::istreambuf_iterator<char>(in), {}};
  }
  [[nodiscard]] std::string ask(const std::string& text) const {
    return Client(socket()).ask(text);
  }

  static Command hold(std::uint8_t number) {
    Command c = example::hold();
    c.action = "prefer";  // needs nobody's approval and no read-back, so many fit
    c.value = Decimal{1'000'000};
    c.from = Decimal{0};
    c.nonce[4] = number;
    c.believed = now_ms() - 10;
    c.expires = now_ms() + 60'000;
    return example::with_bytes(c);
  }
  static std::string seen(const Command& c, const std::optional<Decimal>& value,
                          const std::string& conditions = "-") {
    return example::witness(c, value, conditions, now_ms(), "IDLE",
                            {example::Mes, twin::guard::sign});
  }
  static std::string request(const Command& c) {
    std::this_thread::sleep_for(std::chrono::milliseconds(2));  // seen after the last message
    return "fabtwin-guard request 1\n" + show(c) + seen(c, c.from);
  }

  twin::record::ScratchFolder folder_;
  std::optional<Child> child_;
};

TEST_F(GuardProcess, SignsWhatTwoPersonsApprovedAndReadsItBack) {
  start();
  Command c = example::offset();
  c.believed = now_ms() - 10;
  c.expires = now_ms() + 60'000;
  c = example::with_bytes(c);
  write_file(folder_ / "command", show(c));
  std::string approvals;
  for (const auto& [person, seed] : {std::pair{"alice", example::Alice}, {"bob", example::Bob}}) {
    write_file(folder_ / person, show(seed) + "\n");
    Child approve(
        {FABTWIN_GUARD_KEY, "approve", folder_ / person, person, "approver", folder_ / "command"},
        folder_ / "approval", folder_ / "err");
    ASSERT_EQ(approve.wait(), 0);
    approvals += read_all(folder_ / "approval", 077);
    std::filesystem::remove(folder_ / "approval");
  }
  twin::guard::Gate gate(twin::guard::public_key(example::GuardSeed), now_ms());
  const std::string early = seen(c, c.value);
  const std::string answer =
      ask("fabtwin-guard request 1\n" + show(c) + approvals + seen(c, c.from));
  ASSERT_TRUE(answer.starts_with("granted\n")) << answer;
  const auto permit = gate.take(answer.substr(8), now_ms(), 0);
  ASSERT_TRUE(permit);
  EXPECT_TRUE(permit->allows("LITHO_01", c.bytes));
  EXPECT_EQ(ask("fabtwin-guard readback 1\nnonce " + show(c.nonce) + "\n" + early),
            "refused seen before the last message\n");
  std::this_thread::sleep_for(std::chrono::milliseconds(2));
  EXPECT_EQ(ask("fabtwin-guard readback 1\nnonce " + show(c.nonce) + "\n" + seen(c, c.value)),
            "verified\n");
}

TEST_F(GuardProcess, TakesNoHarmFromWrongHalfAndLongMessages) {
  start();
  const std::string good = request(hold(1));
  const Client client(socket());
  for (std::size_t k = 1; k < good.size(); k += 13)
    EXPECT_EQ(client.ask(good.substr(0, k)), "refused unreadable\n") << k;
  std::string noise(2'000, '\0');
  for (std::size_t k = 0; k < noise.size(); ++k) noise[k] = static_cast<char>(k * k * 31 + k);
  EXPECT_EQ(client.ask(noise), "refused unreadable\n");
  for (const std::size_t size :
       {twin::guard::RequestBytes, twin::guard::RequestBytes + 1, std::size_t{60'000}})
    EXPECT_EQ(client.ask(good + std::string(size - good.size(), 'x')), "refused unreadable\n")
        << size;
  std::string wrong = good;
  wrong[good.find("\nbytes ") + 9] ^= 1;
  EXPECT_EQ(client.ask(wrong), "refused other bytes\n");
  EXPECT_TRUE(client.ask(good).starts_with("granted\n"));
}

TEST_F(GuardProcess, AFloodKeepsNobodyOut) {
  start();
  std::vector<Client> silent;
  for (int k = 0; k < 24; ++k) silent.emplace_back(socket());
  std::atomic<bool> over = false;
  std::vector<std::thread> crowd;
  for (int k = 0; k < 3; ++k) {
    crowd.emplace_back([&] {
      while (!over) {
        const Client c(socket());
        for (int n = 0; n < 50 && !over; ++n) c.say("garbage");
      }
    });
  }
  int granted = 0;
  for (std::uint8_t k = 0; k < 20; ++k) {
    for (int again = 0; again < 5; ++again) {  // it may have had to make room
      const std::string answer = ask(request(hold(k)));
      granted += answer.starts_with("granted\n") ? 1 : 0;
      if (!answer.empty()) break;
    }
  }
  over = true;
  for (std::thread& t : crowd) t.join();
  EXPECT_EQ(granted, 20);
  // One more while it makes room for who has just come.
  const auto open =
      std::filesystem::directory_iterator("/proc/" + std::to_string(child_->id()) + "/fd");
  EXPECT_LE(std::distance(begin(open), end(open)), 3 + 8 + 1);
}

TEST_F(GuardProcess, TheKillSwitchIsKeptOverRestarts) {
  start();
  EXPECT_EQ(ask("fabtwin-guard status 1\n"), "running\n");
  EXPECT_EQ(ask("fabtwin-guard stop 1\n"), "stopped\n");
  EXPECT_EQ(ask(request(hold(1))), "refused stopped\n");
  child_->end(SIGKILL);
  start();
  EXPECT_EQ(ask("fabtwin-guard status 1\n"), "stopped\n");
  Command c = example::resume("*");
  c.believed = now_ms() - 10;
  c.expires = now_ms() + 60'000;
  const auto by = [&](const char* person, const twin::guard::Seed& seed) {
    return example::approval(c, person, "admin", {seed, twin::guard::sign}, now_ms());
  };
  EXPECT_EQ(ask("fabtwin-guard request 1\n" + show(c) + by("alice", example::Alice)),
            "refused too few persons\n");
  EXPECT_EQ(ask("fabtwin-guard request 1\n" + show(c) + by("alice", example::Alice) +
                by("bob", example::Bob)),
            "resumed\n");
  EXPECT_EQ(ask("fabtwin-guard status 1\n"), "running\n");
  child_->signal(SIGUSR1);
  for (int k = 0; k < 500 && ask("fabtwin-guard status 1\n") != "stopped\n"; ++k)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  EXPECT_EQ(ask("fabtwin-guard status 1\n"), "stopped\n");
}

TEST_F(GuardProcess, KillsMakeItForgetNoNonce) {
  std::vector<Command> granted;
  for (std::uint8_t life = 0; life < 10; ++life) {
    start();
    for (const Command& before : granted) EXPECT_EQ(ask(request(before)), "refused replayed\n");
    const Client client(socket());
    granted.push_back(hold(life));
    ASSERT_TRUE(client.ask(request(granted.back())).starts_with("granted\n"));
    client.say(
        request(hold(static_cast<std::uint8_t>(100 + life))));  // whose answer nobody waits for
    child_->end(SIGKILL);
  }
  std::ofstream(folder_ / "ledger", std::ios::app) << "done 17";  // torn
  start();
  EXPECT_EQ(ask(request(granted.back())), "refused replayed\n");
}

TEST_F(GuardProcess, IsSilentOnceItsLedgerCannotBeWritten) {
  std::string line = "ulimit -f 2; exec";
  for (const std::string& word : words()) line += " '" + word + "'";
  child_.emplace(std::vector<std::string>{"/bin/sh", "-c", line}, folder_ / "said");
  for (int k = 0; k < 3'000 && !said().ends_with("ready\n"); ++k)
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  int granted = 0;
  for (std::uint8_t k = 0; k < 20; ++k)
    granted += ask(request(hold(k))).starts_with("granted\n") ? 1 : 0;
  const std::string file = read_all(folder_ / "ledger", 0);
  const std::string whole = file.substr(0, file.rfind('\n') + 1);
  EXPECT_EQ(static_cast<int>(twin::guard::read_ledger(whole).given().size()), granted);
  EXPECT_GT(granted, 0);
  ASSERT_LT(granted, 20);
  EXPECT_NE(child_->end(SIGTERM), 0);
}

TEST_F(GuardProcess, HasItsOwnUserAFilterAndNoOtherDescriptor) {
  start();
  std::ifstream in("/proc/" + std::to_string(child_->id()) + "/status");
  const std::string status{std::istreambuf_iterator<char>(in), {}};
  EXPECT_NE(status.find("NoNewPrivs:\t1"), std::string::npos);
  EXPECT_EQ(status.find("Seccomp:\t2") != std::string::npos, Confines);
  EXPECT_EQ(status.find("Uid:\t0"), std::string::npos);  // root it never is
  const auto open =
      std::filesystem::directory_iterator("/proc/" + std::to_string(child_->id()) + "/fd");
  EXPECT_EQ(std::distance(begin(open), end(open)), 3);  // standard error, the ledger, the socket
}

TEST_F(GuardProcess, DoesNotBeginWhereSomethingIsWrong) {
  const auto status = [&](std::vector<std::string> w) {
    return Child(std::move(w), folder_ / "said").wait();
  };
  EXPECT_EQ(status({FABTWIN_GUARD}), 2);
  EXPECT_EQ(status({FABTWIN_GUARD_KEY}), 2);
  auto w = words();
  w[2] = show(twin::guard::public_key(example::Alice));
  EXPECT_EQ(status(w), 78);
  w[2] = "key";
  EXPECT_EQ(status(w), 78);
  write_file(folder_ / "broken",
             "fabtwin-guard limits 1\nclass a setpoint b 1 - - - S1F1,F8=value\n");
  EXPECT_EQ(status({FABTWIN_GUARD_KEY, "sign", folder_ / "authority.key", folder_ / "broken"}), 78);
  std::filesystem::permissions(folder_ / "guard.key", std::filesystem::perms(0640));
  EXPECT_EQ(status(words()), 78);
  std::filesystem::permissions(folder_ / "guard.key", std::filesystem::perms(0600));
  write_file(folder_ / "ledger", "done 17 00 5\n");
  EXPECT_EQ(status(words()), 78);
  std::filesystem::remove(folder_ / "ledger");
  start();
  EXPECT_EQ(status(words()), 78);  // the ledger is the first one's
  EXPECT_NE(said().find("another guard's"), std::string::npos);
}

TEST(GuardKeys, AreMadeOnceAndForTheirOwnerAlone) {
  const twin::record::ScratchFolder folder("guard_key");
  const auto status = [&](const std::string& out) {
    return Child({FABTWIN_GUARD_KEY, "new", folder / "a.key"}, folder / out, folder / "err").wait();
  };
  EXPECT_EQ(status("public"), 0);
  EXPECT_EQ(show(twin::guard::public_key(read_seed(folder / "a.key"))) + "\n",
            read_all(folder / "public", 077));
  EXPECT_EQ(status("again"), 78);
  EXPECT_EQ(std::filesystem::status(folder / "a.key").permissions(), std::filesystem::perms(0600));
  Child half({FABTWIN_GUARD_KEY, "public", folder / "a.key"}, folder / "public2", folder / "err");
  EXPECT_EQ(half.wait(), 0);
  EXPECT_EQ(read_all(folder / "public", 077), read_all(folder / "public2", 077));
  write_file(folder / "command", "nothing");
  Child approve({FABTWIN_GUARD_KEY, "approve", folder / "a.key", "a", "b", folder / "command"},
                folder / "x", folder / "err");
  EXPECT_EQ(approve.wait(), 78);
}

}  // namespace
}  // namespace apps::guard
