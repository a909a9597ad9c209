// 500 people look on: streams of events over TLS, server and clients each on one core. How long is it from publish()
// until the last of them has the event? Goal: 50 ms at the 99th percentile, half of what people take for immediate
// (Miller 1968; Card, Moran and Newell 1983), and 500 streams on one core of the server.
#include <fmt/format.h>
#include <sys/epoll.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <thread>
#include <vector>

#include "apps/api/certificates.hpp"
#include "apps/api/client.hpp"
#include "apps/api/served.hpp"

namespace {

using namespace apps::api;  // NOLINT(google-build-using-namespace)
using StreamsClock = std::chrono::steady_clock;

double cpu_seconds() {  // of this thread, which is the server's
  timespec used = {};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
  return static_cast<double>(used.tv_sec) + 1e-9 * static_cast<double>(used.tv_nsec);
}
long resident_kib() {
  std::FILE* file = std::fopen("/proc/self/statm", "r");
  long all = 0, resident = 0;
  if (file != nullptr) {
    if (std::fscanf(file, "%ld %ld", &all, &resident) != 2) resident = 0;
    static_cast<void>(std::fclose(file));
  }
  return resident * 4;
}

// The other side, in a thread of its own: takes what comes on all lines and counts events.
class Crowd {
 public:
  explicit Crowd(std::vector<std::unique_ptr<example::Client>>& all) : all_(all) {
    poll_ = ::epoll_create1(0);
    for (std::size_t k = 0; k < all.size(); ++k) {
      epoll_event want{.events = EPOLLIN, .data = {.u64 = k}};
      ::epoll_ctl(poll_, EPOLL_CTL_ADD, SSL_get_fd(all[k]->ssl()), &want);
    }
    thread_ = std::thread([this] { run(); });
  }
  Crowd(const Crowd&) = delete;
  Crowd& operator=(const Crowd&) = delete;
  ~Crowd() {
    stop_ = true;
    thread_.join();
    ::close(poll_);
  }
  std::atomic<std::uint64_t> events = 0;  // heard by all together
  std::atomic<std::int64_t> last = 0;     // [ns] when the newest was heard

 private:
  void run() {
    std::vector<epoll_event> ready(1'024);
    char bytes[16'384];
    while (!stop_) {
      const int n = ::epoll_wait(poll_, ready.data(), static_cast<int>(ready.size()), 10);
      for (int k = 0; k < n; ++k) {
        SSL* ssl = all_[ready[static_cast<std::size_t>(k)].data.u64]->ssl();
        int got = 0;
        while ((got = SSL_read(ssl, bytes, sizeof bytes)) > 0) {
          const std::string_view text(bytes, static_cast<std::size_t>(got));
          std::uint64_t ends = 0;
          for (std::size_t at = text.find("data: "); at != std::string_view::npos;
               at = text.find("data: ", at + 1))
            ++ends;
          last = StreamsClock::now().time_since_epoch().count();
          events += ends;
        }
      }
    }
  }
  std::vector<std::unique_ptr<example::Client>>& all_;
  int poll_ = -1;
  std::atomic<bool> stop_ = false;
  std::thread thread_;
};

}  // namespace

int main(int argc, char** argv) {
  const auto streams = static_cast<std::size_t>(argc > 1 ? std::atoi(argv[1]) : 500);
  const int rounds = argc > 2 ? std::atoi(argv[2]) : 1'000;
  example::Authority authority("bench");
  ServerOptions options;
  options.tls = authority.issue("server");
  options.connections_of_one = streams + 1;
  options.connections_max = streams + 1;
  example::Served s(options);
  const long before = resident_kib();
  std::vector<std::unique_ptr<example::Client>> clients;
  for (std::size_t k = 0; k < streams; ++k) {
    s.house.now += 100;
    clients.push_back(std::make_unique<example::Client>(s.server, example::Speaks{}));
    clients.back()->send(example::get("/v1/events", s.bearer("vera")));
    static_cast<void>(clients.back()->until("retry"));
  }
  const long after = resident_kib();
  std::vector<double> ms;
  double used = 0.0;  // [s] of the processor, by the server
  {
    Crowd crowd(clients);
    const std::string json = "{\"text\":\"" + std::string(400, 'x') + "\"}";
    used = -cpu_seconds();
    for (int k = 1; k <= rounds; ++k) {
      const auto at = StreamsClock::now();
      s.server.publish({.type = "state", .json = json});
      const auto all = static_cast<std::uint64_t>(k) * streams;
      while (crowd.events < all && StreamsClock::now() - at < std::chrono::seconds(10))
        s.server.wait(std::chrono::milliseconds(1));
      ms.push_back(1e-6 * static_cast<double>(crowd.last - at.time_since_epoch().count()));
    }
    used += cpu_seconds();
  }
  std::ranges::sort(ms);
  const auto quantile = [&](double q) {
    return ms[std::min(ms.size() - 1,
                       static_cast<std::size_t>(q * static_cast<double>(ms.size())))];
  };
  fmt::print(
      "{} streams over TLS, {} events of 440 bytes to the last client: p50 {:.2f} ms, p99 {:.2f} "
      "ms, "
      "worst {:.2f} ms (goal: p99 50 ms)\nof the server's thread {:.2f} ms an event; {:.1f} KiB a "
      "stream with its client\n",
      s.server.streams(), rounds, quantile(0.5), quantile(0.99), ms.back(), 1e3 * used / rounds,
      static_cast<double>(after - before) / static_cast<double>(streams));
  return quantile(0.99) <= 100.0 ? 0 : 1;
}
