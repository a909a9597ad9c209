// The repository as text: what the tests of the house (include arrows, tidiness) look at.
#pragma once
#include <compare>
#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace tests {

struct File {
  std::string path;                // relative to the repository root, with '/'
  std::vector<std::string> lines;  // [line - 1] without their line feeds
  std::string text;                // the bytes as they are
};

using Files = std::vector<File>;  // sorted by path

// What is wrong, and where: printed as "path:line: problem".
struct Finding {
  std::string path;
  std::size_t line = 0;  // 1-based; 0: the whole file
  std::string problem;
  auto operator<=>(const Finding&) const = default;
};

using Findings = std::vector<Finding>;

// A file from its bytes.
File file_of(std::string path, std::string text);

// Every text file that people write here: C++, CMake, scripts, Markdown. Not data, build folders or hidden folders,
// except those that hold what we write (.ci).
Files read_tree(const std::filesystem::path& root);

bool is_cpp(const File& file);                                            // .hpp or .cpp
bool is_header(const File& file);                                         // .hpp
bool is_test(const File& file);                                           // .test.cpp
bool is_markdown(const File& file);                                       // .md
bool starts_with_folder(std::string_view path, std::string_view folder);  // "src" holds "src/a.hpp"

// One finding a line, for a failing test's message.
std::string to_string(const Findings& findings);

}  // namespace tests
