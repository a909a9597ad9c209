// Which tools of a group may do which of its steps, where that is not all of them: a tool that is not qualified for a
// product, or that is kept for one alone. Named as parameters of the rule, "fifo:not.etch_1#2=part_3"; a lot that its
// dedication binds to a tool goes on there. docs/decisions/0031.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "twins/fab/layout.hpp"
#include "twins/fab/rules/dispatching.hpp"
#include "twins/fab/rules/release_control.hpp"

namespace twins::fab {

struct Qualification {
  std::vector<std::uint32_t> row;                    // [tool] its row in forbidden; None: does all
  std::vector<std::vector<std::uint8_t>> forbidden;  // [row][step] 1: the tool does not do it
  std::vector<std::uint8_t> group;                   // [group] 1: some of its tools do not do all

  [[nodiscard]] bool allows(std::uint32_t tool, std::uint32_t step) const {
    return row[tool] == None || forbidden[row[tool]][step] == 0;
  }
};

// Is it "not.TOOL" or "only.TOOL"?
bool is_qualification_parameter(std::string_view name);

// Of such parameters; nothing: of none. What a tool is (not) for is the name of a product, of a step ("r_3/13") or of
// a setup, read without case. whole: for messages. Throws twin::core::Error, also where no tool is left for a step that
// it takes away, or where a batch could be of lots that may and lots that may not.
std::optional<Qualification> qualification(const Layout& layout,
                                           std::span<const NamedValue> parameters,
                                           std::string_view whole);

inline constexpr std::array QualificationParameters{
    DispatchingParameter{"not.TOOL=NAME",
                         "the tool does no steps of that product, not that step, or none that "
                         "needs that setup"},
    DispatchingParameter{"only.TOOL=NAME", "the tool does nothing but those"}};

}  // namespace twins::fab
