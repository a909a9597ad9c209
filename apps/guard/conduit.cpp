#include "apps/guard/conduit.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <ctime>
#include <vector>

#include "twin/core/error.hpp"

namespace apps::guard {
namespace {

using twin::core::Error;
constexpr std::size_t ClientsMax = 8;  // the longest silent one makes room

volatile std::sig_atomic_t stop_asked = 0;

void must(bool done, const std::string& what) {
  if (!done) throw Error(what + " (" + std::strerror(errno) + ")");
}

bool write_durably(const Descriptor& file, std::string_view line) {
  return ::write(file.number(), line.data(), line.size()) == static_cast<ssize_t>(line.size()) &&
         ::fdatasync(file.number()) == 0;
}

std::string read_rest(int file) {
  std::string text;
  std::array<char, 4096> part{};
  for (ssize_t n = 0; (n = ::read(file, part.data(), part.size())) > 0;)
    text.append(part.data(), static_cast<std::size_t>(n));
  return text;
}

}  // namespace

twin::core::Tick now_ms() {
  timespec t{};
  ::clock_gettime(CLOCK_REALTIME, &t);
  return t.tv_sec * 1000 + t.tv_nsec / 1'000'000;
}

Descriptor::~Descriptor() {
  if (number_ >= 0) ::close(number_);
}

std::string read_all(const std::string& path, int open_to) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat is {};
  must(file.number() >= 0 && ::fstat(file.number(), &is) == 0, "cannot read " + path);
  if ((static_cast<int>(is.st_mode) & 077 & ~open_to) != 0)
    throw Error(path + " (others may read or write it) chmod go-rwx?");
  return read_rest(file.number());
}

twin::guard::Seed read_seed(const std::string& path) {
  std::string text = read_all(path, 0);
  twin::guard::Seed seed{};
  if (!twin::guard::read(std::string_view(text).substr(0, text.find('\n')), seed))
    throw Error(path + " (is no key: 64 hexadecimal digits and a line feed)");
  ::explicit_bzero(text.data(), text.size());
  return seed;
}

LedgerFile open_ledger(const std::string& path) {
  LedgerFile l{
      Descriptor(::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600)), {}, 0};
  must(l.file.number() >= 0, "cannot open " + path);
  must(::flock(l.file.number(), LOCK_EX | LOCK_NB) == 0, path + " is another guard's");
  std::size_t whole = 0;
  l.ledger = twin::guard::read_ledger(read_rest(l.file.number()), l.chain, whole);
  const std::string folder = path.substr(0, path.rfind('/') + 1);
  const Descriptor parent(::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_CLOEXEC));
  must(::ftruncate(l.file.number(), static_cast<off_t>(whole)) == 0 &&
           ::fsync(l.file.number()) == 0 && ::fsync(parent.number()) == 0,
       "cannot keep " + path);
  return l;
}

void watch_for_stop() {
  struct sigaction press {};
  press.sa_handler = [](int) { stop_asked = 1; };
  ::sigaction(SIGUSR1, &press, nullptr);
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

void serve(twin::guard::Guard& guard, const Descriptor& listening, const Descriptor& ledger) {
  std::vector<Descriptor> clients;  // the longest silent first
  std::string message(twin::guard::RequestBytes + 1, '\0');
  const auto answered = [&](std::string_view text, int to) {
    const twin::guard::Answer answer = guard.answer(text, now_ms());
    if (!answer.entry.empty() && !write_durably(ledger, answer.entry)) return false;
    if (to >= 0) ::send(to, answer.text.data(), answer.text.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    return true;
  };
  for (;;) {
    std::vector<pollfd> wait{{listening.number(), POLLIN, 0}};
    for (const Descriptor& c : clients) wait.push_back({c.number(), POLLIN, 0});
    const int ready = ::poll(wait.data(), wait.size(), 1000);
    if (std::exchange(stop_asked, 0) != 0 && !answered("fabtwin-guard stop 1\n", -1)) return;
    if (ready <= 0) continue;
    std::vector<Descriptor> silent, spoke;
    for (std::size_t k = 0; k < clients.size(); ++k) {
      if (wait[k + 1].revents == 0) {
        silent.push_back(std::move(clients[k]));
        continue;
      }
      const int from = clients[k].number();
      const ssize_t n = ::recv(from, message.data(), message.size(), MSG_DONTWAIT);
      if (n <= 0) continue;  // gone
      if (!answered(std::string_view(message).substr(0, static_cast<std::size_t>(n)), from)) return;
      spoke.push_back(std::move(clients[k]));
    }
    clients = std::move(silent);
    for (Descriptor& c : spoke) clients.push_back(std::move(c));
    if (wait[0].revents == 0) continue;
    Descriptor caller(
        ::accept4(listening.number(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (caller.number() < 0) continue;
    if (clients.size() == ClientsMax) clients.erase(clients.begin());
    clients.push_back(std::move(caller));
  }
}

}  // namespace apps::guard
