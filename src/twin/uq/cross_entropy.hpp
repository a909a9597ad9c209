// The probability of a rare event by importance sampling that learns where the event is: the improved cross-
// entropy method (I. Papaioannou, S. Geyer and D. Straub, Reliability Engineering & System Safety 191, 2019) with
// mixtures of normals, to which the samples of all levels tell, each weighed against all proposals so far (J.-M.
// Cornuet, J.-M. Marin, A. Mira and C. Robert, Scandinavian J. Statistics 39, 2012).
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "twin/uq/adaptive_importance.hpp"

namespace twin::uq {

struct CrossEntropyOptions {
  std::size_t inputs = 0;
  std::size_t samples = 2'000;          // of a level
  std::uint64_t final_samples = 5'000;  // from which the probability is told
  std::size_t parts = 8;                // of the mixture at most; 1: a single normal
  // Coefficient of variation of a level's weights: smaller goes by smaller steps (theirs: 1.5).
  double variation = 1.0;
  double nominal = 0.1;       // share of standard normals in proposals: no weight is above 1 / it
  std::uint32_t levels = 30;  // at most
  std::uint64_t seed = 1;
  unsigned threads = 1;
};

struct CrossEntropyResult {
  RareEvent event;         // without bias, from samples of their own; evaluations are all
  double heaviest = 0.0;   // as ImportanceEstimate tells it
  NormalMixture proposal;  // the last one, with its guards
  // [level] sigma of Phi(-g / sigma), falling to 0: the event itself.
  std::vector<double> smoothing;
  // false: the levels ended before the event was known well enough; no probability is told.
  bool reached = false;
};

// A place that holds a small share of the event may be missed, as by all such methods, and the error does not know
// of it: more samples a level see more. With many inputs a level needs some 10 samples an input for each place. An
// event of very many places, or that bends in very many ways, gets a large error or is not reached. The same bits
// for any number of threads. core::Error for no inputs or levels, fewer than 100 samples or 5 an input, and
// numbers out of their range.
CrossEntropyResult cross_entropy(const LimitState& f, const CrossEntropyOptions& options);

}  // namespace twin::uq
