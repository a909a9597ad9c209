// A twin experiment for smoothers over a sliding window: each observation comes at the end of a window
// of `lag` cycles, whose start is corrected by it; the window slides by one cycle. Scores as in
// infer/experiment.hpp. What published tables of iterative and variational smoothers are made of.
#pragma once
#include <Eigen/Dense>
#include <algorithm>
#include <cstdint>
#include <limits>

#include "twin/infer/experiment.hpp"
#include "twin/infer/smooth/passage.hpp"

namespace twin::infer::smooth {

// Means over the scored cycles, as Scores.
struct WindowScores {
  double rmse_a = 0.0;  // at the observation, by all up to it: the filter's
  double rmse_s = 0.0;  // `lag` cycles before it: the smoother's
  double spread = 0.0;  // of the members at the observation
  bool diverged = false;
};

// One window, as the analysis sees it.
template <HasVector M>
struct Window {
  const Members<M>& start;   // at the window's start, not yet corrected
  core::Tick end = 0;        // of the only observation
  const Eigen::VectorXd& y;  // [observation]
  std::uint32_t cycle = 0;   // names draws
};

// observe(x): [variable][member] -> [observation][member]. analyse(window, x) corrects x, [variable]
// [member] at the window's start, and answers the members (or the one estimate) at its end; anything
// not finite ends the run, which counts as diverged. lag >= 1. Before `lag` cycles have passed the
// window starts at time 0. The start's own draws are of `seed`; the truth is its member TruthMember.
template <HasVector M, class Observe, class Analyse>
WindowScores run_windowed_experiment(const M& model, const Experiment& e, std::uint32_t lag,
                                     const Noise& noise, std::uint64_t seed, Observe&& observe,
                                     Analyse&& analyse) {
  TWIN_EXPECT(e.burn_in < e.cycles && lag >= 1, e.burn_in, e.cycles, lag);
  const core::Draw hidden{.seed = seed, .member = TruthMember};
  Members<M> truth(model, e.theta, hidden, 1);
  Members<M> start(model, e.theta, {.seed = seed, .member = 0},
                   static_cast<std::size_t>(e.members));
  std::vector<Eigen::VectorXd> passed = {truth.x().col(0)};  // [cycle, modulo lag + 1][variable]
  passed.resize(lag + 1);
  WindowScores scores;
  std::uint32_t smoothed = 0;  // cycles scored in rmse_s
  for (std::uint32_t cycle = 0; cycle < e.cycles; ++cycle) {
    const core::Tick until = truth.state(0).now + e.ticks_per_cycle;
    truth.advance(until);
    const Eigen::VectorXd now = truth.x().col(0);
    passed[(cycle + 1) % (lag + 1)] = now;
    Eigen::MatrixXd y(noise.size(), 1);
    noise.draw(hidden, ObservationDraw, cycle, y);
    y += observe(Eigen::MatrixXd(now));
    const Eigen::VectorXd seen = y.col(0);
    Eigen::MatrixXd x = start.x();
    const Eigen::MatrixXd end =
        analyse(Window<M>{.start = start, .end = until, .y = seen, .cycle = cycle}, x);
    if (end.size() == 0 || !end.allFinite() || !x.allFinite()) {
      scores.rmse_a = std::numeric_limits<double>::infinity();
      break;
    }
    start.correct(x);
    const bool full = cycle + 1 >= lag;
    if (cycle >= e.burn_in) {
      scores.rmse_a += rmse_of(end, now);
      scores.spread += spread_of(end);
      if (full) {
        scores.rmse_s += rmse_of(x, passed[(cycle + 1 - lag) % (lag + 1)]);
        ++smoothed;
      }
    }
    if (full) start.advance(start.state(0).now + e.ticks_per_cycle);
  }
  const double count = e.cycles - e.burn_in;
  scores.rmse_a /= count;
  scores.spread /= count;
  scores.rmse_s /= std::max(1U, smoothed);
  scores.diverged = !(scores.rmse_a <= e.diverged_above);
  return scores;
}

}  // namespace twin::infer::smooth
