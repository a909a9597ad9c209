// SEMI E172 (SEDD): an equipment's own XML dictionary of its variables, constants, events, alarms and
// commands, taken over into a tool's file. What the things mean in the fab's words is then added by
// a person. The standard is sold and its schema is not here: elements and attributes are recognised
// by their names, in whatever nesting.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "twin/link/tool/description.hpp"

namespace twin::link::tool {

struct Sedd {
  Description description = {};
  // What stands there and was not taken over: for the person to look at.
  std::vector<std::string> notes = {};
};

// twin::core::Error for what is no XML, or holds nothing of an equipment.
Sedd read_sedd(std::string_view xml, const std::string& file);

// The description as the text of a tool's file, which read_description() reads to the same value
// (without roles, meanings and trackers, which a SEDD does not know).
std::string toml_text(const Description& description);

}  // namespace twin::link::tool
