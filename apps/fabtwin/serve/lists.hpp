// The whole fab as tables for screens: all lots, all tool groups, one group with its tools and its queue. As JSON
// objects.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "apps/fabtwin/serve/living.hpp"

namespace apps::fabtwin::serve {

// "lots": by number, with place, step, group, times and what the newest forecast expects.
std::string lots_json(Living& living, Tick now_ms);
// "groups": in the order of the data set, with tools able, queue, WIP, and the queue that is expected.
std::string groups_json(Living& living, Tick now_ms);
// One of them with each tool and its queue, best first; nothing where there is none of this name.
std::optional<std::string> group_json(Living& living, std::string_view name, Tick now_ms);

// "tools": in the order of the data set, with state, lots, whether the twin is sure of it, and its process times by its
// group's.
std::string tools_json(Living& living, Tick now_ms);

}  // namespace apps::fabtwin::serve
