// Earliest due date.
#pragma once
#include "twins/fab/rules/rule.hpp"

namespace twins::fab {

struct Edd : StaticRule {
  static constexpr RuleName Name{"edd", "earliest due date"};
  double operator()(const Layout&, const Lot& lot, const Look&) const {
    return static_cast<double>(lot.due);
  }
};

}  // namespace twins::fab
