// The iterative ensemble Kalman smoother (Bocquet, Sakov, Q. J. R. Meteorol. Soc. 140, 2014): the best
// start of a window is sought by Gauss-Newton steps in the space of the members, each of which runs
// the whole ensemble through the model. With a window of one observation it is the IEnKF (Sakov,
// Oliver, Bertino 2012). Notation: ensemble/observed.hpp.
#pragma once
#include <Eigen/Dense>
#include <cstdint>
#include <optional>
#include <vector>

#include "twin/core/draw.hpp"
#include "twin/infer/ensemble/analysis.hpp"
#include "twin/infer/smooth/passage.hpp"

namespace twin::infer::smooth {

// How the sensitivity of the observations to the weights is had from the members. Transform: by the
// spread that the last step gave them. Bundle: by differences over a small fraction of it.
enum class Linearisation : std::uint8_t { Transform, Bundle };

struct Iteration {
  Linearisation linearisation = Linearisation::Transform;
  int most = 10;  // runs of the ensemble at most, at least 1
  // Converged: the root mean square of a step is below it, both of the mean's weights and of the
  // anomalies' map [prior standard deviations]. 0: all the runs are done.
  double tolerance = 1e-3;
  double bundle = 1e-4;      // the fraction, positive
  Inflation inflation = {};  // of the smoothed members at the window's start
  Rotation rotation = Rotation::None;
  // Finite-size prior (IEnKS-N): its certainty, as Scheme::certainty. Replaces tuned inflation.
  std::optional<double> certainty = {};
};

enum class Outcome : std::uint8_t {
  Converged,
  Stopped,  // the runs were used up: the last step is taken all the same
  Lost      // a member's run was no number: x is as it was
};

struct Smoothed {
  Outcome outcome = Outcome::Lost;
  int runs = 0;
  // Before each step: half the squares of what observations and prior still miss. [run]
  std::vector<double> cost;
  double last_step = 0.0;        // as Iteration::tolerance
  double prior_inflation = 1.0;  // found by the finite-size prior, of the anomalies
  Innovation innovation;         // of the first run, as a filter would have it
  // The members at the end of the window, by the last run and the linear answer to the last step, not
  // inflated and not rotated: [variable][member]; empty if the passage's is. The filter's answer.
  Eigen::MatrixXd end;
};

// Error for settings that cannot be.
void check_iteration(const Iteration& iteration);

// x: [variable][member] at the start of the window, the prior, overwritten by the smoothed members. y
// and noise: of all the window's observations, in the order of Passage::observed. occasion names the
// rotation. Errors: as observe of ensemble/observed.hpp and check_iteration. Without any observations
// x stays as it is, to the bit.
Smoothed iterate(const Iteration& iteration, const Forward& forward,
                 const Eigen::Ref<const Eigen::VectorXd>& y, const Noise& noise,
                 const core::Draw& draw, std::uint32_t occasion, Eigen::Ref<Eigen::MatrixXd> x);

}  // namespace twin::infer::smooth
