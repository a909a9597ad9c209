// Weighted modified operation due date: max(d_op - t, p) / w (Kanet, Li, J. Scheduling 7, 2004, with the operation due
// date for the due date).
#pragma once
#include "twins/fab/rules/mod.hpp"

namespace twins::fab {

struct Wmod : DynamicRule {
  static constexpr RuleName Name{"wmod", "modified operation due date over weight"};
  double operator()(const Layout& m, const Lot& lot, const Look& look) const {
    return Mod{}(m, lot, look) / lot.weight;
  }
};

}  // namespace twins::fab
