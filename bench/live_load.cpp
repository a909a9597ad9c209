// The load of a big fab on a living twin, end to end: a process with 500 tools, each a GEM equipment
// on its own HSMS line, tells a generated fab's events as they fall due; the twin records, syncs,
// folds and answers them. Goal: 20,000 events/s durable and acknowledged, p99 of the latency from
// falling due to S6F12 at most 50 ms, on 2 cores with both ends on them.
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <deque>
#include <filesystem>
#include <fstream>
#include <memory>
#include <span>
#include <thread>

#include "apps/fabtwin/serve/descriptors.hpp"
#include "apps/fabtwin/serve/living.hpp"
#include "apps/fabtwin/serve/secs_lines.hpp"
#include "apps/plant/arrival.hpp"
#include "apps/plant/fab.hpp"
#include "apps/plant/source.hpp"
#include "apps/plant/tool_class.hpp"
#include "twin/link/gem/equipment.hpp"
#include "twin/link/gem/over_hsms.hpp"
#include "twin/record/committer.hpp"
#include "twin/record/file_disk.hpp"
#include "twins/fab/generate.hpp"

namespace {

using namespace apps;
using namespace std::chrono_literals;
using fabtwin::serve::Living;
using fabtwin::serve::SecsLines;
using twin::core::Tick;
namespace gem = twin::link::gem;
namespace hsms = twin::link::hsms;
namespace secs = twin::link::secs;

constexpr std::size_t ToolsMax = 2'000;
constexpr std::size_t Bins = 1'000'000;  // of 10 us

std::int64_t now_us() {
  return std::chrono::duration_cast<std::chrono::microseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}
Tick line_ms() { return now_us() / 1'000; }

double cpu_seconds() {
  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec);
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}
double resident_mb() {
  std::ifstream in("/proc/self/statm");
  long total = 0, resident = 0;
  in >> total >> resident;
  return static_cast<double>(resident * ::sysconf(_SC_PAGESIZE)) / 1e6;
}
std::size_t descriptors() {
  std::size_t n = 0;
  for ([[maybe_unused]] const auto& fd : std::filesystem::directory_iterator("/proc/self/fd")) ++n;
  return n;
}

// What the two processes share.
struct Shared {
  std::atomic<bool> listening{false}, over{false};
  std::atomic<std::int64_t> begun_us{0};  // 0: not yet
  std::atomic<std::uint64_t> told{0}, acknowledged{0};
  std::atomic<std::int64_t> last_us{0};  // of the last acknowledgement
  std::uint16_t ports[ToolsMax] = {};
  double cpu_s = 0.0;
  std::uint32_t latency[Bins] = {};
};

struct Load {
  std::shared_ptr<const twins::fab::Layout> layout;
  std::unique_ptr<plant::Fab> fab;
  std::unique_ptr<plant::Sources> sources;
  std::vector<plant::Message> messages;  // in order of time, the MES's too
  std::uint64_t of_tools = 0;
  double speed = 1.0;  // fab milliseconds a real millisecond
  std::int64_t made_us = now_us();

  [[nodiscard]] std::int64_t due_us(Tick at) const {
    return static_cast<std::int64_t>(static_cast<double>(at) * 1e3 / speed);
  }
  // Before the load begins, time passes as it does for us, towards time zero.
  [[nodiscard]] Tick early(std::int64_t now) const { return (now - made_us) / 1'000 - 600'000; }
  [[nodiscard]] Tick at(std::int64_t us) const {
    return static_cast<Tick>(static_cast<double>(us) * speed / 1e3);
  }
};

Load make_load(double rate, double seconds) {
  Load load;
  load.layout =
      twins::fab::compile(twins::fab::generate({.tools = 560, .wip_flow_factor = 1.5, .seed = 3}));
  load.fab = std::make_unique<plant::Fab>(load.layout, plant::FabOptions{.seed = 3});
  load.sources = std::make_unique<plant::Sources>(*load.layout, plant::SourceOptions{.seed = 3});
  const auto wanted = static_cast<std::uint64_t>(rate * seconds);
  while (load.of_tools < wanted) {
    const std::size_t from = load.messages.size();
    load.fab->advance(load.fab->now() + 3'600'000, [&](std::span<const twin::event::Event> events) {
      for (const auto& e : events) load.sources->tell(e, load.messages);
    });
    for (std::size_t k = from; k < load.messages.size(); ++k) {
      load.of_tools += load.messages[k].source != load.sources->mes() ? 1U : 0U;
    }
  }
  load.speed =
      static_cast<double>(load.fab->now()) / (static_cast<double>(load.of_tools) / rate * 1e3);
  return load;
}

// --- the tools ---

struct Tool {
  Tool(const gem::EquipmentModel& model, std::function<Tick()> plant_time)
      : equipment(model, {.window = 8, .spool_max = 1'000'000, .waiting_max = 1'000'000}),
        time(std::move(plant_time)) {}
  void selected(Tick) { equipment.selected(time()); }
  void lost(Tick) { equipment.lost(time()); }
  void received(const secs::Message& m, Tick) { equipment.received(m, time()); }
  void failed(std::uint32_t system, Tick) { equipment.failed(system, time()); }
  void tick(Tick) { equipment.tick(time()); }
  template <class Send>
  void flush(Send&& send) {
    equipment.flush(send);
  }
  gem::Equipment equipment;
  std::function<Tick()> time;
  std::uint64_t seen = 0;           // acknowledgements
  std::deque<std::int64_t> due_us;  // of what is not acknowledged, by when it was told
};

int run_tools(Load& load, Shared& shared) {
  const gem::EquipmentModel model(
      twin::link::tool::read_description(plant::tool_class_text(), "tools.toml"));
  const twin::link::tool::Telling telling(model.description);
  plant::Arrivals arrivals(*load.sources, load.fab->names());
  const Tick zero = load.sources->time_zero_ms();
  const auto plant_time = [&] {
    const std::int64_t begun = shared.begun_us;
    return zero + (begun == 0 ? load.early(now_us()) : load.at(now_us() - begun));
  };
  hsms::Sockets sockets(line_ms);
  std::vector<std::unique_ptr<Tool>> tools;
  for (std::uint32_t s = 0; s < load.sources->mes(); ++s) {
    tools.push_back(std::make_unique<Tool>(model, plant_time));
    hsms::Options session{.role = hsms::Role::Passive,
                          .side = hsms::Side::Equipment,
                          .tool = load.sources->name(s).substr(5)};
    session.pace = hsms::Pace::Together;
    session.first_system = s * 1'000'003U + 1U;
    Tool* tool = tools.back().get();
    sockets.add(session, {.port = 0}, [&shared, tool](hsms::Session& with, Tick now) {
      gem::exchange(*tool, with, now);
      const std::uint64_t acknowledged = tool->equipment.counts().acknowledged;
      const std::int64_t at = tool->seen < acknowledged ? now_us() - shared.begun_us : 0;
      for (; tool->seen < acknowledged && !tool->due_us.empty(); ++tool->seen) {
        const auto bin = static_cast<std::size_t>((at - tool->due_us.front()) / 10);
        ++shared.latency[std::min(bin, Bins - 1)];
        tool->due_us.pop_front();
        ++shared.acknowledged;
        shared.last_us = at;
      }
      tool->seen = acknowledged;
      return std::min(with.deadline(), now + 1'000);
    });
    shared.ports[s] = sockets.port(s);
  }
  shared.listening = true;
  std::size_t next = 0;
  double cpu_before = 0.0;
  while (!shared.over) {
    sockets.turn(1ms);
    const std::int64_t begun = shared.begun_us;
    if (begun == 0) continue;
    if (next == 0) cpu_before = cpu_seconds();
    const std::int64_t now = now_us() - begun;
    for (; next < load.messages.size() && load.due_us(load.messages[next].at) <= now; ++next) {
      const plant::Message& m = load.messages[next];
      if (m.source == load.sources->mes()) continue;
      Tool& tool = *tools[m.source];
      const auto a = arrivals.arrival(m, m.at);
      const auto saying = telling.say(a.events.front(), arrivals.names());
      if (!saying || !tool.equipment.tell(*saying, plant_time(),
                                          {.counter = m.seq, .epoch = m.epoch, .clock = m.clock})) {
        fmt::print(stderr, "a report could not be told\n");
        return 1;
      }
      tool.due_us.push_back(load.due_us(m.at));
      ++shared.told;
      sockets.wake(m.source);
    }
    shared.cpu_s = cpu_seconds() - cpu_before;
  }
  return 0;
}

// --- the twin ---

int run_twin(Load& load, Shared& shared, const std::filesystem::path& folder) {
  const Tick zero = load.sources->time_zero_ms();
  const auto site_time = [&] {
    const std::int64_t begun = shared.begun_us;
    return zero + (begun == 0 ? load.early(now_us()) : load.at(now_us() - begun));
  };
  fabtwin::serve::Site site;
  site.name = "load";
  site.record = folder / "record";
  site.time_zero_ms = zero;
  site.speed = load.speed;
  site.watermark_ms = static_cast<Tick>(load.speed * 250.0);
  site.snapshot_every_ms = static_cast<Tick>(load.speed * 60'000.0);
  site.stale_after_ms = static_cast<Tick>(load.speed * 60'000.0);
  twin::record::FileDisk disk;
  Living living(disk, site, load.layout, site_time());
  std::atomic<bool> broken{false};
  twin::record::Committer committer(living.journal(),
                                    [&](twin::record::Committed committed, std::uint64_t) {
                                      if (committed == twin::record::Committed::Broken)
                                        broken = true;
                                    });
  SecsLines::Options options{.description = plant::tool_class_text(),
                             .file = "tools.toml",
                             .line_time = line_ms,
                             .site_time = site_time,
                             .speed = load.speed};
  for (std::uint32_t s = 0; s < load.sources->mes(); ++s) {
    options.tools.push_back({.name = load.sources->name(s).substr(5),
                             .address = {.host = "127.0.0.1", .port = shared.ports[s]}});
  }
  SecsLines lines(living.door(), std::move(options));
  plant::Arrivals mes(*load.sources, load.fab->names());
  const auto turn = [&] {
    lines.turn(5ms);
    if (living.journal().size() > living.journal().durable()) committer.poke();
    living.answer();
  };
  const std::int64_t connecting = now_us();
  while (lines.running() < lines.lines() && now_us() - connecting < 60'000'000) {
    for (int k = 0; k < 100; ++k) turn();
  }
  fmt::print("{} of {} lines run after {:.1f} s\n", lines.running(), lines.lines(),
             1e-6 * static_cast<double>(now_us() - connecting));
  const double cpu_before = cpu_seconds();
  const std::uint64_t syncs_before = living.journal().syncs();
  shared.begun_us = now_us();
  std::size_t next = 0;
  std::int64_t beat = 0, second = 0, longest = 0, last = 0;
  std::uint64_t seen = 0;
  while (!broken && shared.acknowledged < load.of_tools) {
    turn();
    const std::int64_t now = now_us() - shared.begun_us;
    for (; next < load.messages.size() && load.due_us(load.messages[next].at) <= now; ++next) {
      const plant::Message& m = load.messages[next];
      if (m.source != load.sources->mes()) continue;
      living.door().take(mes.arrival(m, m.at), mes.names(), [](twin::link::Taken) {});
    }
    if (now >= beat) {
      living.pass(site_time());
      beat = now + 200'000;
    }
    longest = std::max(longest, now - last);
    last = now;
    if (now >= second) {
      const std::uint64_t all = shared.acknowledged;
      fmt::print(
          "{:5.1f} s  {:8} told  {:8} acknowledged  {:6}/s  {:6.0f} MB  {} descriptors  "
          "longest turn {:.1f} ms\n",
          1e-6 * static_cast<double>(now), shared.told.load(), all, all - seen, resident_mb(),
          descriptors(), 1e-3 * static_cast<double>(longest));
      std::fflush(stdout);
      seen = all;
      longest = 0;
      second += 1'000'000;
    }
    if (now > 120'000'000) break;
  }
  shared.over = true;
  const double lasted = 1e-6 * static_cast<double>(shared.last_us);
  const double twin_s = cpu_seconds() - cpu_before;
  const std::uint64_t all = shared.acknowledged;
  const auto quantile = [&](double p) {
    const auto rank = static_cast<std::uint64_t>(p * static_cast<double>(all));
    std::uint64_t below = 0;
    for (std::size_t k = 0; k < Bins; ++k) {
      below += shared.latency[k];
      if (below > rank || below == all) return static_cast<double>(k + 1) * 0.01;
    }
    return 0.0;
  };
  const auto& counts = living.door().counts();
  fmt::print("{} of {} reports acknowledged in {:.2f} s: {:.0f} events/s (and {} of the MES)\n",
             all, load.of_tools, lasted, static_cast<double>(all) / lasted,
             load.messages.size() - load.of_tools);
  fmt::print("latency p50 {:.2f} ms, p99 {:.2f} ms, p99.9 {:.2f} ms, max {:.2f} ms\n",
             quantile(0.5), quantile(0.99), quantile(0.999), quantile(1.0));
  fmt::print("CPU: the twin {:.2f} s, the tools {:.2f} s of {:.2f} s on {} cores; {} syncs\n",
             twin_s, shared.cpu_s, lasted, std::thread::hardware_concurrency(),
             living.journal().syncs() - syncs_before);
  fmt::print("door: {} accepted, {} duplicates, {} quarantined, {} refused; fold: {} late\n",
             counts.accepted, counts.duplicates, counts.quarantined, counts.refused,
             living.picture(site_time()).late);
  return broken || all < load.of_tools ? 1 : 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2 && argc != 4) {
    fmt::print(stderr, "usage: fabtwin_live_load FOLDER [EVENTS_PER_SECOND SECONDS]\n");
    return 2;
  }
  fabtwin::serve::allow_descriptors();
  Load load =
      make_load(argc == 4 ? std::atof(argv[2]) : 20'000.0, argc == 4 ? std::atof(argv[3]) : 20.0);
  fmt::print("{} tools, {} reports of {:.1f} days of the fab, {:.0f} times as fast\n",
             load.sources->mes(), load.of_tools, static_cast<double>(load.fab->now()) / 86.4e6,
             load.speed);
  std::fflush(stdout);
  void* memory =
      ::mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return 1;
  auto& shared = *new (memory) Shared;
  const pid_t child = ::fork();
  if (child == 0) ::_exit(run_tools(load, shared));
  if (child < 0) return 1;
  while (!shared.listening) std::this_thread::sleep_for(1ms);
  const int result = run_twin(load, shared, argv[1]);
  int status = 0;
  ::waitpid(child, &status, 0);
  return result != 0 || status != 0 ? 1 : 0;
}
