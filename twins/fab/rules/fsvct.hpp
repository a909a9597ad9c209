// Fluctuation smoothing for the variance of cycle time (Lu, Ramaswamy, Kumar, IEEE Trans. Semicond. Manuf. 7(3), 1994):
// release time minus expected remaining cycle time, here flow_factor times the remaining work.
#pragma once
#include "twins/fab/rules/rule.hpp"

namespace twins::fab {

struct Fsvct : StaticRule {
  static constexpr RuleName Name{"fsvct", "fluctuation smoothing for the variance of cycle time"};
  double flow_factor = 2.0;  // [-] of the remaining work
  static constexpr std::array Parameters{RuleParameter<Fsvct>{"flow_factor", &Fsvct::flow_factor}};
  double operator()(const Layout& m, const Lot& lot, const Look&) const {
    return static_cast<double>(lot.release) - flow_factor * remaining_ms(m, lot);
  }
};

}  // namespace twins::fab
