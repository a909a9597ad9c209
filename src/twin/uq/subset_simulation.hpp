// The probability of a rare event as a product of probabilities that are not rare: each level is reached from
// samples of the one before (S.-K. Au and J. L. Beck, Probabilistic Engineering Mechanics 16, 2001), by moves that
// keep the standard normal law whatever the number of inputs (I. Papaioannou, W. Betz, K. Zwirglmaier and D.
// Straub, Probabilistic Engineering Mechanics 41, 2015).
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "twin/uq/limit_state.hpp"

namespace twin::uq {

struct SubsetOptions {
  std::size_t inputs = 0;
  std::size_t samples = 2'000;  // of a level
  double share = 0.1;           // of the samples that reach the next one
  std::uint32_t levels = 30;  // at most: then the probability is told to be below what was reached
  std::uint32_t runs = 10;    // independent ones: their spread is the error that is told
  // Inputs whose neighbours have nothing to do with each other, such as what chooses a chance: a move leaves such
  // a one as it is, or draws it anew. Several, each of a part of the chance, let samples come nearer the event.
  std::vector<std::size_t> rough = {};
  std::uint64_t seed = 1;
  unsigned threads = 1;
};

struct SubsetResult {
  RareEvent event;                 // mean over the runs, with its standard error
  std::vector<double> of_run;      // [run] probability
  std::vector<double> thresholds;  // [level] of the first run: g's, falling to 0
  bool reached = true;             // false: a run came to its last level without the event
};

// A run is biased by the order of the square of its own coefficient of variation (Au and Beck, section 5.1),
// mostly upward: some percent with 2,000 samples. More samples lower it, more runs do not. core::Error for no
// inputs, rough ones that are none, a share that leaves no whole number of seeds or of steps, fewer than two runs.
SubsetResult subset_simulation(const LimitState& f, const SubsetOptions& options);

}  // namespace twin::uq
