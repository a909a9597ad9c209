// The forecast: members are copies of a mirrored State, each with a theta of its own from the posterior and a luck of
// its own; they run ahead through what is not known yet and what is to come, and are reduced to distributions.
#pragma once
#include <cstdint>
#include <vector>

#include "twins/fab/any_fab.hpp"
#include "twins/fab/calibrate/posterior.hpp"
#include "twins/fab/forecast/count.hpp"
#include "twins/fab/forecast/forecast.hpp"

namespace twins::fab::forecast {

// The moments that are scored when they have come [h after `now`]; those beyond the horizon are left out.
inline constexpr std::array<std::uint32_t, 3> ScoredHours = {24, 72, 168};

enum class Queues : std::uint8_t {
  AsRanked,  // the mirror ranks them by the rule of the fab
  RankAnew,  // by another one
};

struct Asked {
  Tick now =
      0;  // [tick] the present; x.now or later. Later: the data are stale, and members run through the gap
  Budget budget;
  std::uint64_t seed = 1;  // another one for each forecast, or they share their luck
  unsigned threads = 1;    // results do not depend on it
  // So many members by the data set's own theta beside it, for the ledger to compare; 0: none.
  std::uint32_t nominal_members = 0;
  Queues queues = Queues::AsRanked;
};

// All members at one of the scored moments.
struct Moment {
  std::uint32_t hours = 0;        // [h] after `now`
  std::vector<float> wip;         // [tool group][member] [lots]
  std::vector<float> out, moves;  // [product][member], [tool group][member] [lots] since `now`
  bool operator==(const Moment&) const = default;

  template <class Archive>
  static void fields(Archive& a, auto& self) {
    a("hours", self.hours);
    a("wip", self.wip);
    a("out", self.out);
    a("moves", self.moves);
  }
};

// What each member came to: the ledger keeps it until reality has come.
struct Members {
  std::uint32_t members = 0;
  std::vector<std::uint32_t> lots;  // [lot] serial numbers, as Forecast::lots
  std::vector<float> done_hours;    // [lot][member] [h] after `now`; Beyond
  std::vector<float> out_days;      // [day][product][member] [lots] finished during each whole day
  std::vector<Moment> moments;      // those of ScoredHours within the horizon
  bool operator==(const Members&) const = default;

  template <class Archive>
  static void fields(Archive& a, auto& self) {
    a("members", self.members);
    a("lots", self.lots);
    a("done_hours", self.done_hours);
    a("out_days", self.out_days);
    a("moments", self.moments);
  }
};

struct Ahead {
  Forecast forecast;
  Members members;
  Members nominal = {};  // members 0: not asked for
  // For Ledger::open.
  [[nodiscard]] const Members* compared() const { return nominal.members > 0 ? &nominal : nullptr; }
};

// x: a mirror's State, all events up to x.now taken in, its agenda empty (live::Fold's, Mirror's). posterior: as
// calibrate::posteriors gives it; empty: the data set's own theta. A lot that would leave the fab between x.now and
// `now` is told with done_hours <= 0. Bit-identical for any number of threads. Memory: about 4 bytes x members x
// (lots x 2 + hours x tool groups x 2). Expects x.now <= asked.now; throws twin::core::Error on an impossible budget.
Ahead ahead(const AnyFab& fab, const State& x, const std::vector<calibrate::Posterior>& posterior,
            const Asked& asked);

}  // namespace twins::fab::forecast
