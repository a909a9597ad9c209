// Dispatching rules. A rule ranks the lots of a queue after priority and (unless it weighs setups itself) least setup:
// the smallest value goes first. Static rules are evaluated once, at arrival; dynamic ones at every decision.
#pragma once
#include <algorithm>
#include <cmath>

#include "twins/fab/layout.hpp"
#include "twins/fab/state.hpp"

namespace twins::fab {

// What a rule may look at besides the lot.
struct Look {
  Tick now = 0;
  double setup_ms = 0.0;         // [ms] that this lot would need on this tool
  double mean_process_ms = 1.0;  // [ms] over the lots waiting at the group
  double mean_setup_ms = 1.0;    // [ms] the same, on this tool
};

inline double expected_step_ms(const Layout& m, const Lot& lot) {
  const StepInfo& s = m.steps[lot.step];
  return s.step_fixed_ms + s.step_wafer_ms * lot.wafers;
}

inline double remaining_ms(const Layout& m, const Lot& lot) {
  const StepInfo& s = m.steps[lot.step];
  return s.remaining_fixed_ms + s.remaining_wafer_ms * lot.wafers;
}

inline double process_ms(const Layout& m, const Lot& lot) {
  const StepInfo& s = m.steps[lot.step];
  return s.per == Step::Per::Piece ? s.process_ms * lot.wafers : s.process_ms;
}

struct Fifo {  // first come, first served at this queue
  static constexpr bool Dynamic = false, WeighsSetup = false;
  double operator()(const Layout&, const Lot& lot, const Look&) const { return static_cast<double>(lot.since); }
};

struct Cr {  // critical ratio: time left over work left (reference 2.10)
  static constexpr bool Dynamic = true, WeighsSetup = false;
  double operator()(const Layout& m, const Lot& lot, const Look& look) const {
    return static_cast<double>(lot.due - look.now) / std::max(remaining_ms(m, lot), 1.0);
  }
};

struct AsPublished {  // each group as its FWLRANK says: FIFO or CR
  static constexpr bool Dynamic = true, WeighsSetup = false;
  double operator()(const Layout& m, const Lot& lot, const Look& look) const {
    return m.groups[m.steps[lot.step].group].critical_ratio ? Cr{}(m, lot, look) : Fifo{}(m, lot, look);
  }
};

struct Spt {  // shortest processing time of this step
  static constexpr bool Dynamic = false, WeighsSetup = false;
  double operator()(const Layout& m, const Lot& lot, const Look&) const { return process_ms(m, lot); }
};

struct Edd {  // earliest due date
  static constexpr bool Dynamic = false, WeighsSetup = false;
  double operator()(const Layout&, const Lot& lot, const Look&) const { return static_cast<double>(lot.due); }
};

struct Srpt {  // shortest remaining processing time
  static constexpr bool Dynamic = false, WeighsSetup = false;
  double operator()(const Layout& m, const Lot& lot, const Look&) const { return remaining_ms(m, lot); }
};

// Operation due date (Rose, WSC 2003): the allowance of the lot spread over its route in proportion to the work.
struct Odd {
  static constexpr bool Dynamic = false, WeighsSetup = false;
  double operator()(const Layout& m, const Lot& lot, const Look&) const {
    const StepInfo& s = m.steps[lot.step];
    const StepInfo& first = m.steps[m.routes[s.route].first_step];
    const double total = first.remaining_fixed_ms + first.remaining_wafer_ms * lot.wafers;
    const double after = std::max(remaining_ms(m, lot) - s.sampling * expected_step_ms(m, lot), 0.0);
    const double share = total > 0.0 ? 1.0 - after / total : 1.0;
    return static_cast<double>(lot.release) + static_cast<double>(lot.due - lot.release) * share;
  }
};

// Fluctuation smoothing for the variance of cycle time (Lu, Ramaswamy, Kumar, IEEE TSM 7(3), 1994, eq. 3): release
// time minus the expected remaining cycle time, here flow_factor times the remaining work.
struct Fsvct {
  static constexpr bool Dynamic = false, WeighsSetup = false;
  double flow_factor = 2.0;
  double operator()(const Layout& m, const Lot& lot, const Look&) const {
    return static_cast<double>(lot.release) - flow_factor * remaining_ms(m, lot);
  }
};

// Apparent tardiness cost with setups (Lee, Bhaskaran, Pinedo, IIE Transactions 29, 1997, eq. 1), negated.
struct Atcs {
  static constexpr bool Dynamic = true, WeighsSetup = true;
  double k1 = 2.0, k2 = 0.5;  // look-ahead of slack and of setup [-]
  double operator()(const Layout& m, const Lot& lot, const Look& look) const {
    const double p = std::max(process_ms(m, lot), 1.0);
    const double left = std::max(remaining_ms(m, lot), p);
    const double slack = std::max(static_cast<double>(lot.due - look.now) - left, 0.0);
    double log_index = std::log(lot.weight / p) - slack / (k1 * look.mean_process_ms);
    if (look.setup_ms > 0.0) log_index -= look.setup_ms / (k2 * std::max(look.mean_setup_ms, 1.0));
    return -log_index;
  }
};

}  // namespace twins::fab
