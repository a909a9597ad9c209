// What a forecast notes while a member runs: when lots that were in the fab leave it, when they next start at a
// bottleneck, and when they close the queue-time window they were in. A sink for the engine; it never changes the run.
#pragma once
#include <cstdint>
#include <limits>
#include <vector>

#include "twins/fab/state.hpp"

namespace twins::fab::forecast {

class Sightings {
 public:
  static constexpr bool Enabled = true;
  static constexpr Tick NotYet = std::numeric_limits<Tick>::max();

  struct Seen {  // of one lot [tick]
    Tick finished = NotYet, bottleneck = NotYet, window_closed = NotYet;
  };

  // Lots are those in the fab at x; `bottleneck` [tool group] says where they are waited for.
  Sightings(const State& x, const std::vector<bool>& bottleneck) : bottleneck_(bottleneck) {
    seen_.resize(x.lots.size());
    who_.reserve(x.lots.size());
    for (const Lot& lot : x.lots)
      who_.push_back(
          {lot.place == LotPlace::Free ? None : lot.id, lot.window_open ? lot.window_step : None});
  }

  [[nodiscard]] const Seen& of_slot(std::uint32_t slot) const { return seen_[slot]; }

  template <class M>
  void started(const M& m, const State& x, std::uint32_t t, std::uint32_t entry, bool /*setup*/) {
    const Job& job = x.tools[t].jobs[entry];
    const bool waited_for = bottleneck_[m.tool_group[t]];
    for (std::uint32_t l = job.first_lot; l != None; l = x.lots[l].next) {
      if (!known(x, l)) continue;
      Seen& seen = seen_[l];
      if (waited_for && seen.bottleneck == NotYet) seen.bottleneck = x.now;
      std::uint32_t& opened = who_[l].window;
      if (opened != None && m.steps[opened].window_exit == job.step) {
        seen.window_closed = x.now;
        opened = None;
      }
    }
  }
  template <class M>
  void finished(const M& /*m*/, const State& x, std::uint32_t slot) {
    if (known(x, slot)) seen_[slot].finished = x.now;
  }
  void released(const auto&, const State&, std::uint32_t) {}
  void skipped(const auto&, const State&, std::uint32_t, std::uint32_t) {}
  void moved(const auto&, const State&, std::uint32_t, Tick) {}
  void arrived(const auto&, const State&, std::uint32_t) {}
  void held(const auto&, const State&, std::uint32_t) {}
  void ended(const auto&, const State&, std::uint32_t, std::uint32_t) {}
  void reworked(const auto&, const State&, std::uint32_t, std::uint32_t) {}
  void went_down(const auto&, const State&, std::uint32_t, std::uint32_t) {}
  void came_up(const auto&, const State&, std::uint32_t, std::uint32_t) {}
  void pm_due(const auto&, const State&, std::uint32_t, std::uint32_t) {}
  void pm_started(const auto&, const State&, std::uint32_t, std::uint32_t) {}
  void pm_ended(const auto&, const State&, std::uint32_t, std::uint32_t) {}

 private:
  struct Who {
    std::uint32_t id = None, window = None;  // window: the step that opened it
  };
  // Slots are used again by lots released later.
  [[nodiscard]] bool known(const State& x, std::uint32_t slot) const {
    return slot < who_.size() && who_[slot].id == x.lots[slot].id;
  }

  const std::vector<bool>& bottleneck_;
  std::vector<Who> who_;    // [slot]
  std::vector<Seen> seen_;  // [slot]
};

}  // namespace twins::fab::forecast
