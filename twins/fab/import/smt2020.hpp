// Reads a fab in the form of the SMT2020 testbed (Kopp, Hassoun, Kalir, Moench, IEEE Trans.
// Semicond. Manuf. 33(4), 2020): the text form, and the release's UTF-16 form with options.def.
// What each file and column means stands in docs/data-format.md.
#pragma once
#include <filesystem>

#include "twins/fab/description.hpp"
#include "twins/fab/import/folder.hpp"

namespace twins::fab::import {

// Both throw twin::core::Error with the file, line and column of the first mistake.
Description read_smt2020(const std::filesystem::path& folder);
Description read_smt2020(const Folder& folder);

}  // namespace twins::fab::import
