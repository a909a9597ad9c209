// Joins one side of GEM with its HSMS session: what the line tells goes to the side, what the side
// wants sent goes to the line. Both are values; whoever has a socket, or a simulated network, calls
// this whenever something has come or a deadline is reached.
#pragma once
#include <algorithm>

#include "twin/link/gem/outbox.hpp"
#include "twin/link/hsms/session.hpp"

namespace twin::link::gem {

[[nodiscard]] inline Post post(hsms::Session& session, const Outgoing& out, core::Tick now) {
  const bool primary = out.message.is_primary();
  hsms::Sent sent;
  if (primary) {
    sent =
        out.permit ? session.send(out.message, *out.permit, now) : session.send(out.message, now);
  } else {
    sent =
        out.permit ? session.reply(out.message, *out.permit, now) : session.reply(out.message, now);
  }
  if (sent) return {.outcome = Posted::Sent, .system = sent.system};
  return {.outcome = sent.outcome == hsms::Sending::Full ? Posted::Wait : Posted::Lost};
}

// A side has selected(now), lost(now), received(message, now) or received(message, frame, now),
// failed(system, now) or failed(system, why, now), tick(now), deadline() and flush(send).
template <class Side>
void exchange(Side& side, hsms::Session& session, core::Tick now) {
  using What = hsms::Event::What;
  session.tick(now);
  const auto received = [&](hsms::Event& e) {
    if constexpr (requires { side.received(std::move(e.message), std::move(e.frame), now); }) {
      side.received(std::move(e.message), std::move(e.frame), now);
    } else {
      side.received(e.message, now);
    }
  };
  while (auto event = session.next()) {
    switch (event->what) {
      case What::Selected: side.selected(now); break;
      case What::Lost: side.lost(now); break;
      case What::Primary:
      case What::Reply:
      case What::Unasked:
      case What::Complaint: received(*event); break;
      case What::Failed:
        if constexpr (requires { side.failed(event->system, event->why, now); }) {
          side.failed(event->system, event->why, now);
        } else {
          side.failed(event->system, now);
        }
        break;
      case What::Malformed: break;  // the session has answered
    }
    // Before the next event: a reply must go before the line is said to be lost.
    side.flush([&](const Outgoing& out) { return post(session, out, now); });
  }
  side.tick(now);
  side.flush([&](const Outgoing& out) { return post(session, out, now); });
}

}  // namespace twin::link::gem
