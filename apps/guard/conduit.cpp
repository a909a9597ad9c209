#include "apps/guard/conduit.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "twin/core/error.hpp"

namespace apps::guard {

using twin::core::Error;

void must(bool done, const std::string& what) {
  if (!done) throw Error(what + " (" + std::strerror(errno) + ")");
}

Descriptor::~Descriptor() {
  if (number_ >= 0) ::close(number_);
}

Descriptor open_to_read(const std::string& path, int open_to) {
  Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat is {};
  must(file.number() >= 0 && ::fstat(file.number(), &is) == 0, "cannot read " + path);
  if ((static_cast<int>(is.st_mode) & 077 & ~open_to) != 0)
    throw Error(path + " (others may read or write it) chmod go-rwx?");
  return file;
}

std::string read_all(const std::string& path, int open_to) {
  return read_rest(open_to_read(path, open_to).number());
}

twin::guard::Seed read_seed(const std::string& path) {
  std::string text = read_all(path, 0);
  twin::guard::Seed seed{};
  if (!twin::guard::read(std::string_view(text).substr(0, text.find('\n')), seed))
    throw Error(path + " (is no key: 64 hexadecimal digits and a line feed)");
  ::explicit_bzero(text.data(), text.size());
  return seed;
}

Descriptor listen_at(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) throw Error(path + " (too long for a socket's name)");
  path.copy(address.sun_path, path.size());
  struct stat is {};
  if (::lstat(path.c_str(), &is) == 0 && S_ISSOCK(is.st_mode)) ::unlink(path.c_str());
  Descriptor made(::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  must(::bind(made.number(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
           ::chmod(path.c_str(), 0660) == 0 && ::listen(made.number(), 16) == 0,
       "cannot listen at " + path);
  return made;
}

}  // namespace apps::guard
