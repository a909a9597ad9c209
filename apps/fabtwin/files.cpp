#include "apps/fabtwin/files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "twin/core/error.hpp"

namespace apps::fabtwin {
namespace {

using twin::core::Error;

[[noreturn]] void refuse(const std::filesystem::path& path, const char* what, int error) {
  throw Error(path.string() + ": " + what + " (" + std::strerror(error) + ")");
}

// An open file that is closed again whatever happens.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  [[nodiscard]] int number() const { return number_; }
  int close() {
    const int status = ::close(number_);
    number_ = -1;
    return status;
  }

 private:
  int number_;
};

// 0, or the error's number.
int write_all(int file, std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(file, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return errno;
    bytes = bytes.subspan(static_cast<std::size_t>(n));
  }
  return 0;
}

bool is_special(const std::filesystem::path& path) {
  std::error_code ignored;
  const auto status = std::filesystem::status(path, ignored);
  return std::filesystem::exists(status) && !std::filesystem::is_regular_file(status);
}

std::filesystem::path beside(const std::filesystem::path& path) {
  return path.string() + "." + std::to_string(::getpid()) + ".part";
}

}  // namespace

void write_file(const std::filesystem::path& path, std::span<const std::byte> bytes) {
  const bool in_place = is_special(path);
  const std::filesystem::path target = in_place ? path : beside(path);
  const int flags = O_WRONLY | O_CLOEXEC | (in_place ? 0 : O_CREAT | O_TRUNC);
  Descriptor file(::open(target.c_str(), flags, 0666));
  if (file.number() < 0) refuse(path, "cannot be written", errno);
  int error = write_all(file.number(), bytes);
  if (error == 0 && !in_place && ::fsync(file.number()) != 0) error = errno;
  if (file.close() != 0 && error == 0) error = errno;
  if (error == 0 && !in_place && std::rename(target.c_str(), path.c_str()) != 0) error = errno;
  if (error == 0) return;
  if (!in_place) ::unlink(target.c_str());
  refuse(path, "cannot be written", error);
}

void write_file(const std::filesystem::path& path, std::string_view text) {
  write_file(path, std::as_bytes(std::span(text.data(), text.size())));
}

NewFile::NewFile(std::filesystem::path path)
    : path_(std::move(path)), target_(is_special(path_) ? path_ : beside(path_)) {
  errno = 0;
  stream_.open(target_, std::ios::binary);
  if (!stream_) refuse(path_, "cannot be written", errno);
}

NewFile::~NewFile() {
  if (target_ != path_ && !target_.empty()) ::unlink(target_.c_str());
}

void NewFile::finish() {
  errno = 0;
  stream_.close();
  if (!stream_) refuse(path_, "cannot be written", errno);
  if (target_ == path_) return;
  if (std::rename(target_.c_str(), path_.c_str()) != 0) refuse(path_, "cannot be written", errno);
  target_.clear();
}

std::vector<std::byte> read_file(const std::filesystem::path& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.number() < 0) refuse(path, "cannot be read", errno);
  std::vector<std::byte> bytes;
  std::vector<std::byte> block(std::size_t{1} << 16U);
  for (;;) {
    const ssize_t n = ::read(file.number(), block.data(), block.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) refuse(path, "cannot be read", errno);
    if (n == 0) return bytes;
    bytes.insert(bytes.end(), block.begin(), block.begin() + n);
  }
}

std::string read_text(const std::filesystem::path& path) {
  const std::vector<std::byte> bytes = read_file(path);
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

void expect_writable(const std::filesystem::path& path) {
  if (std::filesystem::is_directory(path)) refuse(path, "cannot be written", EISDIR);
  if (is_special(path)) return;
  const std::filesystem::path trial = beside(path);
  const Descriptor file(::open(trial.c_str(), O_WRONLY | O_CLOEXEC | O_CREAT, 0666));
  if (file.number() < 0) refuse(path, "cannot be written", errno);
  ::unlink(trial.c_str());
}

void make_folder(const std::filesystem::path& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error) refuse(path, "folder cannot be made", error.value());
  if (!std::filesystem::is_directory(path)) refuse(path, "cannot be written", ENOTDIR);
}

void print(std::string_view text) {
  const std::size_t n = std::fwrite(text.data(), 1, text.size(), stdout);
  if (n != text.size() || std::fflush(stdout) != 0)
    throw Error("standard output cannot be written (" + std::string(std::strerror(errno)) + ")");
}

}  // namespace apps::fabtwin
