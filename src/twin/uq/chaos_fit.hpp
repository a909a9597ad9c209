// Learns a polynomial chaos expansion from runs at any points: few terms, of the degree and norm that serve best by
// their corrected leave-one-out error (G. Blatman and B. Sudret, J. Computational Physics 230, 2011).
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "twin/uq/polynomial_chaos.hpp"

namespace twin::uq {

struct ChaosOptions {
  std::vector<PolynomialFamily> families = {};  // [input]; none: Legendre for all
  // Degrees are tried from 1 on, until two in a row (beyond the third) are no better, at most this one.
  std::uint32_t degree = 12;
  std::vector<double> norms = {0.5, 0.75, 1.0};  // tried, as in TruncationOptions
  std::size_t interaction = 0;                   // inputs in a term at most; 0: any number
  // To choose from, at most: degrees with more are not tried. Of n runs, n times as many numbers are stored, and read
  // for each term that is chosen.
  std::size_t candidates = 5'000;
  std::size_t folds = 5;     // parts of the runs that are told by what was learnt from the others
  double confidence = 0.95;  // of the error's interval
  std::uint64_t seed = 1;    // of the parts
  unsigned threads = 1;      // at most folds + 1 have work; each stores candidates
  bool operator==(const ChaosOptions&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("families", self.families);
    archive("degree", self.degree);
    archive("norms", self.norms);
    archive("interaction", self.interaction);
    archive("candidates", self.candidates);
    archive("folds", self.folds);
    archive("confidence", self.confidence);
    archive("seed", self.seed);
    archive("threads", self.threads);
  }
};

// Runs that gave a number.
struct ChaosRuns {
  std::vector<std::vector<double>> u;  // [input][run]
  std::vector<double> y;               // [run]
  std::uint64_t failed = 0;            // left out
  // core::Error for another number of inputs or results, and for points outside of the unit cube or, of Hermite and
  // Laguerre polynomials, where their variable is not finite.
  void add(std::span<const PolynomialFamily> families, const Points& points,
           std::span<const double> results);
  bool operator==(const ChaosRuns&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("u", self.u);
    archive("y", self.y);
    archive("failed", self.failed);
  }
};

// The same bits for any number of threads. The error is that of all runs by folds, each told by terms and
// coefficients learnt without it, from 1 - 1 / folds of the runs: so it is rather too high than too low. Its
// interval is wide enough for the folds' spread and for what leaving out single runs tells: of 95 %, it held the
// true error in nine of ten studies of known functions. core::Error for what ChaosRuns::add and truncated_indices
// refuse, no norms, fewer than two folds, fewer than 10 runs with a number or than two a fold.
PolynomialChaos fit_chaos(const ChaosOptions& options, const Points& points,
                          std::span<const double> y);
PolynomialChaos fit_chaos(const ChaosOptions& options, const ChaosRuns& runs);

// Coefficients, and all that follows from them but the error, of these terms by all runs; a term that the runs do
// not tell from others is left out. TWIN_EXPECT: a family an input, more runs than terms.
PolynomialChaos fit_terms(std::span<const PolynomialFamily> families, const MultiIndices& terms,
                          const ChaosRuns& runs);

}  // namespace twin::uq
