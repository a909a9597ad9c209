// Universal kriging: a function as a trend of unknown coefficients plus a normal process whose hyper-parameters are
// known, given runs of it (J. Sacks, W. J. Welch, T. J. Mitchell and H. P. Wynn, Statistical Science 4, 1989,
// equations 7 and 9). What the regressors of the trend are is the caller's affair.
#pragma once
#include <Eigen/Dense>
#include <vector>

#include "twin/infer/emulate/covariance_kernel.hpp"
#include "twin/infer/emulate/generalised_least_squares.hpp"
#include "twin/score/coverage.hpp"

namespace twin::infer {

struct Hyperparameters {
  std::vector<double> lengths;  // [input] of the kernel, in the input's unit
  double variance = 1.0;        // of the function about its trend
  double nugget = 0.0;          // variance of each run about the function, beside its known error
};

struct KrigedRuns {
  Eigen::MatrixXd x;      // [run][input]
  Eigen::MatrixXd trend;  // [run][regressor]
  Eigen::VectorXd y;      // [run]
  Eigen::VectorXd noise;  // [run] known variance of y's own error
};

// core::Error where the runs do not tell the regressors apart.
void check_regressors(const Eigen::MatrixXd& trend);

// How well each run is foretold by all others with the same hyper-parameters (O. Dubrule, Mathematical Geology 15,
// 1983). Hyper-parameters that were learnt from all runs make it a little too good. A run without which the others do
// not tell the regressors apart has an infinite variance, and counts in no figure.
struct LeaveOneOut {
  std::vector<double> mean;          // [run]
  std::vector<double> variance;      // [run] of its output, the output's own error included
  std::vector<double> standardised;  // [run] (output - mean) / deviation: near standard normal
  // Q2: 1 - squares of what was missed / squares about the outputs' mean
  double predictivity = 0.0;
  score::Coverage coverage;  // of intervals that are to hold 90 %

  // Root of the mean square of what is standardised: 1 where errors are as large as they are told to be.
  [[nodiscard]] double ratio() const;
};

class Kriging {
 public:
  // core::Error for a hyper-parameter that cannot be, where runs stand in each other's place and nothing tells them
  // apart, and as check_regressors().
  Kriging(CovarianceKernel kernel, KrigedRuns data, Hyperparameters hyper);

  [[nodiscard]] const KrigedRuns& data() const { return data_; }
  [[nodiscard]] const Hyperparameters& hyper() const { return hyper_; }
  [[nodiscard]] CovarianceKernel kernel() const { return kernel_; }
  [[nodiscard]] const GeneralisedLeastSquares& solved() const { return solved_; }

  // Of the function at points. x: [point][input], trend: [point][regressor]; mean, variance: [point], the latter
  // nullptr where it is not wanted, which saves most of the work.
  void predict(const Eigen::MatrixXd& x, const Eigen::MatrixXd& trend, Eigen::VectorXd& mean,
               Eigen::VectorXd* variance) const;

  [[nodiscard]] LeaveOneOut leave_one_out() const;

  // One more run, in O(n^2): the result is that of all runs at once. Gives what it was off beforehand, in deviations.
  // core::Error where it stands in another's place and nothing tells them apart.
  double add(const Eigen::VectorXd& x, const Eigen::VectorXd& trend, double y, double noise);

 private:
  [[nodiscard]] Eigen::MatrixXd scaled(const Eigen::MatrixXd& x) const;

  CovarianceKernel kernel_;         // of the process
  KrigedRuns data_;                 // all runs
  Hyperparameters hyper_;           // as given
  Eigen::MatrixXd scaled_;          // [run][input] x over the lengths
  GeneralisedLeastSquares solved_;  // the trend through the runs
};

}  // namespace twin::infer
