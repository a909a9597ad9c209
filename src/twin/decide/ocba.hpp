// OCBA: a budget of runs goes where it tells most about which of a menu is the best (C.-H. Chen,
// J. Lin, E. Yucesan and S. E. Chick, "Simulation budget allocation for further enhancing the
// efficiency of ordinal optimization", Discrete Event Dynamic Systems 10, 2000). It states a
// probability of correct selection; kn.hpp promises one, for more runs.
#pragma once
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "twin/decide/correct_selection.hpp"
#include "twin/decide/selection.hpp"
#include "twin/math/statistics.hpp"

namespace twin::decide {

// How replications of different alternatives belong together.
enum class Randomness : std::uint8_t {
  Apart,  // independent: replications of each have draws of their own
  Common  // replication r of all has the draws of member r
};

// Shares of all runs that each alternative is to have, for large budgets; they sum to 1. With
// delta_i how far i is behind the best b, N_i / N_j = (sigma_i / delta_i)^2 / (sigma_j / delta_j)^2
// and N_b = sigma_b sqrt(sum N_i^2 / sigma_i^2) (theorem 3). behind[b] is not looked at; others must be
// >= 0. One that is no further behind than `least` > 0 counts as that far: equals would get all. Where
// nothing varies all get the same.
std::vector<double> ocba_shares(std::span<const double> behind, std::span<const double> deviation,
                                std::size_t best, double least);

// The same for common random numbers, where i is told from b by pairs of replications: tau_i is the
// deviation of (i - b), the error of a gap falls with N_i alone as long as b has as many, so all rates
// N_i delta_i^2 / tau_i^2 are equal and N_b is the largest N_i. Ours, by the argument of Chen et al.
// for pairs; M. C. Fu, J.-Q. Hu, C.-H. Chen and X. Xiong (INFORMS J. Computing 19, 2007) also use
// correlation but keep each mean's own runs.
std::vector<double> ocba_paired_shares(std::span<const double> behind,
                                       std::span<const double> deviation_of_difference,
                                       std::size_t best, double least);

struct OcbaOptions {
  double confidence = 0.95;   // stops when probability() is this high; 1: when the budget is spent
  double indifference = 0.0;  // >= 0: so much worse than the best is as good [the results' unit]
  std::uint64_t first = 10;   // n_0 >= 2 replications of each before anything is judged
  std::uint64_t step = 10;    // [runs] wanted at a time, of all together
  std::uint64_t budget = 0;   // [runs] of all together
  Randomness randomness = Randomness::Common;

  bool operator==(const OcbaOptions&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("confidence", self.confidence);
    archive("indifference", self.indifference);
    archive("first", self.first);
    archive("step", self.step);
    archive("budget", self.budget);
    archive("randomness", self.randomness);
  }
};

class Ocba {
 public:
  Ocba() = default;  // of nothing
  // core::Error for options that cannot be meant: no alternative, too small a budget.
  Ocba(std::size_t alternatives, const OcbaOptions& options);

  // Empty when it has stopped. Depends on the step: what is learnt in a step guides the next one.
  [[nodiscard]] std::vector<Runs> wanted() const { return wanted_; }
  // values: of wanted(), in its order, [wanted][replication]. core::Error, and nothing is taken, unless
  // all are finite; another number of them is our own mistake.
  void take(std::span<const double> values);

  [[nodiscard]] Stand stand() const { return stand_; }
  [[nodiscard]] std::size_t best() const { return best_; }                       // the least mean
  [[nodiscard]] std::span<const double> results(std::size_t alternative) const;  // [replication]
  [[nodiscard]] std::uint64_t spent() const { return spent_; }                   // [runs]
  // That no other is better than best() by more than the indifference: a Bonferroni bound for common
  // randomness, Slepian's for runs apart. An estimate (correct_selection.hpp).
  [[nodiscard]] double probability() const;

  bool operator==(const Ocba&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("options", self.options_);
    archive("stand", self.stand_);
    archive("results", self.results_);
    archive("alone", self.alone_);
    archive("best", self.best_);
    archive("against", self.against_);
    archive("spent", self.spent_);
    archive("wanted", self.wanted_);
  }

 private:
  [[nodiscard]] std::vector<double> shares() const;
  [[nodiscard]] std::vector<Runs> next() const;

  OcbaOptions options_;
  Stand stand_ = Stand::Decided;
  std::vector<std::vector<double>> results_;  // [alternative][replication]
  std::vector<math::Moments> alone_;          // [alternative] of its results
  std::uint64_t best_ = 0;                    // the least mean
  std::vector<math::Moments> against_;        // [alternative] of it less the best, where both have
                                              // results; common randomness; none of the best itself
  std::uint64_t spent_ = 0;                   // [runs]
  std::vector<Runs> wanted_;  // follows from the rest; kept because it is asked often
};

// `more` runs, so that all together come as near as can be to the shares: who has too many already gets
// none, the others share the rest by theirs, whole runs by largest remainder, ties to the lower number.
std::vector<std::uint64_t> next_runs(std::span<const double> shares,
                                     std::span<const std::uint64_t> have, std::uint64_t more);

}  // namespace twin::decide
