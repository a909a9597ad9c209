// 500 HSMS connections on the loopback address, tools on one thread and hosts on another: S6F11 of 20
// variables and S6F12 as round trips. Goal: >= 20,000 round trips/s on 2 cores with both ends. The
// session alone, without sockets, is measured beside it.
#include "twin/link/hsms/sockets.hpp"

#include <benchmark/benchmark.h>
#include <sys/resource.h>

#include <atomic>
#include <ctime>
#include <fstream>
#include <string>
#include <thread>

#include "twin/link/hsms/wire.hpp"
#include "twin/link/secs/example.hpp"

namespace twin::link::hsms {
namespace {

using What = Event::What;

core::Tick real_now() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

double resident_KiB() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmRSS:")) return std::stod(line.substr(6));
  }
  return 0;
}

// A tool that reports again as soon as its report is acknowledged.
class Tool {
 public:
  explicit Tool(std::atomic<std::uint64_t>& trips) : trips_(&trips) {}
  core::Tick operator()(Session& session, core::Tick now) {
    while (const auto event = session.next()) {
      if (event->what == What::Reply) trips_->fetch_add(1, std::memory_order_relaxed);
      if (event->what == What::Reply || event->what == What::Selected) {
        static_cast<void>(session.send(secs::example_report(count_++, 20), now));
      }
    }
    return core::Never;
  }

 private:
  std::atomic<std::uint64_t>* trips_;
  std::uint64_t count_ = 0;
};

core::Tick acknowledge(Session& session, core::Tick now) {
  while (const auto event = session.next()) {
    if (event->what != What::Primary) continue;
    static_cast<void>(session.reply(secs::reply_to(event->message, secs::binary(0)), now));
  }
  return core::Never;
}

void SocketsRoundTrips(benchmark::State& state) {
  rlimit files{};
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;  // three descriptors a line, with both ends here
  setrlimit(RLIMIT_NOFILE, &files);
  std::atomic<std::uint64_t> trips = 0;
  std::atomic<bool> stop = false;
  Sockets tools(real_now), hosts(real_now);
  Options passive;
  passive.role = Role::Passive;
  passive.side = Side::Equipment;
  for (int k = 0; k < state.range(0); ++k) {
    const std::size_t line = tools.add(passive, {.port = 0}, Tool(trips));
    hosts.add({}, {.port = tools.port(line)}, acknowledge);
  }
  std::thread other([&] {
    while (!stop) tools.turn(std::chrono::milliseconds(10));
  });
  while (trips < 10 * static_cast<std::uint64_t>(state.range(0))) {
    hosts.turn(std::chrono::milliseconds(10));
  }
  const std::uint64_t before = trips;
  const double resident = resident_KiB();
  const std::clock_t began = std::clock();
  for (auto _ : state) hosts.turn(std::chrono::milliseconds(10));
  const std::uint64_t after = trips;
  const double cpu_s = static_cast<double>(std::clock() - began) / CLOCKS_PER_SEC;
  stop = true;
  other.join();
  state.counters["round_trips/s"] =
      benchmark::Counter(static_cast<double>(after - before), benchmark::Counter::kIsRate);
  state.counters["resident_MiB"] = resident / 1024;
  state.counters["growth_KiB"] = resident_KiB() - resident;  // of memory, while it ran: none
  // Both ends together: what they would reach on a core of their own.
  state.counters["round_trips/cpu_s"] = static_cast<double>(after - before) / cpu_s;
}

void SessionRoundTrips(benchmark::State& state) {
  Wire wire;
  wire.connect();
  const secs::Message report = secs::example_report(7, 20);
  for (auto _ : state) {
    static_cast<void>(wire.tool.send(report, wire.now));
    wire.move();
    acknowledge(wire.host, wire.now);
    wire.move();
    while (wire.tool.next()) {
    }
  }
  state.counters["round_trips/s"] =
      benchmark::Counter(static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
}

BENCHMARK(SocketsRoundTrips)->Arg(500)->MinTime(4)->UseRealTime();
BENCHMARK(SessionRoundTrips);

}  // namespace
}  // namespace twin::link::hsms
