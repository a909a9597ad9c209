// C++ source without its comments and without its literals, so that a check of identifiers reads identifiers alone.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace tests {

struct Code {
  std::vector<std::string> uncommented;  // [line - 1] the line, its comments removed; literals stay
  std::vector<std::string> bare;  // [line - 1] the same, the insides of its literals removed too
};

// Reads line and block comments, string, character and raw string literals, and digit separators (1'000).
Code code_of(const std::vector<std::string>& lines);

// The identifiers (and keywords) of a bare line, from left to right.
std::vector<std::string> identifiers_of(std::string_view bare);

// The words an identifier is made of: "LotHold_ms" -> "Lot", "Hold", "ms"; "WIPCount" -> "WIP", "Count".
std::vector<std::string> words_of(std::string_view identifier);

// Columns on a screen: code points of UTF-8, not bytes.
std::size_t columns_of(std::string_view line);

}  // namespace tests
