// An emulator of an expensive simulation with the help of cheap ones: each level is rho(x) times the one below it
// plus a process of its own (M. C. Kennedy and A. O'Hagan, Biometrika 87, 2000), level after level (L. Le Gratiet
// and J. Garnier, Int. J. for Uncertainty Quantification 4, 2014).
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "twin/infer/emulate/emulated_points.hpp"
#include "twin/infer/emulate/gaussian_process.hpp"

namespace twin::infer {

struct MultiFidelityOptions {
  EmulatorOptions level = {};   // of every level: its trend is that of each difference too
  Trend rho = Trend::Constant;  // how the factor goes with the inputs
};

// Designs need not be nested. Where a run of a level stands at none of the level below, or where that one has
// noise, the level below is taken by its mean there: what it is unsure of is then not in the learning, and counts
// in full in variances, which are a little too large near such runs. With nested runs without noise all is exact,
// given the hyper-parameters.
class MultiFidelityProcess {
 public:
  // runs: [level], the cheapest first. hyper: [level] where they are given, of the lowest and of the differences.
  // core::Error as GaussianProcess, with the level, for no levels, or for more or fewer hyper-parameters than levels.
  MultiFidelityProcess(std::span<const SimulatedRuns> runs, const MultiFidelityOptions& options);
  MultiFidelityProcess(std::span<const SimulatedRuns> runs, const MultiFidelityOptions& options,
                       std::span<const Hyperparameters> hyper);

  [[nodiscard]] std::size_t levels() const { return levels_.size(); }
  // x: [point][input], of the highest level or the one named. The same bits for any number of threads.
  [[nodiscard]] EmulatedPoints predict(std::span<const double> x, unsigned threads = 1) const {
    return predict(levels() - 1, x, threads);
  }
  [[nodiscard]] EmulatedPoints predict(std::size_t level, std::span<const double> x,
                                       unsigned threads = 1) const;
  // What the level below is multiplied by at the point x [input], and its standard error; level: 1 or above.
  struct Factor {
    double rho = 0.0;        // the likeliest
    double deviation = 0.0;  // given the runs and the hyper-parameters
  };
  [[nodiscard]] Factor factor(std::size_t level, std::span<const double> x) const;

  // As of GaussianProcess: outside is outside of the lowest level's runs, the deviation that of the highest beside
  // what it would be without runs of any.
  [[nodiscard]] EmulatorRefusal refuses(std::span<const double> x) const;
  // Of a level's runs, those of the levels below kept.
  [[nodiscard]] LeaveOneOut leave_one_out(std::size_t level) const;
  [[nodiscard]] const Hyperparameters& hyper(std::size_t level) const;
  // Runs that were left out, of all levels.
  [[nodiscard]] std::uint64_t failed() const { return failed_; }

 private:
  struct Level {
    TrendBasis trend, rho;  // over the box of its runs
    // Regressors: the trend's and, above the lowest level, rho's times the mean of the level below.
    Kriging kriging;
  };

  void build(std::span<const SimulatedRuns> runs, std::span<const Hyperparameters> hyper);
  // Of all levels up to `level`, as Kriging::predict; without points' variances where they are not wanted.
  void predict_at(std::size_t level, const Eigen::MatrixXd& x, Eigen::VectorXd& mean,
                  Eigen::VectorXd* variance) const;
  struct Factors {
    Eigen::VectorXd mean, variance;  // [point] of rho
  };
  [[nodiscard]] Factors factors(const Level& level, const Eigen::MatrixXd& x) const;

  MultiFidelityOptions options_;  // as given
  std::vector<Level> levels_;     // the cheapest first
  std::optional<RunBox> box_;     // of the lowest level's runs
  std::uint64_t failed_ = 0;      // [runs]
};

}  // namespace twin::infer
