// Inverse problems by an ensemble, without slopes of the model: ensemble Kalman inversion (M. A. Iglesias, K. J.
// H. Law and A. M. Stuart, Inverse Problems 29, 2013) with steps by the misfit (M. A. Iglesias and Y. Yang,
// Inverse Problems 37, 2021), and the ensemble Kalman sampler (A. Garbuno-Inigo, F. Hoffmann, W. Li and A. M.
// Stuart, SIAM J. Applied Dynamical Systems 19, 2020) as affine invariant Langevin dynamics (A. Garbuno-Inigo, N.
// Nuesken and S. Reich, same).
#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "twin/infer/craft/lost_members.hpp"
#include "twin/infer/sample/target.hpp"

namespace twin::infer {

// y = G(x) + errors, independent and normal.
struct InverseProblem {
  std::size_t dimensions = 0;
  std::vector<double> y = {};      // [output]
  std::vector<double> noise = {};  // [output] standard deviation of its error
  // G of many points at once: x [member][dimension] -> g [member][output]. A run that fails gives what is not finite.
  std::function<void(std::span<const double> x, std::span<double> g)> forward = {};
  // A normal term of x itself, independent in each dimension; none where both are empty. To the Kalman inversion
  // it is Tikhonov's term (N. K. Chada, A. M. Stuart and X. T. Tong, SIAM J. Numerical Analysis 58, 2020), beside
  // the law of the members at the start; to the sampler it is the prior.
  std::vector<double> centre = {};     // [dimension]
  std::vector<double> deviation = {};  // [dimension]
};

// How members are moved by a step: each by outputs with errors of its own, as published; or mean and anomalies as the
// Kalman filter has them, without chance (G. Evensen, Ocean Dynamics 54, 2004).
enum class EnsembleUpdate : std::uint8_t { Perturbed, SquareRoot };

struct EnsembleInversionOptions {
  std::vector<double> members = {};  // [member][dimension] at the start: draws of the prior
  EnsembleUpdate update = EnsembleUpdate::Perturbed;
  // How often data count: 1 for a posterior; later, members gather where the misfit is least.
  double time = 1.0;
  std::size_t steps = 200;  // at most
  LostPolicy lost = {};     // what becomes of members whose run failed: not Climatology
  std::uint64_t seed = 1;
  unsigned threads = 1;  // runs of 64 members side by side: the model must allow it
};

struct EnsembleInversion {
  std::size_t dimensions = 0;
  std::vector<double> x;      // [member][dimension]
  std::vector<double> times;  // [step] reached
  // [step] before it, half the mean square of what is off, in deviations, summed over outputs.
  std::vector<double> misfits;
  bool arrived = false;  // at the time that was asked for
  std::uint64_t evaluations = 0, failed = 0;
  [[nodiscard]] std::vector<double> mean() const;  // [dimension]
  // [dimension][dimension] of the members, over their number - 1.
  [[nodiscard]] std::vector<double> covariance() const;
};

// Of a linear model and normal members at time 1 the posterior, but for the chance of a finite ensemble; of others
// a normal law fitted on the way. Members stay in the space that they span at the start. core::Error for outputs,
// deviations or members that are not as many as they should be or not finite, fewer than 2 members, a time that is
// not above 0, and as replace_lost() says.
EnsembleInversion ensemble_kalman_inversion(const InverseProblem& problem,
                                            const EnsembleInversionOptions& options);

enum LangevinDraw : std::uint32_t { LangevinNoise = 0xA5000051 };

// Times are those of the dynamics: near the posterior, where a member forgets where it was as exp(-time).
struct LangevinOptions {
  std::vector<double> members = {};  // [member][dimension] at the start, at least dimensions + 2
  double step = 0.5;      // at most 1, over the strength by which members pull at each other
  double warmup = 20.0;   // time before the first draw
  double interval = 1.0;  // time from draw to draw
  std::size_t draws = 200;
  std::uint64_t seed = 1;
  unsigned threads = 1;  // as above
};

// A chain for each member. A member whose run fails goes back to where it was, at the start to another member, and
// is counted; `accepted` is the share of moves whose run did not. Density: the posterior's logarithm but for a
// constant. Steps are shorter where members are far apart, so draws are taken at equal times: after equal numbers
// of steps, wide ensembles would be seen too often, however short the steps. Of a linear model the law is the
// posterior for any number of members, but for what steps of finite length leave; of others it is not: the slopes
// of the model are those of a plane through the members. core::Error as above, for a step, a time or a number of
// draws that is not above 0, for members that do not span all dimensions, a misfit beyond numbers, and where
// 10,000 steps do not lead from one draw to the next.
Chains affine_invariant_langevin(const InverseProblem& problem, const LangevinOptions& options);

}  // namespace twin::infer
