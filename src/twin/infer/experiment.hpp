// A twin experiment: a hidden truth is run, observed with noise and estimated from the observations
// alone; then the estimate is scored against it. What published filter tables are made of.
#pragma once
#include <Eigen/Dense>
#include <cmath>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "twin/core/draw.hpp"
#include "twin/core/expect.hpp"
#include "twin/core/model.hpp"
#include "twin/infer/noise.hpp"

namespace twin::infer {

// A model whose State shows as one row of numbers what a filter may correct, always of one size.
template <class M>
concept HasVector = core::Model<M> && requires(typename M::State& x) {
  { M::vector(x) } -> std::same_as<std::span<double>>;
};

struct Experiment {
  Eigen::Index members = 0;
  core::Tick ticks_per_cycle = 1;
  std::uint32_t cycles = 0;
  std::uint32_t burn_in = 0;    // [cycles] not scored
  double diverged_above = 0.0;  // a run whose mean rmse_a is above this (or no number) is lost
  std::vector<double> theta;    // [parameter] of the truth and of all members
};

// Means over the scored cycles of figures of one cycle, those being roots of means over variables.
struct Scores {
  double rmse_f = 0.0;  // of the forecast mean
  double rmse_a = 0.0;  // of the analysis mean
  double spread = 0.0;  // of the analysis members: their standard deviation
  bool diverged = false;
};

inline constexpr std::uint32_t TruthMember = 0xFFFF0000;  // no ensemble is so large
inline constexpr std::uint32_t ObservationDraw = 0xA5000003;

// The root of the mean square of what x's mean misses of the truth. x: [variable][member].
inline double rmse_of(const Eigen::MatrixXd& x, const Eigen::VectorXd& truth) {
  return (x.rowwise().mean() - truth).norm() / std::sqrt(static_cast<double>(truth.size()));
}

// The root of the mean variance of the members; a single one has none. x: [variable][member].
inline double spread_of(const Eigen::MatrixXd& x) {
  if (x.cols() < 2) return 0.0;
  const double squares = (x.colwise() - x.rowwise().mean().eval()).squaredNorm();
  return std::sqrt(squares / static_cast<double>(x.rows() * (x.cols() - 1)));
}

// observe(x): [variable][member] -> [observation][member]. analyse(hx, y, occasion, x) corrects x.
// The truth is the model's member TruthMember of this seed; both start by the model's own initial.
// A run that is no number any more ends there and counts as diverged.
template <HasVector M, class Observe, class Analyse>
Scores run_experiment(const M& model, const Experiment& e, const Noise& noise, std::uint64_t seed,
                      Observe&& observe, Analyse&& analyse) {
  TWIN_EXPECT(e.burn_in < e.cycles, e.burn_in, e.cycles);
  const core::Draw hidden{.seed = seed, .member = TruthMember};
  const auto draw_of = [seed](Eigen::Index i) {
    return core::Draw{.seed = seed, .member = static_cast<std::uint32_t>(i)};
  };
  auto truth = model.initial(e.theta, hidden);
  std::vector<typename M::State> states;
  for (Eigen::Index i = 0; i < e.members; ++i) states.push_back(model.initial(e.theta, draw_of(i)));
  const auto size = static_cast<Eigen::Index>(M::vector(truth).size());
  Eigen::MatrixXd x(size, e.members);
  Eigen::MatrixXd y;
  Scores scores;
  for (std::uint32_t cycle = 0; cycle < e.cycles; ++cycle) {
    const core::Tick until = truth.now + e.ticks_per_cycle;
    model.advance(truth, e.theta, until, hidden);
    for (Eigen::Index i = 0; i < e.members; ++i) {
      auto& state = states[static_cast<std::size_t>(i)];
      model.advance(state, e.theta, until, draw_of(i));
      x.col(i) = Eigen::Map<const Eigen::VectorXd>(M::vector(state).data(), size);
    }
    const Eigen::Map<const Eigen::VectorXd> hidden_x(M::vector(truth).data(), size);
    if (!x.allFinite()) {
      scores.rmse_a = scores.rmse_f = std::numeric_limits<double>::infinity();
      break;
    }
    const bool scored = cycle >= e.burn_in;
    if (scored) scores.rmse_f += rmse_of(x, hidden_x);
    const Eigen::MatrixXd shown = observe(Eigen::MatrixXd(hidden_x));
    y.resize(shown.rows(), 1);
    noise.draw(hidden, ObservationDraw, cycle, y);
    y += shown;
    analyse(observe(x), Eigen::VectorXd(y), cycle, x);
    if (scored) {
      scores.rmse_a += rmse_of(x, hidden_x);
      scores.spread += spread_of(x);
    }
    for (Eigen::Index i = 0; i < e.members; ++i) {
      auto& state = states[static_cast<std::size_t>(i)];
      Eigen::Map<Eigen::VectorXd>(M::vector(state).data(), size) = x.col(i);
    }
  }
  const double count = e.cycles - e.burn_in;
  scores.rmse_f /= count;
  scores.rmse_a /= count;
  scores.spread /= count;
  scores.diverged = !(scores.rmse_a <= e.diverged_above);
  return scores;
}

}  // namespace twin::infer
