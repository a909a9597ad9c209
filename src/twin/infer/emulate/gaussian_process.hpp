// An emulator: what a simulation would give at points where it was not run, and how sure that is, from some runs
// of it (Sacks et al., 1989). New runs are taken in one by one, and hyper-parameters learnt again when those say
// so.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "twin/infer/emulate/emulated_points.hpp"
#include "twin/infer/emulate/kriging.hpp"
#include "twin/infer/emulate/learning.hpp"
#include "twin/infer/emulate/simulated_runs.hpp"

namespace twin::infer {

struct EmulatorOptions {
  std::size_t inputs = 0;  // of the simulation
  CovarianceKernel kernel = CovarianceKernel::Matern52;
  Trend trend = Trend::Constant;  // through the runs, about which the process varies
  LearningOptions learning = {};  // of hyper-parameters, where none are given
  // When refuses() does: beyond the box of the runs grown by this share of its ranges, or with a deviation above this
  // share of what it would be without runs.
  double margin = 0.05;
  double doubt = 0.5;
  double false_alarm = 1e-3;  // chance that outdated() is wrong each time it is asked
};

// The same. core::Error for a margin, doubt or chance that cannot be.
const EmulatorOptions& checked_emulator(const EmulatorOptions& options);

enum class EmulatorRefusal : std::uint8_t { None, OutsideRuns, TooUnsure };

// A regular value: a copy is a snapshot.
class GaussianProcess {
 public:
  // Learns the hyper-parameters, or takes those given. Learnt ones are then taken for known, which makes intervals
  // too narrow where runs are few: of 90 %, 80 are held with 15 runs of two inputs, all with 60. core::Error as
  // kept_runs(), learn() and Kriging say, and for options that cannot be.
  GaussianProcess(const SimulatedRuns& runs, const EmulatorOptions& options);
  GaussianProcess(const SimulatedRuns& runs, const EmulatorOptions& options, Hyperparameters hyper);

  // x: [point][input]. The same bits for any number of threads.
  // core::Error where x holds no whole number of points, or an input is not finite.
  [[nodiscard]] EmulatedPoints predict(std::span<const double> x, unsigned threads = 1) const {
    return predict(x, true, threads);
  }
  // The means alone [point], in a quarter of the time.
  [[nodiscard]] std::vector<double> means(std::span<const double> x, unsigned threads = 1) const {
    return predict(x, false, threads).mean;
  }
  // Whether the point x [input] is not to be asked of these runs, and why.
  [[nodiscard]] EmulatorRefusal refuses(std::span<const double> x) const;
  [[nodiscard]] LeaveOneOut leave_one_out() const { return kriging_.leave_one_out(); }

  // One more run with the hyper-parameters as they are, in O(n^2). Gives (y - mean) / deviation as it was foretold;
  // nothing, with the run left out and counted, where y is not finite. core::Error as the constructor.
  std::optional<double> add(std::span<const double> x, double y, double noise = 0.0);
  // Whether runs since the hyper-parameters were learnt or given were further off than they should be: the sum of
  // their squared residuals, which are independent if all is well, beyond chi-square's quantile.
  [[nodiscard]] bool outdated() const;
  // Hyper-parameters anew, from all runs.
  Learnt learn();

  [[nodiscard]] const Hyperparameters& hyper() const { return kriging_.hyper(); }
  [[nodiscard]] double log_likelihood() const { return kriging_.solved().log_likelihood(); }
  [[nodiscard]] std::size_t runs() const {
    return static_cast<std::size_t>(kriging_.data().y.size());
  }
  [[nodiscard]] std::uint64_t failed() const { return failed_; }  // runs that were left out

 private:
  GaussianProcess(KeptRuns runs, const EmulatorOptions& options,
                  const std::optional<Hyperparameters>& hyper);
  [[nodiscard]] EmulatedPoints predict(std::span<const double> x, bool variances,
                                       unsigned threads) const;
  [[nodiscard]] Kriging made(KeptRuns runs, const std::optional<Hyperparameters>& hyper) const;

  EmulatorOptions options_;     // as given
  RunBox box_;                  // of all runs
  TrendBasis basis_;            // over the box of the first ones
  std::uint64_t failed_ = 0;    // [runs]
  Kriging kriging_;             // of all runs with a value
  std::uint64_t since_ = 0;     // [runs] added since the hyper-parameters were learnt
  double squares_since_ = 0.0;  // of their standardised residuals
};

}  // namespace twin::infer
