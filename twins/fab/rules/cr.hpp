// Critical ratio: time left until the due date over work left (reference 2.10).
#pragma once
#include "twins/fab/rules/rule.hpp"

namespace twins::fab {

struct Cr : DynamicRule {
  static constexpr RuleName Name{"cr", "critical ratio: time left over work left, smallest first"};
  double operator()(const Layout& m, const Lot& lot, const Look& look) const {
    return static_cast<double>(lot.due - look.now) / std::max(remaining_ms(m, lot), 1.0);
  }
};

}  // namespace twins::fab
