// A what-if question as it is written on a command line, and as a value. Names that nothing has meet the nearest that
// something has.
#pragma once
#include <string>
#include <vector>

#include "twins/fab/decide/what_if.hpp"

namespace apps::fabtwin {

struct WhatIfWords {
  std::vector<std::string> downs = {};   // "TOOL:FROM_H:UNTIL_H"
  std::vector<std::string> mixes = {};   // "PRODUCT=STARTS_PER_DAY"
  std::vector<std::string> bought = {};  // "GROUP+N", "GROUP+N@FROM_H"
  std::vector<std::string> hot = {};     // "LOT"
  std::vector<std::string> pms = {};     // "TOOL:CALENDAR:TO_H"
  std::string rule = {};                 // another policy
  std::string release = {};              // "conwip=60", "scheduled": beside it
  std::vector<std::string> qualifications =
      {};  // "not.TOOL=NAME", "only.TOOL=NAME", "all": beside it
  [[nodiscard]] bool empty() const;
};

// standing: the policy that works now. Hours count from x.now. A hot lot gets a priority above all that are in the fab.
// Throws twin::core::Error; whether it can be done is why_not's to say.
twins::fab::decide::WhatIf what_if_of(const WhatIfWords& words, const twins::fab::Layout& layout,
                                      const twins::fab::State& x, const std::string& standing);

}  // namespace apps::fabtwin
