// The acceptance limits of a validation from a TOML file: keys at its top are for every quantity, a table for those
// whose name begins with its name.
#pragma once
#include <filesystem>
#include <string>

#include "twins/fab/validate/report_of.hpp"

namespace apps::fabtwin {

// Throws twin::core::Error with file and line: a key that is none (with the nearest), a value that is no number
// or out of range.
twins::fab::validate::Limits limits_in(const std::string& text, const std::string& file);
twins::fab::validate::Limits read_limits(const std::filesystem::path& file);

}  // namespace apps::fabtwin
