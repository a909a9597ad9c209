#include "twins/fab/import/folder.hpp"

#include <fstream>
#include <system_error>
#include <vector>

#include "twin/core/error.hpp"
#include "twins/fab/import/message.hpp"
#include "twins/fab/import/text.hpp"

namespace twins::fab::import {
namespace {

namespace fs = std::filesystem;
using twin::core::Error;
using twin::core::Place;

constexpr std::size_t MaxFolderBytes = std::size_t{1} << 30;  // [bytes]
constexpr std::size_t MaxFiles = 10'000;

bool is_table(const fs::path& path) {
  const std::string end = path.extension().string();
  return end == ".txt" || end == ".1l" || end == ".def" || end == ".asd";
}

}  // namespace

std::string read_file(const fs::path& path) {
  std::error_code error;
  const std::uintmax_t bytes = fs::file_size(path, error);
  if (error) throw Error(Place{path.string(), 0, {}}, sentence("unreadable", error.message()));
  if (bytes > MaxFileBytes) {
    throw Error(Place{path.string(), 0, {}}, sentence("file too large", "at most 256 MiB"));
  }
  std::ifstream in(path, std::ios::binary);
  std::string text(static_cast<std::size_t>(bytes), '\0');
  in.read(text.data(), static_cast<std::streamsize>(bytes));
  if (!in) throw Error(Place{path.string(), 0, {}}, sentence("unreadable", "permission or device"));
  return text;
}

std::string name_of(const fs::path& path) {
  fs::path plain = fs::absolute(path).lexically_normal();
  if (plain.filename().empty()) plain = plain.parent_path();
  return plain.filename().string();
}

Folder read_folder(const fs::path& path) {
  std::error_code error;
  if (!fs::exists(path, error)) {
    throw Error(Place{path.string(), 0, {}},
                sentence("no such folder", "a data set is a folder of text files"));
  }
  if (!fs::is_directory(path, error)) {
    throw Error(Place{path.string(), 0, {}},
                sentence("a file, not a folder", "a data set is a folder of text files",
                         "did you mean " +
                             (path.has_parent_path() ? path.parent_path().string() : ".") + "?"));
  }
  std::vector<fs::path> tables;
  for (fs::directory_iterator it(path, error), end; !error && it != end; it.increment(error)) {
    if (is_table(it->path()) && it->is_regular_file(error)) tables.push_back(it->path());
    if (tables.size() > MaxFiles) {
      throw Error(Place{path.string(), 0, {}},
                  sentence("more than 10000 text files", "too many for a data set"));
    }
  }
  if (error) throw Error(Place{path.string(), 0, {}}, sentence("unreadable", error.message()));
  if (tables.empty()) {
    throw Error(Place{path.string(), 0, {}},
                sentence("no data set here", "the folder holds no text files"));
  }
  Folder folder{name_of(path), {}};
  std::size_t bytes = 0;
  for (const fs::path& table : tables) {
    std::string text = read_file(table);
    bytes += text.size();
    if (bytes > MaxFolderBytes) {
      throw Error(Place{path.string(), 0, {}}, sentence("data set too large", "at most 1 GiB"));
    }
    folder.files.emplace(table.filename().string(), std::move(text));
  }
  return folder;
}

}  // namespace twins::fab::import
