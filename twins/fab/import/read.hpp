// The door to every data set: what lies at a path decides which reader takes it.
#pragma once
#include <filesystem>

#include "twins/fab/description.hpp"
#include "twins/fab/import/mimac.hpp"

namespace twins::fab::import {

enum class Form {
  Smt2020,  // a folder: tool.txt (or tool.txt.1l), part.txt, ..., or what its options.def lists
  Mimac,    // one file
};

struct ReadOptions {
  MimacOptions mimac;  // for Form::Mimac only
};

// Both throw twin::core::Error where there is no data set at the path, or it holds a mistake.
Form form_of(const std::filesystem::path& path);
Description read(const std::filesystem::path& path, const ReadOptions& options = {});

}  // namespace twins::fab::import
