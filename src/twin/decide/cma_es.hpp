// (mu/mu_w, lambda)-CMA-ES: search over the weights of an index policy, some tens of numbers whose scales
// and couplings nobody knows (N. Hansen, "The CMA Evolution Strategy: A Tutorial", arXiv 1604.00772v2,
// 2023: all of table 1, with negative weights), with restarts of growing populations (A. Auger and
// N. Hansen, "A restart CMA evolution strategy with increasing population size", IEEE CEC 2005).
#pragma once
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <vector>

#include "twin/core/draw.hpp"
#include "twin/decide/box.hpp"

namespace twin::decide {

struct CmaOptions {
  Box box{};                     // each end may be infinite
  Point start{};                 // inside the box [parameter]
  Point step{};                  // > 0 [parameter]: where the best may be, start +- step, or so
  std::uint64_t population = 0;  // lambda at first, at least 4; 0: 4 + 3 ln n
  std::uint64_t budget = std::numeric_limits<std::uint64_t>::max();  // [evaluations] of all runs
  std::uint64_t restarts = 0;  // after the first run, each with twice the population
  // Stops when a value is at most this.
  double target = -std::numeric_limits<double>::infinity();
  // A run ends when the best values of its last generations, and all of this one, lie within so much:
  // what is of no practical worth [the values' unit].
  double least_difference = 1e-12;
  double least_step = 1e-12;  // ... or when no parameter moves by more than this share of its step

  bool operator==(const CmaOptions&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("box", self.box);
    archive("start", self.start);
    archive("step", self.step);
    archive("population", self.population);
    archive("budget", self.budget);
    archive("restarts", self.restarts);
    archive("target", self.target);
    archive("least_difference", self.least_difference);
    archive("least_step", self.least_step);
  }
};

// Why the last run ended.
enum class CmaEnd : std::uint8_t {
  Runs,        // it has not
  Target,      // a value is as low as was asked for
  Flat,        // differences of values are of no worth
  Narrow,      // steps are of no worth, or vanish beside the mean
  Stiff,       // condition number of C above 10^14: rounding would lead from here
  BudgetSpent  // the next generation would overrun
};

class CmaEs {
 public:
  CmaEs() = default;  // of nothing
  // draw: all randomness is named after it. core::Error for options that cannot be meant.
  CmaEs(const CmaOptions& options, core::Draw draw);

  // The points of this generation, all inside the box; empty when it has stopped.
  [[nodiscard]] const std::vector<Point>& wanted() const { return wanted_; }
  // values: of wanted(), in its order. core::Error, and nothing is taken, for NaN or -infinity; another
  // number of them is our own mistake. Only their order counts, but for the stops.
  void take(std::span<const double> values);

  [[nodiscard]] Stand stand() const {
    return stand_;
  }  // Decided: ended by another end than the budget
  [[nodiscard]] CmaEnd end() const { return end_; }
  [[nodiscard]] const Best& best() const { return best_; }  // of all that was evaluated
  // The mean of the search now: under noise the better answer than best(), which is also the luckiest.
  [[nodiscard]] Point mean() const;
  [[nodiscard]] double step_size() const { return sigma_; }  // sigma, in the units of options.step
  [[nodiscard]] double condition() const;                    // of C: largest eigenvalue by least
  [[nodiscard]] std::uint64_t spent() const { return spent_; }            // [evaluations]
  [[nodiscard]] std::uint64_t run() const { return run_; }                // 0: the first
  [[nodiscard]] std::uint64_t generation() const { return generation_; }  // of this run
  [[nodiscard]] std::uint64_t population() const { return population_; }  // of this run

  bool operator==(const CmaEs&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("options", self.options_);
    archive("seed", self.seed_);
    archive("member", self.member_);
    archive("stand", self.stand_);
    archive("end", self.end_);
    archive("best", self.best_);
    archive("run", self.run_);
    archive("generation", self.generation_);
    archive("spent", self.spent_);
    archive("population", self.population_);
    archive("sigma", self.sigma_);
    archive("mean", self.mean_);
    archive("path_sigma", self.path_sigma_);
    archive("path_c", self.path_c_);
    archive("c", self.c_);
    archive("axes", self.axes_);
    archive("lengths", self.lengths_);
    archive("decomposed_at", self.decomposed_at_);
    archive("steps", self.steps_);
    archive("history", self.history_);
    archive("wanted", self.wanted_);
  }

 private:
  void start_run();
  void sample();
  void decompose();
  void update(std::span<const std::size_t> order);
  [[nodiscard]] CmaEnd ended(std::span<const double> values, std::span<const std::size_t> order);
  [[nodiscard]] bool stands_still(std::size_t i, double step) const;
  // Between what is searched, in units of the steps around the start, and the parameters.
  [[nodiscard]] Point parameters(std::span<const double> y) const;

  CmaOptions options_;
  std::uint64_t seed_ = 0;
  std::uint32_t member_ = 0;
  Stand stand_ = Stand::Decided;
  CmaEnd end_ = CmaEnd::Runs;
  Best best_;
  std::uint64_t run_ = 0, generation_ = 0, spent_ = 0, population_ = 0;
  double sigma_ = 1.0;               // [steps]
  std::vector<double> mean_;         // m [parameter], in steps from the start
  std::vector<double> path_sigma_;   // p_sigma [parameter]
  std::vector<double> path_c_;       // p_c [parameter]
  std::vector<double> c_;            // C [parameter][parameter]
  std::vector<double> axes_;         // B [axis][parameter]
  std::vector<double> lengths_;      // D [axis], square roots of C's eigenvalues
  std::uint64_t decomposed_at_ = 0;  // [generation]
  std::vector<double> steps_;        // (x_k - m) / sigma of wanted() [candidate][parameter]
  std::vector<double> history_;      // best value of each generation of this run
  std::vector<Point> wanted_;
};

// Table 1 of the tutorial, for tests and for who wants to see them.
struct CmaConstants {
  std::vector<double> weights;  // w_i [rank], those of the worse half negative
  double mu_eff = 0.0;
  double c_sigma = 0.0, d_sigma = 0.0;      // of the step size
  double c_c = 0.0, c_1 = 0.0, c_mu = 0.0;  // of the covariance
  double chi = 0.0;                         // E |N(0, I)|
};
CmaConstants cma_constants(std::size_t parameters, std::size_t population);

}  // namespace twin::decide
