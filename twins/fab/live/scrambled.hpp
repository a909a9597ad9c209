// A log as messages that come in as the world delivers them: split by source, late, doubled, out of
// order, by clocks that err, some never. For tests and benchmarks of what follows a live fab.
#pragma once
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <span>
#include <utility>
#include <vector>

#include "twin/core/draw.hpp"
#include "twin/core/record.hpp"
#include "twin/event/packed.hpp"
#include "twins/fab/live/dialect.hpp"

namespace twins::fab::live {

struct Trouble {
  twin::core::Draw draw{};
  Tick delay_max = 0;          // [tick] every message comes by this much late, uniformly
  Tick clock_error_max = 0;    // [tick] each tool's clock is off by this much, unknown to anyone
  std::uint32_t skew_max = 0;  // [tick] and by this much, known: `at` is put right, `clock` is not
  double doubled = 0.0;        // share of messages that come twice or more, up to 5 times
  double lost = 0.0;           // share that does not come at all ...
  Tick resent_after = -1;      // [tick] ... or so much later; -1: never
  double tools_cut = 0.0;      // share of sources whose line is down for `cut_for`, then catches up
  Tick cut_from = 0, cut_for = 0;  // [tick]
  std::int64_t time_zero_ms = 0;
};

// In order of arrival.
struct Messages {
  std::vector<twin::core::Observation> come = {};
  std::vector<twin::core::Observation> lost = {};  // those that do not
};

inline Messages scramble(std::span<const twin::event::Event> log, const Trouble& t) {
  enum : std::uint32_t { Delay = 1, Error, Skew, Double, Lose, Cut };
  Messages all;
  twin::event::Packer packer;
  for (std::size_t k = 0; k < log.size(); ++k) {
    const twin::event::Event& e = log[k];
    const auto who = static_cast<std::uint32_t>(k);
    const auto u = [&](std::uint32_t what, std::uint32_t n, std::uint32_t occasion) {
      return t.draw.uniform(what, n, occasion);
    };
    const auto within = [&](std::uint32_t what, std::uint32_t n, std::uint32_t occasion,
                            Tick most) {
      return static_cast<Tick>(std::floor(u(what, n, occasion) * static_cast<double>(most + 1)));
    };
    const Tick error =
        e.source == 0 ? 0 : within(Error, e.source, 0, 2 * t.clock_error_max) - t.clock_error_max;
    const Tick skew = within(Skew, e.source, 0, 2 * Tick{t.skew_max}) - Tick{t.skew_max};
    twin::event::Event said = e;
    said.at = e.at + error + t.time_zero_ms;  // the door puts what it knows right
    if (said.kind == twin::event::Kind::LotReleased)
      said.value += static_cast<double>(t.time_zero_ms);
    twin::core::Observation o;
    o.at = said.at;
    o.clock = said.at + skew;
    o.sensor = e.source;
    o.sensor_seq = e.source_seq;
    packer.pack(std::span(&said, 1), o.event);
    Tick sent = e.at;
    if (u(Cut, e.source, 1) < t.tools_cut && e.at >= t.cut_from && e.at < t.cut_from + t.cut_for)
      sent = t.cut_from + t.cut_for;
    bool lost = u(Lose, who, 0) < t.lost;
    if (lost && t.resent_after >= 0) {
      lost = false;
      sent += t.resent_after;
    }
    const int copies =
        u(Double, who, 0) < t.doubled ? 2 + static_cast<int>(within(Double, who, 1, 3)) : 1;
    for (int c = 0; c < copies; ++c) {
      o.arrived =
          sent + t.time_zero_ms + within(Delay, who, static_cast<std::uint32_t>(c), t.delay_max);
      (lost ? all.lost : all.come).push_back(o);
    }
  }
  std::stable_sort(all.come.begin(), all.come.end(),
                   [](const auto& a, const auto& b) { return a.arrived < b.arrived; });
  return all;
}

}  // namespace twins::fab::live
