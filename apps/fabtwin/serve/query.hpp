// What stands behind the '?' of an address: names and values, percent-encoded (RFC 3986; '+' is a
// space, as forms write it).
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace apps::fabtwin::serve {

// The value of the first pair of that name; nothing where there is none, or its code is broken.
std::optional<std::string> query_value(std::string_view query, std::string_view name);

}  // namespace apps::fabtwin::serve
