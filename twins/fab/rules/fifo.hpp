// First come, first served at this queue.
#pragma once
#include "twins/fab/rules/rule.hpp"

namespace twins::fab {

struct Fifo : StaticRule {
  static constexpr RuleName Name{"fifo", "first come, first served at the queue"};
  double operator()(const Layout&, const Lot& lot, const Look&) const {
    return static_cast<double>(lot.since);
  }
};

}  // namespace twins::fab
