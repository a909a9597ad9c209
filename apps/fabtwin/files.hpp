// Files as a user expects them: a reader never sees half of one, and a write that failed is an error
// that names the file and the reason.
#pragma once
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace apps::fabtwin {

// Writes to a new file beside it, then renames: the old content or the new, never a part. A path
// that is no regular file (a terminal, a pipe) is written in place. Throws twin::core::Error.
void write_file(const std::filesystem::path& path, std::span<const std::byte> bytes);
void write_file(const std::filesystem::path& path, std::string_view text);

// The same for what is written bit by bit. Nothing stands at the path before `finish`; without it,
// nothing ever does.
class NewFile {
 public:
  explicit NewFile(std::filesystem::path path);  // Throws twin::core::Error.
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;
  ~NewFile();
  [[nodiscard]] std::ostream& stream() { return stream_; }
  void finish();  // Throws twin::core::Error.

 private:
  std::filesystem::path path_, target_;
  std::ofstream stream_;
};

std::vector<std::byte> read_file(const std::filesystem::path& path);  // Throws twin::core::Error.
std::string read_text(const std::filesystem::path& path);             // Throws twin::core::Error.

// Throws twin::core::Error if no file could be written there: to be known before a long run, not
// after it.
void expect_writable(const std::filesystem::path& path);

// Makes the folder where it is missing. Throws twin::core::Error.
void make_folder(const std::filesystem::path& path);

// Standard output, all of it: a full disk behind it is an error. Throws twin::core::Error.
void print(std::string_view text);

}  // namespace apps::fabtwin
