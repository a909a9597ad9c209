// A folder of one test's own, gone with it: for the tests of what is written to files.
#pragma once
#include <unistd.h>

#include <filesystem>
#include <string>
#include <system_error>

namespace twin::record {

class ScratchFolder {
 public:
  // Its name carries this process's number, so that tests can run side by side.
  explicit ScratchFolder(const std::string& name)
      : path_(std::filesystem::temp_directory_path() /
              ("fabtwin_" + name + "_" + std::to_string(::getpid()))) {
    std::filesystem::remove_all(path_);  // of a process of that number that was killed
    std::filesystem::create_directories(path_);
  }
  ~ScratchFolder() {
    std::error_code ignored;  // the folder of a failed test may hold what cannot be removed
    std::filesystem::remove_all(path_, ignored);
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] std::filesystem::path operator/(const std::string& name) const {
    return path_ / name;
  }
  [[nodiscard]] std::string file(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

}  // namespace twin::record
