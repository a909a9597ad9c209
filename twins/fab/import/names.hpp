// The names of one kind of thing (tool groups, setups, ...), in the order in which they were met.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "twins/fab/description.hpp"

namespace twins::fab::import {

class Names {
 public:
  // Index of the name; a new one is added and remembers the line that brought it.
  std::uint32_t add(std::string_view name, std::size_t line);
  // Index of the name, or None.
  [[nodiscard]] std::uint32_t find(std::string_view name) const;

  [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(names_.size()); }
  [[nodiscard]] const std::string& name(std::uint32_t i) const { return names_.at(i); }
  [[nodiscard]] std::size_t line(std::uint32_t i) const { return lines_.at(i); }
  [[nodiscard]] std::span<const std::string> all() const { return names_; }

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view s) const { return std::hash<std::string_view>{}(s); }
  };
  std::vector<std::string> names_;
  std::vector<std::size_t> lines_;  // [name] 1-based line of its first appearance
  std::unordered_map<std::string, std::uint32_t, Hash, std::equal_to<>> index_;  // never iterated
};

}  // namespace twins::fab::import
