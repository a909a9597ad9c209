#include "tests/tree.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace tests {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 10> Folders = {"src",   "twins", "apps",  "tests", "cases",
                                                      "bench", "fuzz",  "tools", "docs",  ".ci"};
constexpr std::array<std::string_view, 6> Endings = {".hpp", ".cpp", ".cmake",
                                                     ".md",  ".sh",  ".cff"};
constexpr std::array<std::string_view, 5> Names = {"CMakeLists.txt", "run", "test",
                                                   "CMakePresets.json", ".clang-tidy"};

bool is_ours(const fs::path& path) {
  const std::string name = path.filename().string();
  if (std::ranges::find(Names, name) != Names.end()) return true;
  return std::ranges::any_of(Endings, [&](std::string_view e) { return name.ends_with(e); });
}

std::string bytes_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw std::runtime_error("cannot read " + path.string());
  std::ostringstream out;
  out << in.rdbuf();
  return std::move(out).str();
}

}  // namespace

File file_of(std::string path, std::string text) {
  File file{.path = std::move(path), .lines = {}, .text = std::move(text)};
  std::istringstream in(file.text);
  for (std::string line; std::getline(in, line);) file.lines.push_back(line);
  return file;
}

Files read_tree(const fs::path& root) {
  Files files;
  const auto take = [&](const fs::directory_entry& entry) {
    if (!entry.is_regular_file() || !is_ours(entry.path())) return;
    files.push_back(
        file_of(fs::relative(entry.path(), root).generic_string(), bytes_of(entry.path())));
  };
  for (const auto& entry : fs::directory_iterator(root)) take(entry);
  for (const std::string_view folder : Folders) {
    if (!fs::is_directory(root / folder)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(root / folder)) take(entry);
  }
  std::ranges::sort(files, {}, &File::path);
  return files;
}

bool is_header(const File& file) { return file.path.ends_with(".hpp"); }
bool is_cpp(const File& file) { return is_header(file) || file.path.ends_with(".cpp"); }
bool is_test(const File& file) { return file.path.ends_with(".test.cpp"); }
bool is_markdown(const File& file) { return file.path.ends_with(".md"); }

bool starts_with_folder(std::string_view path, std::string_view folder) {
  return path.size() > folder.size() && path.starts_with(folder) && path[folder.size()] == '/';
}

std::string to_string(const Findings& findings) {
  std::ostringstream out;
  for (const Finding& f : findings) out << "\n  " << f.path << ':' << f.line << ": " << f.problem;
  return std::move(out).str();
}

}  // namespace tests
