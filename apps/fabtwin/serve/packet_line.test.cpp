// If these failed, a guard that is dead, deaf or slow would hold up a twin, or be taken for one that agreed.
#include "apps/fabtwin/serve/packet_line.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "twin/record/scratch_folder.hpp"

namespace apps::fabtwin::serve {
namespace {

using twin::core::Tick;

// The other end, by hand.
struct Listening {
  explicit Listening(const std::string& path) : line(::socket(AF_UNIX, SOCK_SEQPACKET, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    EXPECT_EQ(::bind(line, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    EXPECT_EQ(::listen(line, 4), 0);
  }
  ~Listening() { ::close(line); }
  Listening(const Listening&) = delete;
  Listening& operator=(const Listening&) = delete;
  int line;
};

struct Asked : testing::Test {
  twin::record::ScratchFolder folder{"packet_line"};
  std::string socket = folder / "socket";
  [[nodiscard]] PacketLine ask(const std::string& text, Tick now = 0) const {
    return {{.socket = socket, .who = "the guard", .patience_ms = 2'000}, text, now};
  }
};
using PacketLineTest = Asked;

TEST_F(PacketLineTest, BringsTheWholeAnswer) {
  const Listening guard(socket);
  PacketLine line = ask("how are you?");
  EXPECT_FALSE(line.hear(0));
  const int caller = ::accept(guard.line, nullptr, nullptr);
  std::string text(100, '\0');
  text.resize(static_cast<std::size_t>(::recv(caller, text.data(), text.size(), 0)));
  EXPECT_EQ(text, "how are you?");
  const std::string answer(9'000, 'x');
  ASSERT_EQ(::send(caller, answer.data(), answer.size(), 0), 9'000);
  PacketLine moved = std::move(line);
  for (int k = 0; k < 2; ++k) {  // the same for whoever asks again
    const auto heard = moved.hear(1);
    ASSERT_TRUE(heard);
    EXPECT_TRUE(heard->answered);
    EXPECT_EQ(heard->text, answer);
  }
  ::close(caller);
}

TEST_F(PacketLineTest, SaysThatNobodyIsThere) {
  const auto heard = ask("x").hear(0);
  ASSERT_TRUE(heard);
  EXPECT_FALSE(heard->answered);
  EXPECT_EQ(heard->text, "the guard is not there (" + socket + ": No such file or directory)");
}

TEST_F(PacketLineTest, IsPatientForSoLong) {
  const Listening guard(socket);  // and takes no call
  PacketLine line = ask("x", 10);
  EXPECT_FALSE(line.hear(2'009));
  const auto heard = line.hear(2'010);
  ASSERT_TRUE(heard);
  EXPECT_FALSE(heard->answered);
  EXPECT_EQ(heard->text, "the guard did not answer within 2000 ms");
}

TEST_F(PacketLineTest, WhoHangsUpHasNotAgreed) {
  const Listening guard(socket);
  PacketLine line = ask("x");
  ::close(::accept(guard.line, nullptr, nullptr));
  const auto heard = line.hear(1);
  ASSERT_TRUE(heard);
  EXPECT_FALSE(heard->answered);
  EXPECT_NE(heard->text.find("the guard"), std::string::npos);
}

TEST_F(PacketLineTest, ANameThatIsTooLongIsSaid) {
  socket = folder / std::string(200, 'x');
  EXPECT_EQ(ask("x").hear(0)->text, "the guard cannot be reached (its socket's name is too long)");
}

}  // namespace
}  // namespace apps::fabtwin::serve
