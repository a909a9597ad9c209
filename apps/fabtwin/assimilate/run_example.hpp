// A run of one method on Lorenz-63 or Lorenz-96 from a text, for tests that hold it against the engine's
// own runners: to the bit, for any number of threads.
#pragma once
#include <string>

#include "apps/fabtwin/assimilate/run.hpp"
#include "apps/fabtwin/assimilate/score_table.hpp"
#include "twin/infer/experiment.hpp"
#include "twins/toys/lorenz63.hpp"
#include "twins/toys/lorenz96.hpp"

namespace apps::fabtwin::assimilate::example {

inline constexpr std::uint32_t Cycles = 40, BurnIn = 10;
inline constexpr std::uint64_t Seed = 3000;

inline const std::string Head = "cycles = 40\nburn_in = 10\nfirst_seed = 3000\n";
// All observed, each 0.05, errors of variance 1.
inline const std::string Lorenz96 = Head + "[model]\nname = \"lorenz96\"\n[[method]]\n";
// All observed, each 0.25, errors of variance 2.
inline const std::string Lorenz63 = Head +
                                    "[model]\nname = \"lorenz63\"\n[observations]\ninterval = 25\n"
                                    "variance = 2.0\n[[method]]\n";

inline twin::infer::Experiment lorenz96(Eigen::Index members) {
  return {.members = members,
          .ticks_per_cycle = 1,
          .cycles = Cycles,
          .burn_in = BurnIn,
          .diverged_above = 1e9,
          .theta = {8.0}};
}

inline twin::infer::Experiment lorenz63(Eigen::Index members) {
  return {.members = members,
          .ticks_per_cycle = 25,
          .cycles = Cycles,
          .burn_in = BurnIn,
          .diverged_above = 1e9,
          .theta = {10.0, 28.0, 8.0 / 3.0}};
}

inline const auto Everything = [](const Eigen::MatrixXd& x) { return x; };

// The only run of the text's only method.
inline RunScores run_once(const std::string& text, unsigned threads = 1) {
  const Experiment e = read_experiment(text, "x.toml", {});
  return std::move(run(e, {.threads = threads})[0][0]);
}

// All that a table has but the time.
inline std::string table_of(const std::string& text, unsigned threads) {
  const Experiment e = read_experiment(text, "x.toml", {});
  auto summaries = summarise(e, run(e, {.threads = threads}));
  for (Summary& s : summaries) s.cycle_ms = 0.0;
  return score_csv(summaries);
}

// Empty where the run is the same with 2, 3 and 7 threads as with one.
inline std::string thread_difference(const std::string& text) {
  const std::string one = table_of(text, 1);
  for (const unsigned threads : {2U, 3U, 7U}) {
    const std::string other = table_of(text, threads);
    if (other != one) return one + other;
  }
  return {};
}

}  // namespace apps::fabtwin::assimilate::example
