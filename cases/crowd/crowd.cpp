#include "cases/crowd/crowd.hpp"

#include <arpa/inet.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <fstream>
#include <string_view>
#include <thread>
#include <vector>

#include "twin/link/http_client.hpp"

namespace cases::crowd {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;
using twin::link::HttpClient;
using twin::link::HttpServer;

constexpr rlim_t Others = 200;  // descriptors for everything else

double resident_kb() {
  std::ifstream in("/proc/self/statm");
  double all = 0.0, resident = 0.0;
  in >> all >> resident;
  return resident * static_cast<double>(::sysconf(_SC_PAGESIZE)) / 1024.0;
}

// The strangers' process: it connects as often as it can, then says a byte of what each of them has
// to say, one after the other, until it is killed.
[[noreturn]] void be_strangers(int port, std::size_t strangers) {
  (void)::prctl(PR_SET_PDEATHSIG, SIGKILL);
  constexpr std::string_view Says[] = {
      "",                                                          // nothing at all
      "GET /metrics HTTP/1.1\r\nHost: t\r\nX: aaaaaaaaaaaaaaaaa",  // a head that does not end
      "GET /metrics HTTP/1.1\r\nHost: t\r\n\r\n",                  // all of it, byte by byte
      "POST /metrics HTTP/1.1\r\nHost: t\r\nContent-Length: 4000000\r\n\r\naaaaaaaaa",
  };
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(static_cast<std::uint16_t>(port));
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  std::vector<int> sockets;
  for (std::size_t k = 0; k < strangers; ++k) {
    const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0 || ::connect(fd, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0) ::_exit(1);
    sockets.push_back(fd);
  }
  for (std::size_t at = 0;; ++at) {
    for (std::size_t k = 0; k < sockets.size(); ++k) {
      const std::string_view all = Says[k % std::size(Says)];
      if (at < all.size())
        (void)::send(sockets[k], all.data() + at, 1, MSG_NOSIGNAL | MSG_DONTWAIT);
    }
    std::this_thread::sleep_for(100ms);
  }
}

// So many questions, a few milliseconds apart; within how many ms 99 % had their answer.
double ask(HttpServer& server, HttpClient& client, std::size_t asked, std::size_t& answered) {
  std::vector<double> took;
  for (std::size_t k = 0; k < asked; ++k) {
    const auto begun = Clock::now();
    const std::string answer = client.ask("GET /metrics HTTP/1.1\r\nHost: t\r\n\r\n");
    took.push_back(std::chrono::duration<double, std::milli>(Clock::now() - begun).count());
    if (twin::link::body_of(answer) == "well" && took.back() < 10'000.0) ++answered;
    server.wait(2ms);
  }
  std::ranges::sort(took);
  return took[took.size() * 99 / 100];
}

}  // namespace

std::string impossible(std::size_t strangers) {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return "the limit of descriptors is not told";
  const rlim_t wanted = strangers + Others;
  if (limit.rlim_cur >= wanted) return {};
  if (limit.rlim_max < wanted) {
    return "at most " + std::to_string(limit.rlim_max) + " descriptors (it takes " +
           std::to_string(wanted) + ")";
  }
  limit.rlim_cur = wanted;
  if (::setrlimit(RLIMIT_NOFILE, &limit) != 0) return "the limit of descriptors cannot be raised";
  return {};
}

CrowdCounts meet(std::size_t strangers, std::size_t asked) {
  CrowdCounts counts;
  HttpServer server({.connections_max = strangers + 10, .request_time = 120s, .idle_time = 120s});
  server.route("GET", "/metrics",
               [](const auto&, const twin::link::HttpReply& reply) { reply({.body = "well"}); });
  HttpClient client(server);
  counts.asked = 2 * asked;
  counts.alone_ms = ask(server, client, asked, counts.answered);
  const double before_kb = resident_kb();
  const pid_t child = ::fork();
  if (child == 0) be_strangers(server.port(), strangers);
  for (int k = 0; k < 12'000 && server.connections() < strangers + 1; ++k) {
    server.wait(10ms);
    if (::waitpid(child, nullptr, WNOHANG) == child) return counts;  // it could not
  }
  counts.held = server.connections() - 1;
  counts.crowd_ms = ask(server, client, asked, counts.answered);
  counts.held = std::min(counts.held, server.connections() - 1);
  counts.stranger_kb = (resident_kb() - before_kb) / static_cast<double>(strangers);
  (void)::kill(child, SIGKILL);
  (void)::waitpid(child, nullptr, 0);
  for (int k = 0; k < 3'000 && server.connections() > 1; ++k) server.wait(10ms);
  counts.left = server.connections() - 1;
  return counts;
}

}  // namespace cases::crowd
