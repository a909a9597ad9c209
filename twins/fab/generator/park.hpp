// The tool park of a generated fab: how many groups each family has, and which group does each
// operation of the flow.
#pragma once
#include <cstdint>
#include <vector>

#include "twin/core/draw.hpp"
#include "twins/fab/generator/flow.hpp"

namespace twins::fab::generator {

struct Park {
  struct Group {
    Family family = Family::WetEtch;
    std::uint32_t number = 1;                // within the family, from 1
    bool front_end = true, back_end = true;  // the stages it serves
    bool operator==(const Group&) const = default;
  };
  std::vector<Group> groups;  // by family; the last is the delay, if the flow has one
  std::vector<std::vector<std::uint32_t>> group_of;  // [layer][operation] index into groups
  bool operator==(const Park&) const = default;
};

// tool_groups: about how many, without the delay; a family gets no more groups than it has
// operations in a stage.
Park make_park(const Flow& flow, std::uint32_t tool_groups, const twin::core::Draw& draw);

// Number of groups of each tool family, in all tool_groups or more: at least two for litho (front
// and back end), one for others, the rest by weight and largest remainder. Expects tool_groups >=
// MinGroups.
inline constexpr std::uint32_t MinGroups = 15;
std::vector<std::uint32_t> apportion(std::uint32_t tool_groups);

}  // namespace twins::fab::generator
