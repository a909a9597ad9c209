// Tidiness as a test: what a reviewer would otherwise have to see. STYLE.md lists the rules in words.
#pragma once
#include <span>
#include <string_view>

#include "tests/tree.hpp"

namespace tests {

inline constexpr std::size_t CodeColumns = 100;  // the widest line of C++
inline constexpr std::size_t TableColumns =
    120;                                       // the widest comment, table row, or line of a script
inline constexpr std::size_t FileLines = 600;  // the longest C++ file

struct Check {
  std::string_view name;  // CapWords: it becomes part of a test's name
  Findings (*find)(const Files& files);
};

// Every check of the house, in a fixed order.
std::span<const Check> checks();

}  // namespace tests
