// Weights of particles as logarithms that are not normalised: a likelihood of 1e-400 is no zero, and
// their mean keeps the evidence of all that was observed. Sums run along a tree that the number of
// particles alone decides.
#pragma once
#include <cstddef>
#include <span>
#include <vector>

namespace twin::infer::particle {

// Sum along a fixed tree: eight running sums for each block of 1024, blocks as by core::tree_sum.
double blocked_sum(std::span<const double> x);

struct SumAndSquares {
  double sum = 0.0, squares = 0.0;
};
SumAndSquares sum_and_squares(std::span<const double> x);  // along the same tree

// What logarithms of weights say. Expects no NaN and nothing infinite above.
struct Weights {
  // [member], relative to the largest, which is 1; all 0 if every logarithm is -infinity.
  std::vector<double> relative;
  double total = 0.0;     // sum of relative; 0 if nothing has weight
  double log_mean = 0.0;  // log of the mean weight; -infinity if nothing has weight
  // Effective sample size (sum w)^2 / sum w^2 (Kong, Liu, Wong 1994), in [1, N]; 0 if nothing has
  // weight.
  double ess = 0.0;
};
Weights weights_of(std::span<const double> log_weight);
// The same in place, without allocating once `out` has held as many.
void weights_of(std::span<const double> log_weight, Weights& out);

}  // namespace twin::infer::particle
