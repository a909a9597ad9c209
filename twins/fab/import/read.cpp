#include "twins/fab/import/read.hpp"

#include "twin/core/error.hpp"
#include "twins/fab/import/folder.hpp"
#include "twins/fab/import/message.hpp"
#include "twins/fab/import/smt2020.hpp"
#include "twins/fab/import/text.hpp"

namespace twins::fab::import {
namespace {

namespace fs = std::filesystem;
using twin::core::Error;
using twin::core::Place;

// A MIMAC file's first line with something on it is a number, the count of machine groups.
bool starts_with_number(const std::string& text) {
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string_view whole = std::string_view(text).substr(begin, end - begin);
    begin = end + 1;
    const std::string_view plain = trim(whole.substr(0, whole.find('#')));
    if (!plain.empty()) return parse_number(plain).has_value();
  }
  return false;
}

}  // namespace

Form form_of(const fs::path& path) {
  std::error_code error;
  if (!fs::exists(path, error)) {
    throw Error(Place{path.string(), 0, {}},
                sentence("no such file or folder", "a fab is a folder of tables or a MIMAC file"));
  }
  if (fs::is_directory(path, error)) return Form::Smt2020;
  if (fs::is_regular_file(path, error) && starts_with_number(read_file(path))) return Form::Mimac;
  const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
  throw Error(Place{path.string(), 0, {}},
              sentence("neither a data set's folder nor a MIMAC file",
                       "a MIMAC file starts with the number of its machine groups",
                       "did you mean the folder " + folder.string() + "?"));
}

Description read(const fs::path& path, const ReadOptions& options) {
  if (form_of(path) == Form::Mimac) return read_mimac(path, options.mimac);
  return read_smt2020(path);
}

}  // namespace twins::fab::import
