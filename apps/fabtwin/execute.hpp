// One run from the prepared model to its result, with the bar, the interrupt, and what a saved run
// needs around it. Every running command goes through here.
#pragma once
#include <atomic>
#include <functional>
#include <string>
#include <vector>

#include "apps/fabtwin/run_flags.hpp"
#include "apps/fabtwin/summary.hpp"
#include "twins/fab/simulate.hpp"

namespace apps::fabtwin {

enum class Keep : std::uint8_t { Nothing, Replications };

struct ExecuteOptions {
  std::string label = "simulate";           // of the progress bar
  const std::atomic<bool>* stop = nullptr;  // set to end early
  Keep keep = Keep::Nothing;
  std::vector<twins::fab::Replication> resume;  // from a saved run, to go on with
};

struct Executed {
  twins::fab::RunResult result;
  Effort effort;
  std::vector<twins::fab::Replication> kept;  // by their number
};

Executed execute(const Prepared& prepared, ExecuteOptions options);

// The replications that reached the end: comparisons leave the others out.
twins::fab::RunResult complete_ones(twins::fab::RunResult result);

// One run after another until told to stop; labels[i] is the bar's of prepared[i], and `take` gets
// its complete replications where there are any.
using Take = std::function<void(std::size_t, twins::fab::RunResult)>;
Effort execute_each(const std::vector<Prepared>& prepared, const std::vector<std::string>& labels,
                    const std::atomic<bool>& stop, const Take& take);

}  // namespace apps::fabtwin
