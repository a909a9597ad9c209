// The files of a data set in memory. Readers take this, not a path: tests and fuzz targets then
// make folders from text, and no reader touches a disk.
#pragma once
#include <filesystem>
#include <functional>
#include <map>
#include <string>

namespace twins::fab::import {

struct Folder {
  std::string name;                                       // its last path component
  std::map<std::string, std::string, std::less<>> files;  // [file name] its bytes
};

// Reads the table files of one folder (.txt, .1l, .def, .asd; not of folders inside it). Throws
// twin::core::Error when the path is no folder, holds no such file, or holds too much.
Folder read_folder(const std::filesystem::path& path);

// Reads one file whole.
std::string read_file(const std::filesystem::path& path);

// The name a data set goes by: the last component of its path, also of "fab/" and of ".".
std::string name_of(const std::filesystem::path& path);

}  // namespace twins::fab::import
