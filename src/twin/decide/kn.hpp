// KN: fully sequential selection of the best of a menu, with a promise (S.-H. Kim and B. L. Nelson,
// "A fully sequential procedure for indifference-zone selection in simulation", ACM TOMACS 11, 2001).
// If the best is better by at least the indifference zone, it is chosen with at least the confidence;
// normal results, any correlation between alternatives: common random numbers only help.
#pragma once
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <vector>

#include "twin/decide/selection.hpp"
#include "twin/math/sums.hpp"

namespace twin::decide {

struct KnOptions {
  double indifference = 0.0;  // delta > 0: differences below it are not worth a run [the results']
  double confidence = 0.95;   // 1 - alpha, above 1 / alternatives
  std::uint64_t first = 10;   // n_0 >= 2: replications before anything is judged
  // Replications of each that are wanted at a time, to keep threads busy. They are judged one after
  // the other all the same, so that the choice does not depend on it; only runs can be wasted.
  std::uint64_t step = 1;
  std::uint64_t budget = std::numeric_limits<std::uint64_t>::max();  // [runs] of all together

  bool operator==(const KnOptions&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("indifference", self.indifference);
    archive("confidence", self.confidence);
    archive("first", self.first);
    archive("step", self.step);
    archive("budget", self.budget);
  }
};

// eta = [(2 alpha / (k - 1))^(-2 / (n_0 - 1)) - 1] / 2 and h^2 = 2 eta (n_0 - 1) (section 2, c = 1,
// with alpha / (k - 1) for each pair, which correlation does not hurt).
struct KnConstants {
  double eta = 0.0;
  double h_squared = 0.0;
};
KnConstants kn_constants(std::size_t alternatives, double confidence, std::uint64_t first);

class Kn {
 public:
  Kn() = default;  // of nothing
  // core::Error for options that cannot be meant: no alternative, no zone, too small a budget.
  Kn(std::size_t alternatives, const KnOptions& options);

  // Empty when it has stopped.
  [[nodiscard]] std::vector<Runs> wanted() const;
  // values: of wanted(), in its order, [wanted][replication]. core::Error, and nothing is taken, unless
  // all are finite; another number of them is our own mistake.
  void take(std::span<const double> values);

  [[nodiscard]] Stand stand() const { return stand_; }
  [[nodiscard]] std::size_t best() const;                    // of those left, the least mean
  [[nodiscard]] std::vector<std::size_t> left() const;       // not eliminated, ascending
  [[nodiscard]] double mean(std::size_t alternative) const;  // of what was judged; 0 at first
  [[nodiscard]] std::uint64_t judged(std::size_t alternative) const;  // [replications]
  [[nodiscard]] std::uint64_t spent() const { return spent_; }        // [runs]
  // At most so many replications of the best will have been judged in the end, budget apart; nothing
  // before the first were taken.
  [[nodiscard]] std::optional<std::uint64_t> most() const;
  // That best() is the best or within the zone of it: the confidence if it is decided; else a
  // Bonferroni bound from those left and the share of alpha that the eliminated have used up.
  [[nodiscard]] double probability() const;

  bool operator==(const Kn&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("options", self.options_);
    archive("stand", self.stand_);
    archive("sums", self.sums_);
    archive("judged", self.judged_);
    archive("in", self.in_);
    archive("variances", self.variances_);
    archive("stage", self.stage_);
    archive("spent", self.spent_);
  }

 private:
  [[nodiscard]] double variance(std::size_t i, std::size_t l) const {
    return variances_[i * in_.size() + l];
  }
  void screen();

  KnOptions options_;
  Stand stand_ = Stand::Decided;
  std::vector<math::Sum> sums_;        // [alternative]
  std::vector<std::uint64_t> judged_;  // [alternative] replications in its sum
  std::vector<std::uint8_t> in_;       // [alternative] 1: not eliminated
  std::vector<double> variances_;      // [alternative][alternative] S^2 of first differences
  std::uint64_t stage_ = 0;            // r: replications of all that are left
  std::uint64_t spent_ = 0;            // [runs]
};

}  // namespace twin::decide
