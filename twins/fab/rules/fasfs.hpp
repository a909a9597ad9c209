// First in the fab, first served: the oldest release goes first wherever it waits (Conway, Maxwell, Miller, Theory of
// Scheduling, 1967).
#pragma once
#include "twins/fab/rules/rule.hpp"

namespace twins::fab {

struct Fasfs : StaticRule {
  static constexpr RuleName Name{"fasfs", "first in the fab, first served: the oldest release"};
  double operator()(const Layout&, const Lot& lot, const Look&) const {
    return static_cast<double>(lot.release);
  }
};

}  // namespace twins::fab
