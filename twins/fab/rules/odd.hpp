// Operation due date (Rose, "Comparison of due-date oriented dispatch rules", WSC 2003): the lot's allowance spread
// over its route in proportion to the work, through the step at hand.
#pragma once
#include "twins/fab/rules/rule.hpp"

namespace twins::fab {

struct Odd : StaticRule {
  static constexpr RuleName Name{"odd", "operation due date: the allowance spread over the route by work"};
  double operator()(const Layout& m, const Lot& lot, const Look&) const {
    const StepInfo& s = m.steps[lot.step];
    const StepInfo& first = m.steps[m.routes[s.route].first_step];
    const double total = first.remaining_fixed_ms + first.remaining_wafer_ms * lot.wafers;
    const double after = std::max(remaining_ms(m, lot) - s.sampling * expected_step_ms(m, lot), 0.0);
    const double share = total > 0.0 ? 1.0 - after / total : 1.0;
    return static_cast<double>(lot.release) + static_cast<double>(lot.due - lot.release) * share;
  }
};

}  // namespace twins::fab
