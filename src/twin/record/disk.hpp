// What a journal asks of a disk: little enough that a test's disk in memory can lose power between
// any two of its operations. FileDisk is the real one, SimulatedDisk the one that fails by seed.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "twin/core/error.hpp"

namespace twin::record {

// What the disk would not do. Whoever gets it has no promise about the bytes in question.
class DiskError : public core::Error {
 public:
  enum class Cause : std::uint8_t {
    Full,     // no space is left: worth another try when there is
    Failed,   // input or output error, or a refused permission
    Missing,  // no such file
    Exists,   // there is one already
    Locked,   // another process has it
  };
  DiskError(Cause cause, const std::string& message) : Error(message), cause_(cause) {}
  [[nodiscard]] Cause cause() const noexcept { return cause_; }

 private:
  Cause cause_;
};

// An open file. Every function throws DiskError.
class File {
 public:
  File() = default;
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  virtual ~File() = default;

  // Puts all bytes at `offset` (a gap becomes zeros) or throws. They last only after sync().
  virtual void write(std::uint64_t offset, std::span<const std::uint8_t> bytes) = 0;
  // Fills `to` from `offset` on; answers how many bytes there were, fewer than asked at the end.
  virtual std::size_t read(std::uint64_t offset, std::span<std::uint8_t> to) const = 0;
  [[nodiscard]] virtual std::uint64_t size() const = 0;  // [bytes]
  virtual void truncate(std::uint64_t bytes) = 0;
  // What was written before lasts. Where it throws, nothing is known of what was written since the
  // last success, and a second call that succeeds proves nothing.
  virtual void sync() = 0;
};

enum class Access : std::uint8_t {
  Read,    // an existing file
  Change,  // an existing file, to read and write
  Create,  // a new, empty one; an existing one of that name is emptied
};

// A file or folder that was made, renamed or removed is so for good after sync_folder().
class Disk {
 public:
  Disk() = default;
  Disk(const Disk&) = delete;
  Disk& operator=(const Disk&) = delete;
  virtual ~Disk() = default;

  [[nodiscard]] virtual std::unique_ptr<File> open(const std::string& path, Access access) = 0;
  virtual void rename(const std::string& from, const std::string& to) = 0;  // replaces `to`
  virtual void remove(const std::string& path) = 0;                         // a file
  [[nodiscard]] virtual bool exists(const std::string& path) = 0;           // a file or folder
  // Names of the files in a folder, sorted; folders are left out.
  [[nodiscard]] virtual std::vector<std::string> list(const std::string& folder) = 0;
  virtual void make_folder(const std::string& path) = 0;  // and those above it; may exist
  virtual void sync_folder(const std::string& path) = 0;
  // Held until the answer is destroyed or the process ends; throws Locked if somebody else has it.
  [[nodiscard]] virtual std::unique_ptr<File> lock(const std::string& path) = 0;
};

// All bytes of a file; throws DiskError, and Failed if there are more than `bytes_max`.
[[nodiscard]] std::vector<std::uint8_t> read_all(Disk& disk, const std::string& path,
                                                 std::uint64_t bytes_max);

// Puts a whole file in place so that it is either the old one or the new one, whatever happens:
// writes PATH.tmp, syncs, renames, syncs the folder.
void replace_file(Disk& disk, const std::string& folder, const std::string& name,
                  std::span<const std::uint8_t> bytes);

}  // namespace twin::record
