#include "twin/record/file_disk.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace twin::record {
namespace {

[[noreturn]] void fail(const std::string& what, const std::string& path, int error) {
  using Cause = DiskError::Cause;
  Cause cause = Cause::Failed;
  if (error == ENOSPC || error == EDQUOT) cause = Cause::Full;
  if (error == ENOENT) cause = Cause::Missing;
  if (error == EEXIST) cause = Cause::Exists;
  if (error == EWOULDBLOCK) cause = Cause::Locked;
  throw DiskError(cause, path + ": " + what + " (" + std::strerror(error) + ")");
}

// Calls f until a signal does not interrupt it.
template <class F>
auto uninterrupted(F f) {
  auto answer = f();
  while (answer < 0 && errno == EINTR) answer = f();
  return answer;
}

class PosixFile final : public File {
 public:
  PosixFile(int descriptor, std::string path) : descriptor_(descriptor), path_(std::move(path)) {}
  ~PosixFile() override { ::close(descriptor_); }

  void write(std::uint64_t offset, std::span<const std::uint8_t> bytes) override {
    while (!bytes.empty()) {
      const ssize_t n = uninterrupted([&] {
        return ::pwrite(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
      });
      if (n < 0) fail("cannot be written", path_, errno);
      if (n == 0) fail("cannot be written", path_, ENOSPC);
      offset += static_cast<std::uint64_t>(n);
      bytes = bytes.subspan(static_cast<std::size_t>(n));
    }
  }

  std::size_t read(std::uint64_t offset, std::span<std::uint8_t> to) const override {
    std::size_t done = 0;
    while (done < to.size()) {
      const ssize_t n = uninterrupted([&] {
        return ::pread(descriptor_, to.data() + done, to.size() - done,
                       static_cast<off_t>(offset + done));
      });
      if (n < 0) fail("cannot be read", path_, errno);
      if (n == 0) break;
      done += static_cast<std::size_t>(n);
    }
    return done;
  }

  [[nodiscard]] std::uint64_t size() const override {
    struct stat status {};
    if (::fstat(descriptor_, &status) != 0) fail("cannot be measured", path_, errno);
    return static_cast<std::uint64_t>(status.st_size);
  }

  void truncate(std::uint64_t bytes) override {
    if (uninterrupted([&] { return ::ftruncate(descriptor_, static_cast<off_t>(bytes)); }) != 0)
      fail("cannot be cut", path_, errno);
  }

  void sync() override {
    if (uninterrupted([&] { return ::fdatasync(descriptor_); }) != 0)
      fail("cannot be synced", path_, errno);
  }

 private:
  int descriptor_;
  std::string path_;
};

int open_file(const std::string& path, int flags) {
  return uninterrupted([&] { return ::open(path.c_str(), flags | O_CLOEXEC, 0644); });
}

}  // namespace

std::unique_ptr<File> FileDisk::open(const std::string& path, Access access) {
  int flags = O_RDONLY;
  if (access == Access::Change) flags = O_RDWR;
  if (access == Access::Create) flags = O_RDWR | O_CREAT | O_TRUNC;
  const int descriptor = open_file(path, flags);
  if (descriptor < 0) fail("cannot be opened", path, errno);
  return std::make_unique<PosixFile>(descriptor, path);
}

void FileDisk::rename(const std::string& from, const std::string& to) {
  if (::rename(from.c_str(), to.c_str()) != 0) fail("cannot be renamed to " + to, from, errno);
}

void FileDisk::remove(const std::string& path) {
  if (::unlink(path.c_str()) != 0) fail("cannot be removed", path, errno);
}

bool FileDisk::exists(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) == 0) return true;
  if (errno == ENOENT || errno == ENOTDIR) return false;
  fail("cannot be looked for", path, errno);
}

std::vector<std::string> FileDisk::list(const std::string& folder) {
  DIR* const open = ::opendir(folder.c_str());
  if (open == nullptr) fail("cannot be listed", folder, errno);
  std::vector<std::string> names;
  int error = 0;
  for (;;) {
    errno = 0;
    const dirent* const entry = ::readdir(open);
    if (entry == nullptr) {
      error = errno;
      break;
    }
    struct stat status {};
    const std::string path = folder + "/" + entry->d_name;
    if (::stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode))
      names.emplace_back(entry->d_name);
  }
  ::closedir(open);
  if (error != 0) fail("cannot be listed", folder, error);
  std::ranges::sort(names);
  return names;
}

void FileDisk::make_folder(const std::string& path) {
  for (std::size_t end = path.find('/', 1);; end = path.find('/', end + 1)) {
    const std::string part = path.substr(0, end);
    if (::mkdir(part.c_str(), 0755) == 0) {
      const std::size_t slash = part.rfind('/');  // a new name lasts when the folder above does
      sync_folder(slash == std::string::npos ? "." : slash == 0 ? "/" : part.substr(0, slash));
    } else if (errno != EEXIST && errno != EROFS && errno != EACCES) {
      fail("cannot be made", part, errno);
    } else if (errno != EEXIST && !exists(part)) {
      fail("cannot be made", part, EACCES);
    }
    if (end == std::string::npos) return;
  }
}

void FileDisk::sync_folder(const std::string& path) {
  const int descriptor = open_file(path, O_RDONLY | O_DIRECTORY);
  if (descriptor < 0) fail("cannot be opened", path, errno);
  const int answer = uninterrupted([&] { return ::fsync(descriptor); });
  const int error = errno;
  ::close(descriptor);
  if (answer != 0) fail("cannot be synced", path, error);
}

std::unique_ptr<File> FileDisk::lock(const std::string& path) {
  const int descriptor = open_file(path, O_RDWR | O_CREAT);
  if (descriptor < 0) fail("cannot be opened", path, errno);
  auto file = std::make_unique<PosixFile>(descriptor, path);
  if (uninterrupted([&] { return ::flock(descriptor, LOCK_EX | LOCK_NB); }) != 0)
    fail("is in use by another process", path, errno);
  return file;
}

}  // namespace twin::record
