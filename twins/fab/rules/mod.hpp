// Modified operation due date: the operation due date, or the earliest completion where that is later; here counted
// from now, max(d_op - t, p) (Baker, Kanet, J. Operations Management 4, 1983).
#pragma once
#include "twins/fab/rules/rule.hpp"

namespace twins::fab {

struct Mod : DynamicRule {
  static constexpr RuleName Name{"mod",
                                 "modified operation due date: no earlier than it can be met"};
  double operator()(const Layout& m, const Lot& lot, const Look& look) const {
    return std::max(operation_due(m, lot) - static_cast<double>(look.now), process_ms(m, lot));
  }
};

}  // namespace twins::fab
