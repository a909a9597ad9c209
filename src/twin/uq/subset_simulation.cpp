#include "twin/uq/subset_simulation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "twin/core/error.hpp"
#include "twin/math/batch.hpp"
#include "twin/math/elementary.hpp"
#include "twin/math/statistics.hpp"

namespace twin::uq {
namespace {

using core::Draw;
using core::Error;
using Samples = std::vector<std::vector<double>>;  // [input][sample]

constexpr double AcceptedWanted = 0.44;  // of the moves: best for one direction at a time

struct Level {
  Samples u;
  std::vector<double> g;
};

// In which of a move's draws a rough input is told whether it is drawn anew: beyond all inputs.
constexpr std::uint32_t AnewOf = 0x8000'0000U;

struct Run {
  double probability = 1.0;
  std::uint64_t evaluations = 0, failed = 0;
  std::vector<double> thresholds;
  bool reached = false;
};

// From the seeds, all with g <= threshold, to as many samples of the law beyond it.
void walk(const LimitState& f, const SubsetOptions& o, const Draw& draw, std::uint32_t level,
          double threshold, const std::vector<std::size_t>& seeds, double& scale, Level& x,
          Run& run) {
  const std::size_t chains = seeds.size(), steps = o.samples / chains;
  Level next;
  next.u.assign(o.inputs, std::vector<double>(o.samples));
  next.g.resize(o.samples);
  std::vector<double> spread(o.inputs);
  for (std::size_t i = 0; i < o.inputs; ++i) {
    math::Moments m;
    for (std::size_t c = 0; c < chains; ++c) {
      next.u[i][c] = x.u[i][seeds[c]];
      m.add(next.u[i][c]);
    }
    spread[i] = m.deviation();
  }
  for (std::size_t c = 0; c < chains; ++c) next.g[c] = x.g[seeds[c]];
  Samples tried(o.inputs, std::vector<double>(chains));
  std::vector<double> anew(chains);
  for (std::size_t step = 1; step < steps; ++step) {
    const std::size_t from = (step - 1) * chains, to = step * chains;
    for (std::size_t i = 0; i < o.inputs; ++i) {
      const double s = std::min(1.0, scale * spread[i]), r = std::sqrt(1 - s * s);
      math::normals(draw, 1 + level, static_cast<std::uint32_t>(i),
                    static_cast<std::uint32_t>(step), tried[i]);
      if (std::ranges::find(o.rough, i) != o.rough.end()) {
        math::uniforms(draw, 1 + level, AnewOf + static_cast<std::uint32_t>(i),
                       static_cast<std::uint32_t>(step), anew);
        for (std::size_t c = 0; c < chains; ++c)
          if (anew[c] >= s) tried[i][c] = next.u[i][from + c];
        continue;
      }
      for (std::size_t c = 0; c < chains; ++c)
        tried[i][c] = r * next.u[i][from + c] + s * tried[i][c];
    }
    const Asked asked = ask(f, tried, o.threads);
    run.evaluations += chains;
    run.failed += asked.failed;
    std::size_t accepted = 0;
    for (std::size_t c = 0; c < chains; ++c) {
      const bool goes = asked.g[c] <= threshold;
      accepted += goes ? 1U : 0U;
      next.g[to + c] = goes ? asked.g[c] : next.g[from + c];
      for (std::size_t i = 0; i < o.inputs; ++i)
        next.u[i][to + c] = goes ? tried[i][c] : next.u[i][from + c];
    }
    // Smaller moves where too few are accepted, by less and less.
    const double share = static_cast<double>(accepted) / static_cast<double>(chains);
    scale *= math::exp((share - AcceptedWanted) / std::sqrt(static_cast<double>(step)));
    scale = std::clamp(scale, 1e-3, 1e3);
  }
  x = std::move(next);
}

Run one_run(const LimitState& f, const SubsetOptions& o, std::uint32_t number) {
  // Samples are members; runs are told apart by the seed.
  const Draw draw{o.seed ^ (std::uint64_t{number} * 0x9E3779B97F4A7C15U), 0};
  const auto chains =
      static_cast<std::size_t>(std::llround(static_cast<double>(o.samples) * o.share));
  Run run;
  Level x;
  x.u.assign(o.inputs, std::vector<double>(o.samples));
  for (std::size_t i = 0; i < o.inputs; ++i)
    math::normals(draw, 0, static_cast<std::uint32_t>(i), 0, x.u[i]);
  Asked first = ask(f, x.u, o.threads);
  x.g = std::move(first.g);
  run.evaluations = o.samples;
  run.failed = first.failed;
  double scale = 0.6;  // of the moves: what Papaioannou et al. begin with
  for (std::uint32_t level = 0;; ++level) {
    const auto met =
        static_cast<std::size_t>(std::ranges::count_if(x.g, [](double g) { return g <= 0.0; }));
    std::vector<std::size_t> order(o.samples);
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, {}, [&](std::size_t k) { return x.g[k]; });
    if (met >= chains || level + 1 >= o.levels) {
      run.thresholds.push_back(0.0);
      run.probability *= static_cast<double>(met) / static_cast<double>(o.samples);
      run.reached = met > 0;
      return run;
    }
    const double threshold = x.g[order[chains - 1]];
    run.thresholds.push_back(threshold);
    // Where g is flat, more than the wanted share may reach the level.
    const auto below = static_cast<std::size_t>(
        std::ranges::count_if(x.g, [&](double g) { return g <= threshold; }));
    run.probability *= static_cast<double>(below) / static_cast<double>(o.samples);
    std::vector<std::size_t> seeds(order.begin(),
                                   order.begin() + static_cast<std::ptrdiff_t>(chains));
    walk(f, o, draw, level, threshold, seeds, scale, x, run);
  }
}

}  // namespace

SubsetResult subset_simulation(const LimitState& f, const SubsetOptions& o) {
  if (o.inputs == 0) throw Error("a rare event of no inputs");
  const double chains = static_cast<double>(o.samples) * o.share;
  if (!(o.share > 0.0 && o.share <= 0.5) || std::abs(chains - std::round(chains)) > 1e-9 ||
      std::round(chains) < 2 || o.samples % static_cast<std::size_t>(std::llround(chains)) != 0)
    throw Error(
        fmt::format("{} samples of which {} go on (whole numbers of seeds, and of steps from each, "
                    "such as 2000 and 0.1)",
                    o.samples, o.share));
  for (const std::size_t i : o.rough)
    if (i >= o.inputs) throw Error(fmt::format("rough input {} of {}", i, o.inputs));
  if (o.runs < 2) throw Error(fmt::format("{} runs (at least 2: an error needs a spread)", o.runs));
  SubsetResult result;
  math::Moments probability;
  for (std::uint32_t r = 0; r < o.runs; ++r) {
    Run run = one_run(f, o, r);
    probability.add(run.probability);
    result.of_run.push_back(run.probability);
    result.event.evaluations += run.evaluations;
    result.event.failed += run.failed;
    result.reached = result.reached && run.reached;
    if (r == 0) result.thresholds = std::move(run.thresholds);
  }
  result.event.probability = probability.mean();
  result.event.standard_error = probability.deviation() / std::sqrt(static_cast<double>(o.runs));
  return result;
}

}  // namespace twin::uq
