// A VVUQ report as one self-contained HTML page: no script, no outside file, light and dark.
#pragma once
#include <string>

#include "twin/score/vvuq/report.hpp"

namespace apps::fabtwin {

std::string vvuq_page(const twin::score::vvuq::VvuqReport& report);

}  // namespace apps::fabtwin
