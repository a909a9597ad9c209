// What a fab is made of, for who draws it: areas, tool groups, products, the rules that it can be run by, and how many
// lots flow from area to area in a day. It does not change while a twin runs.
#pragma once
#include <string>
#include <string_view>

#include "twins/fab/layout.hpp"

namespace apps::fabtwin::serve {

// Flows: of an area to an area, -1 is outside. By the routes and the rates of release: what is left out by sampling
// or comes again for rework is not in it.
std::string fab_json(const twins::fab::Layout& layout, std::string_view site);

}  // namespace apps::fabtwin::serve
