// What is still to come for a lot when a rollout ends: its remaining cycle time, as a law that is learnt from runs of
// the standing policy. Without it a horizon of days would count nothing but the few lots that leave within it.
#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "twins/fab/any_fab.hpp"
#include "twins/fab/calibrate/posterior.hpp"

namespace twins::fab::decide {

// Of lots of one priority: with R the lot's remaining work (rules/rule.hpp, remaining_ms) its remaining cycle time is
// taken as normal with mean flow_factor R and variance spread R, as a sum of independent waits would have.
struct Pace {
  std::int32_t priority = 0;
  double flow_factor = 1.0;  // [-]
  double spread_ms = 0.0;    // [ms] variance over remaining work
  std::uint64_t lots = 0;    // that it was learnt from; 0: a guess
  bool operator==(const Pace&) const = default;

  template <class Archive>
  static void fields(Archive& a, auto& self) {
    a("priority", self.priority);
    a("flow_factor", self.flow_factor);
    a("spread_ms", self.spread_ms);
    a("lots", self.lots);
  }
};

struct Outlook {
  std::vector<Pace> paces;  // by rising priority; at least one
  bool operator==(const Outlook&) const = default;

  // The pace of the highest priority that is not above this one; else the lowest.
  [[nodiscard]] const Pace& of(std::int32_t priority) const;
  [[nodiscard]] double remaining_ms(const Layout& m, const Lot& lot) const;  // mean [ms]
  // E[(completion - due)_+] of a lot in the fab at `now` [ms].
  [[nodiscard]] double tardy_ms(const Layout& m, const Lot& lot, Tick now) const;

  template <class Archive>
  static void fields(Archive& a, auto& self) {
    a("paces", self.paces);
  }
};

struct OutlookAsked {
  std::uint32_t members = 4;
  double horizon_days =
      60.0;  // lots that are not out by then are taken to go on at the pace of the others
  std::uint64_t seed = 1;
  unsigned threads = 1;
};

// From runs ahead of a mirrored State under the rule of `fab` (forecast::ahead's arguments). Costs members x horizon of
// simulated time, so it is learnt now and then and kept. Bit-identical for any number of threads. Needs lots in the
// fab: priorities that none of them has are not in it; an empty fab gives flow factor 1.
Outlook learn_outlook(const AnyFab& fab, const State& x,
                      std::span<const calibrate::Posterior> posterior, const OutlookAsked& asked);

}  // namespace twins::fab::decide
