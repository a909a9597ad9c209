// The class of the plant's tools as a file, for whoever listens to them (docs/tool-description.md):
// every event of the fab model that a tool tells, all its fields in one report with the tool's own
// number, epoch and clock. What it is when it is asked (tool_status.hpp) stands in status variables that
// no report has. The machinery of GEM tells nothing numbered of itself, so that a tool that
// is lived again after its death counts as it did.
#pragma once
#include <string>

namespace apps::plant {

std::string tool_class_text();  // a TOML file

}  // namespace apps::plant
