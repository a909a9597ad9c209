// A host and a tool with the wire between them in one value, and a time that moves only when told:
// for tests, and the smallest example of how a transport drives a session.
#pragma once
#include <algorithm>
#include <vector>

#include "twin/link/hsms/session.hpp"

namespace twin::link::hsms {

[[nodiscard]] inline std::vector<Event> all_events(Session& session) {
  std::vector<Event> events;
  while (auto event = session.next()) events.push_back(std::move(*event));
  return events;
}

// All that it wants to send, taken as if the line took it.
[[nodiscard]] inline std::vector<std::uint8_t> taken_from(Session& session, core::Tick now) {
  const auto bytes = session.outgoing();
  std::vector<std::uint8_t> copy(bytes.begin(), bytes.end());
  session.sent(copy.size(), now);
  return copy;
}

class Wire {
 public:
  explicit Wire(Options for_host = {}, Options for_tool = {})
      : host(as(std::move(for_host), Role::Active, Side::Host)),
        tool(as(std::move(for_tool), Role::Passive, Side::Equipment)) {}

  void connect() {
    host.connecting(now);
    host.connected(now);
    tool.connected(now);
    move();
  }
  // Carries bytes both ways until neither has any, and closes the line if one wants that.
  void move() {
    while (carry(host, tool) || carry(tool, host)) {
    }
    if (host.closing() || tool.closing()) cut();
  }
  void cut() {
    host.closed(now);
    tool.closed(now);
  }
  // Lets time pass; the sessions are woken when they want to be.
  void advance(core::Tick by) {
    const core::Tick until = now + by;
    for (;;) {
      const core::Tick next = std::min(host.deadline(), tool.deadline());
      if (next > until || next <= last_) break;
      now = last_ = std::max(now, next);
      host.tick(now);
      tool.tick(now);
      move();
    }
    now = until;
  }

  Session host, tool;
  core::Tick now = 1'000'000;  // [ms]
  bool dead = false;           // what is sent is lost

 private:
  static Options as(Options options, Role role, Side side) {
    options.role = role;
    options.side = side;
    return options;
  }
  bool carry(Session& from, Session& to) {
    if (from.outgoing().empty()) return false;
    const auto bytes = taken_from(from, now);
    if (!dead) to.received(bytes, now);
    return true;
  }

  core::Tick last_ = 0;
};

}  // namespace twin::link::hsms
