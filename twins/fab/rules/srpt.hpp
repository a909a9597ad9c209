// Shortest remaining processing time.
#pragma once
#include "twins/fab/rules/rule.hpp"

namespace twins::fab {

struct Srpt : StaticRule {
  static constexpr RuleName Name{"srpt", "shortest remaining processing time"};
  double operator()(const Layout& m, const Lot& lot, const Look&) const {
    return remaining_ms(m, lot);
  }
};

}  // namespace twins::fab
