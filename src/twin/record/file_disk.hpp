// The disk of the machine: POSIX files. A short write or an interrupted call is gone on with; all
// other failures are told.
#pragma once
#include "twin/record/disk.hpp"

namespace twin::record {

class FileDisk final : public Disk {
 public:
  [[nodiscard]] std::unique_ptr<File> open(const std::string& path, Access access) override;
  void rename(const std::string& from, const std::string& to) override;
  void remove(const std::string& path) override;
  [[nodiscard]] bool exists(const std::string& path) override;
  [[nodiscard]] std::vector<std::string> list(const std::string& folder) override;
  void make_folder(const std::string& path) override;
  void sync_folder(const std::string& path) override;
  [[nodiscard]] std::unique_ptr<File> lock(const std::string& path) override;
};

}  // namespace twin::record
