// If these failed, a tool could not be reached, a stuck caller would hold the line for ever, or two
// hosts would command one tool. Real sockets on the loopback address, short timers.
#include "twin/link/hsms/sockets.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <vector>

#include "twin/contract/refusal.hpp"
#include "twin/link/secs/example.hpp"

namespace twin::link::hsms {
namespace {

using SocketsWhat = Event::What;

core::Tick real_now() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

// Turns until it holds, ten seconds at most.
bool turn_until(Sockets& sockets, const std::function<bool()>& holds) {
  for (const core::Tick end = real_now() + 10'000; real_now() < end;) {
    if (holds()) return true;
    sockets.turn(std::chrono::milliseconds(5));
  }
  return holds();
}

Options passive() {
  Options options;
  options.role = Role::Passive;
  options.side = Side::Equipment;
  options.timers.selection = 300;
  options.timers.interbyte = 200;
  return options;
}

Options active_sockets() {
  Options options;
  options.timers.separation = 50;
  return options;
}

// Answers every primary with its own body.
core::Tick echo(Session& session, core::Tick now) {
  while (auto event = session.next()) {
    if (event->what == SocketsWhat::Primary && event->message.wants_reply) {
      EXPECT_TRUE(session.reply(secs::reply_to(event->message, event->message.body), now));
    }
  }
  return core::Never;
}

// A caller who does as he likes.
class Caller {
 public:
  explicit Caller(std::uint16_t port) : fd_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const auto* address = reinterpret_cast<const sockaddr*>(&to);  // NOLINT
    EXPECT_EQ(connect(fd_, address, sizeof to), 0);
  }
  ~Caller() { ::close(fd_); }
  Caller(const Caller&) = delete;
  Caller& operator=(const Caller&) = delete;
  void say(const std::vector<std::uint8_t>& bytes) const {
    EXPECT_EQ(::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(bytes.size()));
  }
  // What has come and not been taken; `closed` once the line is.
  std::vector<std::uint8_t> heard() {
    std::vector<std::uint8_t> bytes(4096);
    const ssize_t got = ::recv(fd_, bytes.data(), bytes.size(), MSG_DONTWAIT);
    closed = closed || got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR);
    bytes.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    return bytes;
  }
  bool closed = false;

 private:
  int fd_;
};

std::vector<std::uint8_t> frame_sockets(const Header& header) {
  std::vector<std::uint8_t> bytes;
  append_frame(header, bytes);
  return bytes;
}

TEST(Sockets, MessagesOfEverySizeComeThrough) {
  Sockets sockets(real_now);
  const std::size_t tool = sockets.add(passive(), {.port = 0}, echo);
  std::vector<secs::Message> replies;
  bool selected = false;
  const std::size_t host = sockets.add(
      active_sockets(), {.port = sockets.port(tool)}, [&](Session& session, core::Tick) {
        while (auto event = session.next()) {
          selected = selected || event->what == SocketsWhat::Selected;
          if (event->what == SocketsWhat::Reply) replies.push_back(event->message);
        }
        return core::Never;
      });
  ASSERT_TRUE(turn_until(sockets, [&] { return selected; }));
  const std::vector<std::size_t> sizes = {0, 1, 10'000, 1'000'000, 10'000'000};
  for (const std::size_t size : sizes) {
    ASSERT_TRUE(sockets.session(host).send(
        secs::primary(1, 3, secs::Reply::Wanted, secs::ascii(std::string(size, 'x'))), real_now()));
    sockets.wake(host);
    const std::size_t before = replies.size();
    ASSERT_TRUE(turn_until(sockets, [&] { return replies.size() > before; })) << size;
    EXPECT_EQ(replies.back().body->count(), size);
  }
}

TEST(Sockets, AnActiveLineComesBackByItself) {
  Sockets sockets(real_now);
  const std::size_t tool = sockets.add(passive(), {.port = 0}, echo);
  int selected = 0, lost = 0;
  const std::size_t host = sockets.add(active_sockets(), {.port = sockets.port(tool)},
                                       [&](Session& session, core::Tick) {
                                         while (auto event = session.next()) {
                                           selected += event->what == SocketsWhat::Selected ? 1 : 0;
                                           lost += event->what == SocketsWhat::Lost ? 1 : 0;
                                         }
                                         return core::Never;
                                       });
  ASSERT_TRUE(turn_until(sockets, [&] { return selected == 1; }));
  sockets.session(tool).close(real_now());
  sockets.wake(tool);
  ASSERT_TRUE(turn_until(sockets, [&] { return selected == 2; }));
  EXPECT_EQ(lost, 1);
  sockets.session(host).close(real_now());
  sockets.wake(host);
  ASSERT_TRUE(turn_until(sockets, [&] { return selected == 3; }));
}

TEST(Sockets, ASecondCallerIsToldThatTheLineIsBusy) {
  Sockets sockets(real_now);
  const std::size_t tool = sockets.add(passive(), {.port = 0}, echo);
  Caller first(sockets.port(tool));
  first.say(frame_sockets(control(Type::SelectReq, 1)));
  std::vector<std::uint8_t> heard;
  ASSERT_TRUE(turn_until(sockets, [&] { return !(heard = first.heard()).empty(); }));
  EXPECT_EQ(heard, frame_sockets(control(Type::SelectRsp, 1, 0, 0)));
  Caller second(sockets.port(tool));
  second.say(frame_sockets(control(Type::SelectReq, 2)));
  ASSERT_TRUE(turn_until(sockets, [&] { return !(heard = second.heard()).empty(); }));
  EXPECT_EQ(heard, frame_sockets(control(Type::SelectRsp, 2, 0, 3)));
  ASSERT_TRUE(turn_until(sockets, [&] { return second.heard().empty() && second.closed; }));
  // Callers who say nothing hold nothing: the first still has its line, and they are closed by T7.
  std::vector<std::unique_ptr<Caller>> silent;
  for (int k = 0; k < 20; ++k) silent.push_back(std::make_unique<Caller>(sockets.port(tool)));
  ASSERT_TRUE(turn_until(sockets, [&] {
    return std::ranges::all_of(silent, [](auto& c) { return c->heard().empty() && c->closed; });
  }));
  EXPECT_FALSE(first.closed);
  EXPECT_EQ(sockets.session(tool).state(), State::Selected);
}

TEST(Sockets, SlowCallersAreClosed) {
  Sockets sockets(real_now);
  const std::size_t tool = sockets.add(passive(), {.port = 0}, echo);
  for (const std::size_t bytes : {std::size_t{0}, std::size_t{3}, std::size_t{13}}) {
    Caller caller(sockets.port(tool));
    auto part = frame_sockets(control(Type::SelectReq, 1));
    part.resize(bytes);
    if (!part.empty()) caller.say(part);
    ASSERT_TRUE(turn_until(sockets, [&] { return caller.heard().empty() && caller.closed; }))
        << bytes;
  }
  EXPECT_EQ(sockets.session(tool).state(), State::NotConnected);
}

TEST(Sockets, AToolThatIsNotThereIsTriedAgain) {
  Sockets sockets(real_now);
  std::uint16_t port = 0;
  {
    Sockets other(real_now);
    port = other.port(other.add(passive(), {.port = 0}, echo));
  }
  bool selected = false;
  sockets.add(active_sockets(), {.port = port}, [&](Session& session, core::Tick) {
    while (auto event = session.next()) selected = selected || event->what == SocketsWhat::Selected;
    return core::Never;
  });
  for (int k = 0; k < 20; ++k) sockets.turn(std::chrono::milliseconds(10));
  EXPECT_FALSE(selected);
  sockets.add(passive(), {.port = port}, echo);
  EXPECT_TRUE(turn_until(sockets, [&] { return selected; }));
}

// A name has several addresses (Debian's localhost begins with ::1), and a tool may listen on the last of them alone.
TEST(Sockets, AToolMayHaveAName) {
  Sockets sockets(real_now);
  const std::size_t tool = sockets.add(passive(), {.port = 0}, echo);
  bool selected = false;
  sockets.add(active_sockets(), {.host = "localhost", .port = sockets.port(tool)},
              [&](Session& session, core::Tick) {
                while (auto event = session.next())
                  selected = selected || event->what == SocketsWhat::Selected;
                return core::Never;
              });
  EXPECT_TRUE(turn_until(sockets, [&] { return selected; }));
}

TEST(Sockets, ShutSeparatesEveryLine) {
  Sockets tools(real_now), hosts(real_now);
  const std::size_t tool = tools.add(passive(), {.port = 0}, echo);
  Why why = Why::None;
  bool selected = false;
  hosts.add(active_sockets(), {.port = tools.port(tool)}, [&](Session& session, core::Tick) {
    while (auto event = session.next()) {
      selected = selected || event->what == SocketsWhat::Selected;
      if (event->what == SocketsWhat::Lost) why = event->why;
    }
    return core::Never;
  });
  ASSERT_TRUE(turn_until(hosts, [&] {
    tools.turn(std::chrono::milliseconds(0));
    return selected;
  }));
  tools.shut(std::chrono::milliseconds(1000));
  ASSERT_TRUE(turn_until(hosts, [&] { return why != Why::None; }));
  EXPECT_EQ(why, Why::Separated);
}

TEST(Sockets, ManyLinesShareOneThreadAndNoneStarves) {
  constexpr std::size_t Lines = 100;
  constexpr std::uint64_t Reports = 30;
  Sockets sockets(real_now);
  std::vector<std::uint64_t> acknowledged(Lines), received(Lines);
  for (std::size_t k = 0; k < Lines; ++k) {
    const std::size_t tool =
        sockets.add(passive(), {.port = 0}, [&, k](Session& session, core::Tick now) {
          while (auto event = session.next()) {
            if (event->what == SocketsWhat::Reply) ++acknowledged[k];
            if (event->what != SocketsWhat::Reply && event->what != SocketsWhat::Selected) continue;
            if (acknowledged[k] == Reports) continue;
            EXPECT_TRUE(session.send(secs::example_report(acknowledged[k], 20), now));
          }
          return core::Never;
        });
    sockets.add(
        active_sockets(), {.port = sockets.port(tool)}, [&, k](Session& session, core::Tick now) {
          while (auto event = session.next()) {
            if (event->what != SocketsWhat::Primary) continue;
            EXPECT_EQ(event->message.at(2, 0, 1, 0)->as_u64(), received[k]++);
            EXPECT_TRUE(session.reply(secs::reply_to(event->message, secs::binary(0)), now));
          }
          return core::Never;
        });
  }
  ASSERT_TRUE(turn_until(sockets, [&] {
    return std::ranges::all_of(acknowledged, [](std::uint64_t n) { return n == Reports; });
  }));
  EXPECT_EQ(received, std::vector<std::uint64_t>(Lines, Reports));
}

TEST(Sockets, WhoDoesNotLookIsNotSentMoreThanHeCanHold) {
  Sockets sockets(real_now);
  bool looks = false;
  std::uint64_t seen = 0;
  Options holds_little = passive();
  holds_little.limits.incoming = 100'000;
  const std::size_t tool =
      sockets.add(holds_little, {.port = 0}, [&](Session& session, core::Tick) {
        while (looks) {
          const auto event = session.next();
          if (!event) break;
          if (event->what == SocketsWhat::Primary) {
            EXPECT_EQ(event->message.at(0)->as_u64(), seen++);
          }
        }
        return core::Never;
      });
  Options queues_little = active_sockets();
  queues_little.limits.outgoing = 1'000'000;
  const std::size_t host =
      sockets.add(queues_little, {.port = sockets.port(tool)}, [](Session& session, core::Tick) {
        while (session.next()) {
        }
        return core::Never;
      });
  ASSERT_TRUE(
      turn_until(sockets, [&] { return sockets.session(host).state() == State::Selected; }));
  // Until everything between the two is full, which the host is told.
  std::uint64_t sent = 0;
  for (bool full = false; !full && sent < 100'000; sockets.turn(std::chrono::milliseconds(0))) {
    for (int k = 0; k < 50 && !full; ++k) {
      const Sent one = sockets.session(host).send(
          secs::primary(1, 3, secs::Reply::No,
                        secs::list(secs::u8(sent), secs::ascii(std::string(10'000, 'x')))),
          real_now());
      full = one.outcome == Sending::Full;
      if (one) ++sent;
    }
    sockets.wake(host);
  }
  EXPECT_LT(sent, 10'000U);
  EXPECT_FALSE(sockets.session(tool).takes_more());
  looks = true;
  sockets.wake(tool);
  ASSERT_TRUE(turn_until(sockets, [&] { return seen == sent; })) << seen << " of " << sent;
  EXPECT_EQ(sockets.session(host).counts().selections, 1U);
}

TEST(Sockets, WhatCannotListenIsSaid) {
  Sockets sockets(real_now);
  EXPECT_EQ(contract::refusal([&] { sockets.add(passive(), {.host = "litho"}, echo); }),
            "listen at 'litho' (not an address) 127.0.0.1, or 0.0.0.0 for all?");
  const std::size_t tool = sockets.add(passive(), {.port = 0}, echo);
  const std::uint16_t port = sockets.port(tool);
  EXPECT_EQ(
      contract::refusal([&] { sockets.add(passive(), {.port = port}, echo); }),
      "listen at 127.0.0.1:" + std::to_string(port) + " (Address already in use) another port?");
  EXPECT_EQ(sockets.lines(), 1U);
}

}  // namespace
}  // namespace twin::link::hsms
