// "Did you mean ...?": the known name nearest to one that was mistyped.
#pragma once
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace twin::core {

// Insertions, deletions and substitutions between two names, letters compared without case
// (Levenshtein, Soviet Physics Doklady 10, 1966).
std::size_t edit_distance(std::string_view a, std::string_view b);

// The first of the nearest names; nothing if even that one differs in more than a third of itself.
std::optional<std::string> nearest(std::string_view name, std::span<const std::string> known);

}  // namespace twin::core
