// Which file of a data set plays which part, and the date that is time zero: the fixed names of the
// text form, or what the release's options.def lists.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "twins/fab/import/folder.hpp"

namespace twins::fab::import {

struct FileList {
  // One file each; empty: the data set has none.
  std::string tools, products;  // required
  std::string setups, setup_groups, breakdowns, maintenances, attachments, transports;
  std::vector<std::string> orders;  // release streams, listed lots and initial WIP; at least one
  std::int64_t zero_s = 0;          // [s] since 01/01/00 00:00:00
  bool listed = false;              // the files come from options.def
};

inline constexpr std::string_view OptionsFile = "options.def";
inline constexpr std::string_view TimeZero = "01/01/18 00:00:00";  // of the SMT2020 data

// Throws twin::core::Error where a required file is missing or two claim the same part.
FileList file_list(const Folder& folder);

}  // namespace twins::fab::import
