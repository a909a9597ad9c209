#include "apps/guard/serve.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <ctime>
#include <utility>

namespace apps::guard {
namespace {

constexpr std::size_t ClientsMax = 8;  // the longest silent one makes room

bool write_durably(int file, std::string_view line) {
  return ::write(file, line.data(), line.size()) == std::ssize(line) && ::fdatasync(file) == 0;
}

volatile std::sig_atomic_t stop_asked = 0;

}  // namespace

twin::core::Tick now_ms() {
  timespec t{};
  ::clock_gettime(CLOCK_REALTIME, &t);
  return t.tv_sec * 1000 + t.tv_nsec / 1'000'000;
}

std::string read_rest(int file) {
  std::string text;
  std::array<char, 4096> part{};
  for (ssize_t n = 0; (n = ::read(file, part.data(), part.size())) > 0;)
    text.append(part.data(), static_cast<std::size_t>(n));
  return text;
}

void watch_for_stop() {
  std::signal(SIGUSR1, [](int) { stop_asked = 1; });
}

void serve(twin::guard::Guard& guard, int listening, int ledger) {
  std::vector<pollfd> lines{{listening, POLLIN, 0}};  // then the clients, the longest silent first
  std::string message(twin::guard::RequestBytes + 1, '\0');
  const auto answered = [&](std::string_view text, int to) {
    const twin::guard::Answer answer = guard.answer(text, now_ms());
    if (!answer.entry.empty() && !write_durably(ledger, answer.entry)) return false;
    ::send(to, answer.text.data(), answer.text.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    return true;
  };
  for (;;) {
    const int ready = ::poll(lines.data(), lines.size(), 1000);
    if (std::exchange(stop_asked, 0) != 0 && !answered("fabtwin-guard stop 1\n", -1)) return;
    if (ready <= 0) continue;
    const auto silent = [](const pollfd& line) { return line.revents == 0; };
    auto spoke = std::stable_partition(lines.begin() + 1, lines.end(), silent);
    for (; spoke != lines.end(); ++spoke) {
      const ssize_t n = ::recv(spoke->fd, message.data(), message.size(), MSG_DONTWAIT);
      if (n <= 0) {  // gone
        ::close(std::exchange(spoke->fd, -1));
      } else if (!answered({message.data(), static_cast<std::size_t>(n)}, spoke->fd)) {
        return;
      }
    }
    std::erase_if(lines, [](const pollfd& line) { return line.fd < 0; });
    if (silent(lines[0])) continue;
    const int caller = ::accept4(listening, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (caller < 0) continue;
    lines.push_back({caller, POLLIN, 0});
    if (lines.size() <= 1 + ClientsMax) continue;
    ::close(lines[1].fd);
    lines.erase(lines.begin() + 1);
  }
}

}  // namespace apps::guard
