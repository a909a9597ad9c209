// Which inputs, alone and together with others, make a result vary: the indices of I. M. Sobol' (Mathematical
// Modelling and Computational Experiments 1, 1993), with intervals. No design and no result is stored: sums are.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "twin/core/parallel.hpp"
#include "twin/math/statistics.hpp"
#include "twin/uq/pick_freeze.hpp"
#include "twin/uq/points.hpp"

namespace twin::uq {

struct SobolIndices {
  // Of the part of the result's variance that the inputs of a group make by themselves, and of the part in which
  // they have any share; by the replications' spread. A group of several inputs has its closed index.
  std::vector<math::Interval> first, total;  // [group]
  math::Interval mean, variance;             // of the result
  std::uint64_t evaluations = 0;
  std::uint64_t failed =
      0;  // rows of the design that were left out, as a run of theirs gave no number
};

// f is evaluated at points x (groups + 2) x replications. Estimators: first order by A. Saltelli et al. (Computer
// Physics Communications 181, 2010, table 2 b), total by M. J. W. Jansen (Computer Physics Communications 117, 1999),
// each about a middle that the first row gives. The same bits for any number of threads. core::Error for what
// PickFreeze refuses, and where fewer than two rows of a replication have a value.
template <BatchFunction F>
SobolIndices sobol_indices(const SobolStudy& study, const F& f, unsigned threads = 1) {
  const PickFreeze design(study);
  std::vector<PickFreezeSums> sums(design.pieces());
  core::for_each_member(sums.size(), threads,
                        [&](std::size_t piece) { sums[piece] = design.run(piece, f); });
  return design.indices(sums);
}

}  // namespace twin::uq
