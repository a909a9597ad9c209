// The answer to a what-if question for people and for programs.
#pragma once
#include <string>
#include <vector>

#include "apps/fabtwin/json.hpp"
#include "twins/fab/decide/what_if.hpp"

namespace apps::fabtwin {

struct WhatIfShown {
  const twins::fab::Layout& layout;
  const twins::fab::decide::WhatIfAsked& asked;
  std::vector<std::string> texts;  // what is otherwise, an entry each
  const twins::fab::decide::WhatIfResult& result;
  double day = 0.0;      // [day] of the present
  bool stopped = false;  // by an interrupt: known as far as this
};

std::string what_if_text(const WhatIfShown& shown);
Json what_if_json(const WhatIfShown& shown);

}  // namespace apps::fabtwin
