// The hyper-parameters of a normal process under which its runs are likeliest, the trend's coefficients integrated
// out (restricted likelihood): searched by its slopes in their logarithms from several starts.
#pragma once
#include <Eigen/Dense>
#include <cstddef>
#include <cstdint>

#include "twin/infer/emulate/kriging.hpp"

namespace twin::infer {

// The logarithm of the restricted likelihood: the normal density of all contrasts of the outputs. Minus infinity
// where the covariance has no factor. slopes, where wanted: [input..., variance, nugget] by each one's logarithm.
double restricted_likelihood(CovarianceKernel kernel, const KrigedRuns& data,
                             const Hyperparameters& hyper, Eigen::VectorXd* slopes = nullptr);

struct LearningOptions {
  bool nugget = false;          // learn it; else it is the least one
  double least_nugget = 1e-10;  // share of the variance, without which near runs have no factor
  // Lengths, as shares of the inputs' ranges. Beyond the greatest a function is a parabola to all who see it.
  double least_length = 0.02;
  double greatest_length = 20.0;
  std::size_t searches = 3;   // by slopes, the best of which counts
  std::size_t tries = 8;      // places drawn for each search, from the likeliest of which it starts
  std::uint32_t steps = 100;  // of a search, at most
  std::uint64_t seed = 1;     // of the places
  unsigned threads = 1;
};

struct Learnt {
  Hyperparameters hyper;          // the likeliest
  double log_likelihood = 0.0;    // theirs: restricted_likelihood()
  std::uint64_t evaluations = 0;  // of it, by all searches
  bool converged = false;         // of the best search: false where its slope was not yet small
};

// The same bits for any number of threads. core::Error for an option that cannot be, fewer runs than regressors + 2,
// an input or output that does not vary, or where no place has a likelihood.
Learnt learn(CovarianceKernel kernel, const KrigedRuns& data, const LearningOptions& options);

}  // namespace twin::infer
