// Running a fab: replications over threads, a reading of the counters every day, pauses for saving, and the
// comparison of scenarios on common random numbers.
#pragma once
#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "twins/fab/kpi.hpp"
#include "twins/fab/layout.hpp"

namespace twins::fab {

struct RunOptions {
  double days = 730.0;
  double warmup_days = 0.0;  // figures count from here on
  std::uint32_t replications = 1;
  std::uint32_t first_replication = 0;
  std::uint64_t seed = 1;
  std::uint32_t threads = 1;
  std::string rule = "published";  // see any_fab.hpp
  bool operator==(const RunOptions&) const = default;
};

// What one day leaves behind, for plots and batch means.
struct Day {
  double day = 0.0;                       // end of the day
  double wip = 0.0;                       // [lots] at its end
  double released = 0.0, finished = 0.0;  // [lots] during it
  double cycle_days = 0.0;  // [day] sum over the lots that finished, those with an age
  double cycle_lots = 0.0;  // how many those are
  double moves = 0.0;       // [lot-steps]
  bool operator==(const Day&) const = default;

  template <class Archive>
  static void fields(Archive& a, auto& self) {
    a("day", self.day);
    a("wip", self.wip);
    a("released", self.released);
    a("finished", self.finished);
    a("cycle_days", self.cycle_days);
    a("cycle_lots", self.cycle_lots);
    a("moves", self.moves);
  }
};

// One replication, possibly under way: all that a saved run must hold.
struct Replication {
  std::uint32_t member = 0;
  State state;
  Reading start;         // at the end of the warm-up
  bool started = false;  // has the warm-up ended?
  std::vector<Day> days;
  bool operator==(const Replication&) const = default;

  template <class Archive>
  static void fields(Archive& a, auto& self) {
    a("member", self.member);
    a("state", self.state);
    a("start", self.start);
    a("started", self.started);
    a("days", self.days);
  }
};

struct ReplicationResult {
  std::uint32_t member = 0;
  Kpi kpi;
  std::vector<Day> days;
  std::vector<std::vector<std::uint64_t>> cycle_histogram;  // [lot class][bin] over the window
  std::uint64_t fingerprint = 0;                            // of the final State
  double seconds = 0.0;                                     // wall time; not part of the result
};

struct RunResult {
  RunOptions options;
  std::vector<ReplicationResult> replications;  // in the order of their numbers
  bool stopped = false;                         // by the caller, before its end
};

struct RunHooks {
  // Called from any thread with the share of the work done, in [0, 1].
  std::function<void(double)> progress;
  const std::atomic<bool>* stop = nullptr;  // set to end early; what was reached is reported
  // Called with each replication when it ends (or is stopped), before its State is dropped.
  std::function<void(const Replication&)> keep;
  // Replications to go on with, by their number (from a saved run).
  std::function<std::optional<Replication>(std::uint32_t member)> resume;
};

// Throws twin::core::Error on an unknown rule or an impossible option.
void check_options(const RunOptions& options);

RunResult run(const std::shared_ptr<const Layout>& layout, const std::vector<double>& theta,
              const RunOptions& options, const RunHooks& hooks = {});

// Mean and half-width of its 95 % confidence interval over replications (Student t).
struct Estimate {
  double mean = 0.0, half_width = 0.0, sd = 0.0;
  std::size_t n = 0;
};
Estimate estimate(const std::vector<double>& values);

// Within one replication: mean of daily cycle time by 20 batch means, warm-up left out.
Estimate batch_means_cycle(const ReplicationResult& result, double warmup_days);

}  // namespace twins::fab
