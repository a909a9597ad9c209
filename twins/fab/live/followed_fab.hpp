// A simulated fab with its log and its true views at some instants, for tests of what follows it.
#pragma once
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "twins/fab/any_fab.hpp"
#include "twins/fab/live/live.hpp"
#include "twins/fab/live/scrambled.hpp"
#include "twins/fab/lively_fab.hpp"
#include "twins/fab/log_sink.hpp"
#include "twins/fab/view.hpp"

namespace twins::fab::live {

inline constexpr auto Day = static_cast<Tick>(DayMs), Hour = static_cast<Tick>(HourMs);

struct FollowedFab {
  FollowedFab(std::shared_ptr<const Layout> of, Tick length, Tick audit_every,
              std::uint64_t seed = 7)
      : layout(std::move(of)) {
    const std::vector<double> theta = layout->nominal_theta();
    const twin::core::Draw draw{.seed = seed};
    State x = fab->initial(theta, draw);
    LogSink sink(*layout, x, [this](std::span<const twin::event::Event> batch) {
      log.insert(log.end(), batch.begin(), batch.end());
    });
    for (Tick at = audit_every; at <= length; at += audit_every) {
      fab->advance(x, theta, at, draw, sink);
      truth.emplace_back(at, observe(*layout, x));
    }
    lots = x.next_lot_id;
  }
  // Everything that a follower must know before the first message.
  [[nodiscard]] twin::core::Note names(const Follower& follower) const {
    return {.kind = "names", .text = names_note(follower.names(), lots)};
  }

  std::shared_ptr<const Layout> layout;
  std::unique_ptr<AnyFab> fab = make_fab(layout, "fifo");
  std::vector<twin::event::Event> log = {};
  std::vector<std::pair<Tick, View>> truth = {};  // audited instant, view
  std::uint32_t lots = 0;                         // numbers given out
};

}  // namespace twins::fab::live
