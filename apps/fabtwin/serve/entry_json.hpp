// One entry of the record for who wants to see what a number rests on, down to the bytes as they came; and what was set
// aside. As JSON objects.
#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "apps/fabtwin/serve/living.hpp"
#include "apps/fabtwin/serve/stores.hpp"

namespace apps::fabtwin::serve {

// Nothing where the record has no such entry, or has given it up. Of decisions and accounts only that they are there:
// whoever may read the trail asks for that.
std::optional<std::string> entry_json(Living& living, Stores& stores, std::uint64_t number);

// Messages that were set aside at the door, the newest first.
std::string set_aside_json(const Living& living);

}  // namespace apps::fabtwin::serve
