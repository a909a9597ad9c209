// Whole numbers of a query, within what is allowed.
#pragma once
#include <cstdint>
#include <limits>
#include <string_view>

#include "apps/api/target.hpp"

namespace apps::api {

struct Allowed {
  std::uint64_t fallback = 0;  // where it is left out
  std::uint64_t least = 0, most = std::numeric_limits<std::int64_t>::max();
};
// Throws core::Error "query.NAME: why".
[[nodiscard]] std::uint64_t whole_of(const Target& target, std::string_view name,
                                     const Allowed& allowed);

}  // namespace apps::api
