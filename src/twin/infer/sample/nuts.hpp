// Hamiltonian Monte Carlo whose paths end where they turn back: the No-U-Turn sampler (M. D. Hoffman and A. Gelman,
// J. Machine Learning Research 15, 2014) with multinomial choice along the path and the turning test of M. Betancourt
// (arXiv 1701.02434), as Stan has it.
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "twin/infer/sample/target.hpp"

namespace twin::infer {

struct NutsOptions {
  std::vector<std::vector<double>> starts = {};  // [chain][dimension]
  std::size_t warmup = 1'000, draws = 1'000;     // of each chain
  double acceptance = 0.8;   // that the step is made for: nearer to 1 is slower and surer
  std::uint32_t depth = 10;  // of a path at most 2^depth steps
  std::uint64_t seed = 1;
  unsigned threads = 1;  // chains are run side by side: the density must allow it
};

// Step and the diagonal of the metric are learnt in the warm-up (Stan's windows). The target must give slopes.
// Chains' `accepted` is the mean acceptance along their paths. core::Error as check_starts says, for a target
// without slopes and an acceptance that is none.
Chains nuts(const Target& target, const NutsOptions& options);

}  // namespace twin::infer
