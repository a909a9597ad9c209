// The mean of an expensive model with the help of cheap ones that go up and down with it: multi-fidelity Monte Carlo
// (B. Peherstorfer, K. Willcox and M. Gunzburger, SIAM J. Scientific Computing 38, 2016).
#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "twin/math/statistics.hpp"
#include "twin/uq/points.hpp"

namespace twin::uq {

struct Fidelity {
  double cost = 1.0;         // of one evaluation, in any unit
  double deviation = 1.0;    // of what it gives
  double correlation = 1.0;  // with what the first gives
};

struct MultiFidelityPlan {
  std::vector<std::size_t> models;         // used, the first model first, by falling correlation
  std::vector<double> ratios;              // [used] evaluations for each of the first's, 1 at first
  std::vector<double> weights;             // [used] of the differences
  std::vector<std::uint64_t> evaluations;  // [used] within the budget
  double cost = 0.0;                       // of them all
  // Variance of the estimate over that of as much work with the first model alone: in the best case, without
  // rounding.
  double variance_ratio = 1.0;
};

// The choice and numbers of models with the least variance for a budget (theorem 3.4 and section 3.4). models[0]
// is the one whose mean is wanted. core::Error for no models, more than 16, a cost that is not above 0, a
// correlation beyond 1, a first one that is not 1, or a budget below two evaluations of the first.
MultiFidelityPlan multi_fidelity_plan(std::span<const Fidelity> models, double budget);

struct MultiFidelityStudy {
  std::size_t inputs = 0;
  std::vector<double> costs;  // [model]
  double budget = 0.0;        // of the estimate; the pilot comes in addition
  std::uint64_t pilot = 100;  // points at which all models are tried, for their correlations
  std::uint64_t seed = 1;
  double confidence = 0.95;
  unsigned threads = 1;
};

struct MultiFidelityMean {
  math::Interval mean;           // of the first model
  MultiFidelityPlan plan;        // by the pilot's figures
  std::vector<Fidelity> models;  // [model] as the pilot saw them
  double cost = 0.0;             // of the estimate
  std::uint64_t failed = 0;      // points that were left out, as a model gave no number there
};

// Nested points by chance: what the cheaper models see begins with what the dearer ones see. The pilot's points
// are others, so that the estimate has no bias; its error is by the spread of what each part of the points says.
// The same bits for any number of threads. core::Error as above, for a pilot of fewer than 10 points, and for a
// model that does not vary.
MultiFidelityMean multi_fidelity_mean(const MultiFidelityStudy& study,
                                      std::span<const AnyFunction> models);

}  // namespace twin::uq
