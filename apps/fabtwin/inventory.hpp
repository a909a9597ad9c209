// What a data set holds, for the one who made it: sizes, products and their raw times, capacity and
// load of the tool groups with the bottleneck first, warnings. Arithmetic alone, no simulation.
#pragma once
#include <cstddef>
#include <string>

#include "apps/fabtwin/json.hpp"
#include "twins/fab/description.hpp"

namespace apps::fabtwin {

// groups: how many tool groups to list, the most loaded first.
std::string inventory(const twins::fab::Description& fab, std::size_t groups);
Json inventory_json(const twins::fab::Description& fab);

}  // namespace apps::fabtwin
