// Weighted shortest processing time: p / w of the step at hand (W. E. Smith, Naval Research Logistics Quarterly 3,
// 1956).
#pragma once
#include "twins/fab/rules/rule.hpp"

namespace twins::fab {

struct Wspt : StaticRule {
  static constexpr RuleName Name{"wspt", "shortest processing time of this step over weight"};
  double operator()(const Layout& m, const Lot& lot, const Look&) const {
    return process_ms(m, lot) / lot.weight;
  }
};

}  // namespace twins::fab
