// Each tool group as the data set says in FWLRANK: FIFO or critical ratio.
#pragma once
#include "twins/fab/rules/cr.hpp"
#include "twins/fab/rules/fifo.hpp"

namespace twins::fab {

struct Published : DynamicRule {
  static constexpr RuleName Name{"published",
                                 "each tool group as the data set says (FIFO or critical ratio)"};
  double operator()(const Layout& m, const Lot& lot, const Look& look) const {
    return m.groups[m.steps[lot.step].group].critical_ratio ? Cr{}(m, lot, look)
                                                            : Fifo{}(m, lot, look);
  }
};

}  // namespace twins::fab
