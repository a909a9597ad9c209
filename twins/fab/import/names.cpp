#include "twins/fab/import/names.hpp"

namespace twins::fab::import {

std::uint32_t Names::add(std::string_view name, std::size_t line) {
  if (const std::uint32_t known = find(name); known != None) return known;
  const std::uint32_t i = size();
  names_.emplace_back(name);
  lines_.push_back(line);
  index_.emplace(names_.back(), i);
  return i;
}

std::uint32_t Names::find(std::string_view name) const {
  const auto it = index_.find(name);
  return it == index_.end() ? None : it->second;
}

}  // namespace twins::fab::import
