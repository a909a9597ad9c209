// Keeps a polynomial chaos expansion up to date while runs come in: their coefficients with each, its terms when
// runs that it had not seen are missed by more than it says.
#pragma once
#include <cstdint>
#include <span>

#include "twin/uq/chaos_fit.hpp"

namespace twin::uq {

struct ChaosRenewal {
  double growth = 1.5;        // of the number of runs, from which on more terms may pay
  std::uint64_t judges = 10;  // new runs at least, before what they are missed by counts
  bool operator==(const ChaosRenewal&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("growth", self.growth);
    archive("judges", self.judges);
  }
};

struct ChaosNews {
  std::uint64_t added = 0, failed = 0;  // runs
  // Of the added runs, by the expansion that had not seen them: mean square of what they were missed by, over the
  // variance of the runs before. 0 for none.
  double error = 0.0;
  bool anew = false;  // terms were chosen anew
};

class ChaosLearner {
 public:
  ChaosLearner() = default;  // to be loaded
  // core::Error for what fit_chaos refuses, and a growth of 1 or less.
  ChaosLearner(ChaosOptions options, const Points& points, std::span<const double> y,
               ChaosRenewal renewal = {});

  // Coefficients become those of least squares on all runs. Terms are chosen anew, as fit_chaos does from all runs,
  // where these are `growth` times as many as when terms were last chosen, or where the error of all runs since
  // then, each before it was learnt, is above the upper end of the expansion's error. Of n runs and k terms: n k^2
  // operations a call. core::Error for what ChaosRuns::add refuses; nothing is changed then.
  ChaosNews add(const Points& points, std::span<const double> y);

  [[nodiscard]] const PolynomialChaos& chaos() const { return chaos_; }
  [[nodiscard]] const ChaosRuns& runs() const { return runs_; }

  bool operator==(const ChaosLearner&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("options", self.options_);
    archive("renewal", self.renewal_);
    archive("runs", self.runs_);
    archive("chaos", self.chaos_);
    archive("chosen_by", self.chosen_by_);
    archive("since", self.since_);
    archive("missed", self.missed_);
  }

 private:
  void choose();

  ChaosOptions options_;         // with a family an input
  ChaosRenewal renewal_;         // when terms are chosen anew
  ChaosRuns runs_;               // all of them
  PolynomialChaos chaos_;        // by all runs
  std::uint64_t chosen_by_ = 0;  // runs that terms were chosen by
  std::uint64_t since_ = 0;      // runs that were added since then
  double missed_ = 0.0;          // sum of squares of what they were missed by
};

}  // namespace twin::uq
