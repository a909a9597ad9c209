// Shortest processing time of the step at hand.
#pragma once
#include "twins/fab/rules/rule.hpp"

namespace twins::fab {

struct Spt : StaticRule {
  static constexpr RuleName Name{"spt", "shortest processing time of this step"};
  double operator()(const Layout& m, const Lot& lot, const Look&) const {
    return process_ms(m, lot);
  }
};

}  // namespace twins::fab
