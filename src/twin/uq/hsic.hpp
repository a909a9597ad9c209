// Whether a result depends on an input in any way, from any sample of both, as it was recorded: the Hilbert-Schmidt
// independence criterion (A. Gretton, O. Bousquet, A. Smola and B. Schoelkopf, Algorithmic Learning Theory 2005; for
// sensitivities S. Da Veiga, J. Statistical Computation and Simulation 85, 2015).
#pragma once
#include <cstdint>
#include <span>

namespace twin::uq {

struct Dependence {
  double hsic = 0.0;         // biased estimate (V-statistic)
  double share = 0.0;        // R2-HSIC: over the root of both with themselves, 0 to 1
  double probability = 1.0;  // p-value: of as much dependence or more without any, by permutations
};

struct DependenceOptions {
  std::uint32_t permutations = 199;  // 0: no p-value
  std::uint64_t seed = 1;
  unsigned threads = 1;
};

// Gaussian kernels as wide as each sample's standard deviation. n^2 operations a permutation, n^2 numbers of
// memory. core::Error for samples of different sizes, fewer than 4 or more than 20,000 points, what is not finite,
// and what does not vary.
Dependence dependence(std::span<const double> x, std::span<const double> y,
                      const DependenceOptions& options = {});

}  // namespace twin::uq
