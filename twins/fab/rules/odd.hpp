// Operation due date: the lot's allowance spread over its route in proportion to the work, through the step at hand.
#pragma once
#include "twins/fab/rules/rule.hpp"

namespace twins::fab {

struct Odd : StaticRule {
  static constexpr RuleName Name{"odd",
                                 "operation due date: the allowance spread over the route by work"};
  double operator()(const Layout& m, const Lot& lot, const Look&) const {
    return operation_due(m, lot);
  }
};

}  // namespace twins::fab
