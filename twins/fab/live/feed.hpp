// The events of a live mirror that are believed, in the order of their times, each once: what learns beside it
// (calibrate::Witness, forecast::Learner) sees an ordinary log, whatever the order of arrival was.
#pragma once
#include <algorithm>
#include <cstdint>

#include "twins/fab/live/live.hpp"

namespace twins::fab::live {

// Where a reader of the live events stands. A regular value. What arrives for a time that it has
// passed is not given any more: pass events some hours after their time (`before`), take the `rest`
// with a copy of what learns, and call at least every few hours, before the ladder lets them go.
struct Feed {
  Tick until = 0;            // [tick] all before it have been given
  std::uint64_t missed = 0;  // the ladder had let go of events since `until`: calls too far apart
  bool operator==(const Feed&) const = default;
  template <class A>
  static void fields(A& a, auto& self) {
    a("until", self.until);
    a("missed", self.missed);
  }

  // saw(const twin::event::Event&) for those not given yet that are before `before` [tick].
  template <class Saw>
  void pass(const Live& live, Tick before, const Saw& saw) {
    missed += until < live.rungs.front().until && until != 0 ? 1U : 0U;
    for (auto it = from(live); it != live.kept.end() && it->event.at < before; ++it)
      if (it->believed()) saw(it->event);
    until = std::max(until, before);
  }
  // The others that have come, up to the newest arrival; they will be given again.
  template <class Saw>
  void rest(const Live& live, const Saw& saw) const {
    for (auto it = from(live); it != live.kept.end() && it->event.at <= live.newest; ++it)
      if (it->believed()) saw(it->event);
  }

 private:
  [[nodiscard]] std::vector<Told>::const_iterator from(const Live& live) const {
    return std::lower_bound(live.kept.begin(), live.kept.end(), until,
                            [](const Told& told, Tick at) { return told.event.at < at; });
  }
};

}  // namespace twins::fab::live
