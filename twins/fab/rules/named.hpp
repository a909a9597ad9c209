// Things of a fab by their names as the text of a rule has them, where upper and lower case are one.
#pragma once
#include <algorithm>
#include <cctype>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "twin/core/nearest.hpp"
#include "twins/fab/layout.hpp"

namespace twins::fab {

inline constexpr double UsualWafers = 25.0;  // of a lot, where no lot is at hand

inline bool same_name(std::string_view a, std::string_view b) {
  return std::ranges::equal(
      a, b, [](unsigned char l, unsigned char r) { return std::tolower(l) == std::tolower(r); });
}

// The first of this name; None: there is none.
template <class T>
std::uint32_t index_named(const std::vector<T>& all, std::string_view name) {
  for (std::uint32_t i = 0; i < all.size(); ++i)
    if (same_name(all[i].name, name)) return i;
  return None;
}

// "; did you mean X?", for within the brackets of a message; empty where nothing is near.
template <class T>
std::string guess(const std::vector<T>& all, std::string_view name) {
  std::vector<std::string> names;
  for (const T& one : all) names.push_back(one.name);
  const auto near = twin::core::nearest(name, names);
  return near ? "; did you mean " + *near + "?" : std::string();
}

// The same of a layout's tools.
inline std::uint32_t tool_named(const Layout& layout, std::string_view name) {
  for (std::uint32_t t = 0; t < layout.tools(); ++t)
    if (same_name(layout.tool_name(t), name)) return t;
  return None;
}
inline std::string guess_tool(const Layout& layout, std::string_view name) {
  std::vector<ToolGroup> tools(layout.tools());
  for (std::uint32_t t = 0; t < layout.tools(); ++t) tools[t].name = layout.tool_name(t);
  return guess(tools, name);
}

}  // namespace twins::fab
