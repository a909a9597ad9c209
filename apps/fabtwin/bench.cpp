// fabtwin bench: how fast this machine runs a fab, in units of the field, the goals beside. The goals
// are those of SMT2020's HVLM (reference: a year of a full-size fab) on one quiet core.
#include <fmt/format.h>
#include <malloc.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <nlohmann/json.hpp>

#include "apps/fabtwin/commands.hpp"
#include "apps/fabtwin/files.hpp"
#include "apps/fabtwin/json.hpp"
#include "apps/fabtwin/run_flags.hpp"
#include "apps/fabtwin/table.hpp"
#include "twins/fab/any_fab.hpp"

namespace apps::fabtwin {
namespace {

using twins::fab::AnyFab;
using twins::fab::DayMs;
using twins::fab::Layout;
using twins::fab::State;
using twins::fab::Tick;

struct BenchFlags : RunFlags {
  double days = 365.0;
  std::uint32_t times = 3;
  bool json = false;
};

struct Line {
  std::string what, name, unit;
  double value = 0.0;
  int digits = 2;
  std::string goal;
};

Tick ticks(double days) { return static_cast<Tick>(days * DayMs); }

double heap_bytes() {
  const struct mallinfo2 info = ::mallinfo2();
  return static_cast<double>(info.uordblks) + static_cast<double>(info.hblkhd);
}

double seconds_of(const auto& work) {
  const auto begun = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
}

double median_seconds(std::uint32_t times, const auto& work) {
  std::vector<double> seconds;
  for (std::uint32_t i = 0; i < times; ++i) seconds.push_back(seconds_of(work));
  const auto middle = seconds.begin() + static_cast<std::ptrdiff_t>(seconds.size() / 2);
  std::ranges::nth_element(seconds, middle);
  return *middle;
}

double lot_steps(const State& x) {
  double sum = 0.0;
  for (const auto& g : x.group_tally) sum += static_cast<double>(g.lots);
  return sum;
}

// Two processes, each with one replication: what two threads are measured against.
void in_two_processes(const auto& work) {
  const pid_t child = ::fork();
  if (child == 0) {
    work(1);
    ::_exit(0);
  }
  work(0);
  if (child < 0) {
    work(1);
    return;
  }
  int status = 0;
  ::waitpid(child, &status, 0);
}

void measure_year(std::vector<Line>& lines, const AnyFab& fab, const Prepared& p,
                  const BenchFlags& flags) {
  const twin::core::Draw draw{p.run.seed, 0};
  State x;
  const double seconds = median_seconds(flags.times, [&] {
    x = fab.initial(p.theta, draw);
    fab.advance(x, p.theta, ticks(flags.days), draw);
  });
  const bool year = flags.days == 365.0;
  lines.push_back({fmt::format("{} days of the fab, one thread", flags.days), "run_seconds", "s",
                   seconds, 3, year ? "2.5, better 1.3" : ""});
  lines.push_back(
      {"events", "events_per_second", "1/s", static_cast<double>(x.events) / seconds, 0, ""});
  lines.push_back({"lot-steps", "lot_steps_per_second", "1/s", lot_steps(x) / seconds, 0, ""});
}

void measure_snapshot(std::vector<Line>& lines, const AnyFab& fab, const Prepared& p,
                      const BenchFlags& flags) {
  const twin::core::Draw draw{p.run.seed, 0};
  State x = fab.initial(p.theta, draw);
  fab.advance(x, p.theta, ticks(60.0), draw);
  const double before = heap_bytes();
  auto snapshot = std::make_unique<State>(x);
  lines.push_back(
      {"heap of the State", "state_megabytes", "MB", (heap_bytes() - before) / 1e6, 2, ""});
  lines.push_back({"snapshot into a State at hand", "snapshot_ms", "ms",
                   1e3 * median_seconds(201, [&] { *snapshot = x; }), 4, "0.1"});
  lines.push_back({"snapshot into new memory", "snapshot_new_ms", "ms",
                   1e3 * median_seconds(51, [&] { snapshot = std::make_unique<State>(x); }), 4,
                   ""});
  const double ahead = median_seconds(std::max(flags.times * 3, 9U), [&] {
    *snapshot = x;
    fab.advance(*snapshot, p.theta, x.now + ticks(7.0), draw);
  });
  lines.push_back({"seven days ahead, snapshot included", "look_ahead_ms", "ms", 1e3 * ahead, 2,
                   "45, better 25"});
}

void measure_threads(std::vector<Line>& lines, const AnyFab& fab, const Prepared& p,
                     const BenchFlags& flags) {
  twins::fab::RunOptions run = p.run;
  run.days = flags.days / 2.0;
  run.warmup_days = 0.0;
  run.replications = 2;
  const auto with_threads = [&](std::uint32_t threads) {
    run.threads = threads;
    return median_seconds(flags.times, [&] { twins::fab::run(p.layout, p.theta, run); });
  };
  const double one = with_threads(1), two = with_threads(2);
  const double processes = median_seconds(flags.times, [&] {
    in_two_processes([&](std::uint32_t member) {
      const twin::core::Draw draw{run.seed, member};
      State x = fab.initial(p.theta, draw);
      fab.advance(x, p.theta, ticks(run.days), draw);
    });
  });
  lines.push_back(
      {"two replications: two threads against one", "thread_speed_up", "x", one / two, 2, "1.9"});
  lines.push_back({"two replications: two processes against one thread", "process_speed_up", "x",
                   one / processes, 2, ""});
}

Exit bench(const BenchFlags& flags) {
  if (flags.times < 1 || flags.times > 1000)
    throw Failure(Exit::Usage, fmt::format("--times {} (must be 1 to 1000)", flags.times));
  if (!(flags.days >= 1.0 && flags.days <= 3650.0))
    throw Failure(Exit::Usage, fmt::format("--days {} (must be 1 to 3650)", flags.days));
  const double before = heap_bytes();
  const Prepared p = prepare(read_fab(flags.path), flags);
  const auto fab = twins::fab::make_fab(p.layout, p.run.rule);
  std::vector<Line> lines;
  lines.push_back(
      {"heap of the model", "model_megabytes", "MB", (heap_bytes() - before) / 1e6, 2, ""});
  measure_snapshot(lines, *fab, p, flags);
  lines.push_back({"heap of the model and one State", "heap_megabytes", "MB",
                   lines[0].value + lines[1].value, 2, "10"});
  measure_year(lines, *fab, p, flags);
  measure_threads(lines, *fab, p, flags);
  if (flags.json) {
    Json json = json_head("bench");
    json["data_set"] = json_data_set(*p.layout);
    json["rule"] = p.run.rule;
    for (const Line& line : lines)
      json["measured"][line.name] = {
          {"value", line.value}, {"unit", line.unit}, {"goal", line.goal}};
    print(json.dump(1) + "\n");
    return Exit::Ok;
  }
  Table table({"Measured", "value", "unit", "goal (HVLM)"});
  for (const Line& line : lines)
    table.row({line.what, grouped(line.value, line.digits), line.unit,
               line.goal.empty() ? "" : (line.unit == "x" ? ">= " : "<= ") + line.goal});
  print(title_of(*p.layout) + "; rule " + p.run.rule + "\n\n" + table.text() +
        fmt::format("Medians of {} runs or more, seed {}.\n", flags.times, p.run.seed));
  return Exit::Ok;
}

}  // namespace

void add_bench(Command& program) {
  const auto flags = std::make_shared<BenchFlags>();
  Command& command = program.add_command(
      "bench",
      "Measure this machine: events and lot-steps a second, snapshots, look-ahead, memory");
  add_data_set(command, flags->path);
  command.add_option("--days", flags->days, "length of the long run [day]").shows_default();
  command.add_option("--times", flags->times, "each is measured so often; the median counts")
      .shows_default();
  command.add_option("--seed", flags->run.seed, "decides every chance").shows_default();
  add_rule(command, flags->run);
  command.add_flag("--json", flags->json, "print everything as JSON");
  command.footer("Examples:\n  fabtwin bench data/example-fab");
  command.action([flags] { return bench(*flags); });
}

}  // namespace apps::fabtwin
