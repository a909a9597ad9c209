// Twin experiments from a file: every method with every seed against the same hidden truths, scored.
// Results are equal to the bit for any number of threads; the time they took is not.
#pragma once
#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "apps/fabtwin/assimilate/methods.hpp"
#include "apps/fabtwin/assimilate/models.hpp"
#include "apps/fabtwin/assimilate/network.hpp"
#include "twin/math/statistics.hpp"
#include "twin/score/innovation.hpp"
#include "twin/score/rank_histogram.hpp"
#include "twin/score/spread_skill.hpp"

namespace apps::fabtwin::assimilate {

// What the command line says instead of the file.
struct Overrides {
  std::optional<std::uint32_t> seeds, cycles, burn_in;
  std::optional<std::uint64_t> first_seed;
};

struct Experiment {
  std::string name;
  std::unique_ptr<Subject> subject;
  std::unique_ptr<Network> network;
  std::vector<Method> methods;
  std::uint32_t seeds = 1, cycles = 0, burn_in = 0;
  std::uint64_t first_seed = 1;
  double diverged_above = 0.0;  // a run whose mean rmse of the analysis is above it is lost
};

std::span<const Key> experiment_keys();

// twin::core::Error with file and line for all that is wrong.
Experiment read_experiment(std::string_view text, const std::string& file,
                           const Overrides& overrides);

// One run of one method. Means are over the scored cycles; what spreads over variables is taken of
// every `stride`-th of them, about 50.
struct RunScores {
  double rmse_f = 0.0, rmse_a = 0.0;  // root mean square error of the mean: forecast, analysis
  double spread = 0.0;                // of the analysis: root of the mean variance
  double crps = 0.0;                  // of the analysis
  bool diverged = false;
  twin::score::SpreadSkill spread_skill;    // of the analysis
  twin::score::RankHistogram ranks;         // of the truth among the analysis members, one a cycle
  twin::score::InnovationCheck innovation;  // against H P H^T + R of the whole ensemble
  double seconds = 0.0;                     // [s] wall
  bool done = false;                        // not stopped before its end
};

struct RunOptions {
  unsigned threads = 1;
  const std::atomic<bool>* stop = nullptr;
  std::function<void(double)> progress = {};  // share done, from any thread
};

// [method][seed]; what was not run for a stop is not done.
using Results = std::vector<std::vector<RunScores>>;
Results run(const Experiment& experiment, const RunOptions& options);

// One method over its seeds: means over the runs that were not lost.
struct Summary {
  std::string label, method;
  Eigen::Index members = 0;
  std::uint32_t runs = 0, diverged = 0;
  twin::math::Moments rmse_f, rmse_a, spread, crps;
  std::optional<double> spread_skill;  // nothing: no run to take it from
  std::optional<double> flat_p;  // that ranks are as unequal as these if the ensemble is right
  std::optional<twin::score::InnovationAnswer> innovation;
  double cycle_ms = 0.0;  // [ms] wall, of all runs
};
std::vector<Summary> summarise(const Experiment& experiment, const Results& results);

}  // namespace apps::fabtwin::assimilate
