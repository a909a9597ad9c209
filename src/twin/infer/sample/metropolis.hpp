// Random walks that accept or refuse (N. Metropolis et al., J. Chemical Physics 21, 1953), with steps that are learnt
// (H. Haario, E. Saksman and J. Tamminen, Bernoulli 7, 2001) and second tries (DRAM: H. Haario, M. Laine, A. Mira and
// E. Saksman, Statistics and Computing 16, 2006). All chains take a step together, so that a model may work on many
// points at once.
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "twin/infer/sample/target.hpp"

namespace twin::infer {

struct MetropolisOptions {
  std::vector<std::vector<double>> starts = {};  // [chain][dimension]
  std::vector<double> step = {};                 // [dimension] deviation of a first move; none: 1
  std::size_t warmup = 1'000, draws = 1'000;     // of each chain
  std::size_t thin = 1;                          // moves for each draw that is kept
  bool learn = true;        // the covariance of moves, from all chains, in the warm-up
  bool second_try = false;  // after a refusal, a move a fifth as long
  // A cheap density that is asked first: a move that it refuses costs nothing more, one that it accepts is put
  // right by the target (delayed acceptance: J. A. Christen and C. Fox, J. Computational and Graphical Statistics
  // 14, 2005). The nearer to the target, the fewer evaluations are in vain; exact for any that is not 0 where the
  // target is not. Not with second tries.
  Target surrogate = {};
  std::uint64_t seed = 1;
};

// Exact after the warm-up, when moves are learnt no more. core::Error as check_starts says, for a surrogate of other
// dimensions or with second tries, and for steps that are not above 0.
Chains metropolis(const Target& target, const MetropolisOptions& options);

struct PcnOptions {
  std::vector<std::vector<double>> starts = {};  // [chain][dimension]
  double share = 0.2;                            // beta of a first move, at most 1
  std::size_t warmup = 1'000, draws = 1'000;
  std::size_t thin = 1;
  bool learn = true;  // beta, for a quarter of the moves to be accepted, in the warm-up
  std::uint64_t seed = 1;
};

// Preconditioned Crank-Nicolson (S. L. Cotter, G. O. Roberts, A. M. Stuart and D. White, Statistical Science 28,
// 2013): the prior is standard normal, likelihood.log_density is the likelihood alone, and what is accepted does
// not fall as dimensions are added.
Chains preconditioned_crank_nicolson(const Target& likelihood, const PcnOptions& options);

}  // namespace twin::infer
