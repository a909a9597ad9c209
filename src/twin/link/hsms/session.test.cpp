// If these failed, two ends of a line would not find each other, or a message would be lost, doubled
// or answered to the wrong question.
#include "twin/link/hsms/session.hpp"

#include <gtest/gtest.h>

namespace twin::link::hsms {
namespace {

using secs::ascii;
using secs::list;
using secs::u4;
using What = Event::What;

constexpr core::Tick Start = 1'000'000;

// Two sessions and the wire between them; time moves only when told.
struct Line {
  explicit Line(Options host_options = {}, Options tool_options = {})
      : host((host_options.side = Side::Host, host_options)),
        tool((tool_options.role = Role::Passive, tool_options.side = Side::Equipment,
              tool_options)) {}

  void connect() {
    ASSERT_TRUE(host.wants_line(now));
    host.connecting(now);
    host.connected(now);
    tool.connected(now);
    move();
  }
  static bool carry(Session& from, Session& to, core::Tick now) {
    const auto bytes = from.outgoing();
    if (bytes.empty()) return false;
    const std::vector<std::uint8_t> copy(bytes.begin(), bytes.end());
    from.sent(copy.size(), now);
    to.received(copy, now);
    return true;
  }
  void move() {
    while (carry(host, tool, now) || carry(tool, host, now)) {
    }
    if (host.closing() || tool.closing()) {
      host.closed(now);
      tool.closed(now);
    }
  }
  void advance(core::Tick by) {
    const core::Tick until = now + by;
    for (core::Tick next = 0; next <= until;) {
      next = std::min(host.deadline(), tool.deadline());
      if (next > until) break;
      now = std::max(now, next);
      host.tick(now);
      tool.tick(now);
      move();
      if (std::min(host.deadline(), tool.deadline()) <= now) break;
    }
    now = until;
  }

  Session host, tool;
  core::Tick now = Start;
};

std::vector<Event> all(Session& session) {
  std::vector<Event> events;
  while (auto event = session.next()) events.push_back(std::move(*event));
  return events;
}

TEST(Session, BothEndsAreSelectedAfterConnecting) {
  Line line;
  line.connect();
  EXPECT_EQ(line.host.state(), State::Selected);
  EXPECT_EQ(line.tool.state(), State::Selected);
  EXPECT_EQ(all(line.host).at(0).what, What::Selected);
  EXPECT_EQ(all(line.tool).at(0).what, What::Selected);
}

TEST(Session, AReplyFindsItsPrimary) {
  Line line;
  line.connect();
  all(line.host), all(line.tool);
  const Sent sent = line.host.send(secs::primary(1, 3, secs::Reply::Wanted, list(u4(9))), line.now);
  ASSERT_TRUE(sent);
  line.move();
  const auto asked = all(line.tool);
  ASSERT_EQ(asked.size(), 1U);
  EXPECT_EQ(asked[0].what, What::Primary);
  EXPECT_EQ(asked[0].message.at(0)->as_u64(), 9U);
  EXPECT_TRUE(line.tool.reply(secs::reply_to(asked[0].message, list(ascii("x"))), line.now));
  EXPECT_EQ(line.tool.reply(secs::reply_to(asked[0].message), line.now).outcome,
            Sending::NobodyAsks);
  line.move();
  const auto answered = all(line.host);
  ASSERT_EQ(answered.size(), 1U);
  EXPECT_EQ(answered[0].what, What::Reply);
  EXPECT_EQ(answered[0].system, sent.system);
  EXPECT_EQ(answered[0].message.at(0)->as_text(), "x");
  EXPECT_EQ(line.host.open(), 0U);
}

}  // namespace
}  // namespace twin::link::hsms
