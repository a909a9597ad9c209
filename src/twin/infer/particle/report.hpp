// What became of an observation in a particle filter, as a value: nothing that goes wrong is silent.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace twin::infer::particle {

enum class Fate : std::uint8_t {
  Used,
  Nothing,   // there were no values: the belief is as it was
  Missing,   // a value was NaN, and a log-likelihood cannot leave one out: the belief is as it was
  Collapsed  // no member can have made it (all weights zero): the belief is as it was
};

enum class OnCollapse : std::uint8_t {
  KeepForecast,  // the observation is not used, Fate::Collapsed; the members go on
  Refuse         // core::Error
};

// Of one observation.
struct Report {
  Fate fate = Fate::Used;
  double log_evidence = 0.0;  // log p(this observation | those before)
  double ess = 0.0;           // effective sample size before resampling, in [1, N]
  std::size_t lost = 0;       // members whose log-likelihood was no number: their weight is zero
  bool resampled = false;
  std::size_t copies = 0;  // members that were replaced by a copy of another
  bool operator==(const Report&) const = default;
};

// Of all observations so far: the estimator's diagnostics.
struct Counts {
  std::uint64_t used = 0, nothing = 0, missing = 0, collapsed = 0;  // [observations]
  std::uint64_t lost = 0;                                           // [members]
  std::uint64_t resampled = 0;                                      // [times]
  std::uint64_t copies = 0;                                         // [members]
  Report last = {};

  void add(const Report& report);
  bool operator==(const Counts&) const = default;
};

// log_weight += log_likelihood, or what fate asks for instead: a log-likelihood of NaN or +infinity
// makes a member lost; if no member has weight then, log_weight stays as it was (or core::Error).
// Sizes are equal.
Report accept(std::vector<double>& log_weight, std::vector<double> log_likelihood,
              OnCollapse on_collapse);

}  // namespace twin::infer::particle
