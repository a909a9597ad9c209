// A table of names by its word, as Notes and files write it.
#pragma once
#include <cstddef>
#include <optional>
#include <string_view>

#include "twin/event/names.hpp"

namespace twin::event {

// The inverse of to_string(Table).
inline std::optional<Table> table_of(std::string_view word) noexcept {
  for (std::size_t t = 0; t < TableCount; ++t) {
    if (to_string(static_cast<Table>(t)) == word) return static_cast<Table>(t);
  }
  return std::nullopt;
}

}  // namespace twin::event
