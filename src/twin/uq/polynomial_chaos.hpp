// A model as a sum of orthonormal polynomials of its inputs (R. G. Ghanem and P. D. Spanos, Stochastic Finite
// Elements, 1991; D. Xiu and G. E. Karniadakis, SIAM J. Scientific Computing 24, 2002), learnt from runs: what it
// gives, its moments, and its sensitivities by the coefficients alone (B. Sudret, Reliability Engineering and
// System Safety 93, 2008). chaos_fit.hpp learns one.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "twin/uq/multi_indices.hpp"
#include "twin/uq/orthogonal_polynomials.hpp"
#include "twin/uq/points.hpp"
#include "twin/uq/polynomial_terms.hpp"
#include "twin/uq/sobol_indices.hpp"

namespace twin::uq {

// Mean square of what is missed at points that nothing was learnt from, over the variance of the result: 1 - Q2.
struct ChaosError {
  double value = 0.0, low = 0.0, high = 0.0;  // with its interval
  double confidence = 0.95;                   // of the interval
  bool operator==(const ChaosError&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("value", self.value);
    archive("low", self.low);
    archive("high", self.high);
    archive("confidence", self.confidence);
  }
};

struct ChaosFit {
  std::vector<PolynomialFamily> families;  // [input]
  MultiIndices terms;                      // the constant first
  std::vector<double> coefficients;        // [term]
  std::vector<double> factor;              // upper_at, R: R'R = A'A for terms at runs A [run][term]
  // upper_at: with Q = A R^-1 and d what each run would be missed by, had it been left out, Q' diag(d^2) Q. The
  // coefficients' covariance is R^-1 times it times R'^-1 (HC3 of J. G. MacKinnon and H. White, J. Econometrics 29,
  // 1985).
  std::vector<double> missed;
  std::vector<double> low, high;  // [input] of the runs
  double leverage_most = 0.0;     // of any run
  double variance = 0.0;          // of the runs' results, which errors are relative to
  double leave_one_out = 0.0;     // corrected; too good, as terms were chosen by it
  ChaosError error;               // of terms and coefficients that were learnt without the points
  std::uint64_t runs = 0;         // used
  std::uint64_t failed = 0;       // left out, as they gave no number
  bool operator==(const ChaosFit&) const = default;
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("families", self.families);
    archive("terms", self.terms);
    archive("coefficients", self.coefficients);
    archive("factor", self.factor);
    archive("missed", self.missed);
    archive("low", self.low);
    archive("high", self.high);
    archive("leverage_most", self.leverage_most);
    archive("variance", self.variance);
    archive("leave_one_out", self.leave_one_out);
    archive("error", self.error);
    archive("runs", self.runs);
    archive("failed", self.failed);
  }
};

class PolynomialChaos {
 public:
  // The domain: the box of the runs, each side of it further out by this share of its width,
  static constexpr double BoxGrown = 0.05;
  // and leverages of no more than this times the greatest of any run. The leverage of a point is the variance of
  // what is told there over that of a run's error, were these independent: it grows where the runs say little. Of n
  // runs of Ishigami's function and k terms, 0.3 % of the cube is beyond for k = n / 8, a fifth of it or more for k
  // > n / 2, with three quarters or more of all that is missed.
  static constexpr double LeverageGrown = 3.0;

  PolynomialChaos() : PolynomialChaos(ChaosFit{}) {}  // of nothing: gives 0
  explicit PolynomialChaos(ChaosFit fit);

  [[nodiscard]] const ChaosFit& fit() const { return fit_; }

  // What the model gives, about, at points of the unit cube; NaN where an input of some term is outside of it.
  void value(const Points& points, std::span<double> y, unsigned threads = 1) const;
  [[nodiscard]] double value(std::span<const double> u) const;

  [[nodiscard]] double leverage(std::span<const double> u) const;
  [[nodiscard]] bool refuses(std::span<const double> u) const;  // u is outside of the domain

  [[nodiscard]] double mean() const;
  [[nodiscard]] double variance() const;
  // groups: of inputs, may overlap; none: each input is one. Intervals: t times the standard error by the
  // covariance of the coefficients, and for variance and indices the share of the variance that the terms do not
  // explain (the error) besides. core::Error for a group without inputs or of inputs that are not there, and a
  // confidence that is none.
  [[nodiscard]] SobolIndices indices(std::vector<std::vector<std::size_t>> groups = {},
                                     double confidence = 0.95) const;

  bool operator==(const PolynomialChaos& other) const { return fit_ == other.fit_; }
  template <class A>
  static void fields(A& archive, auto& self) {
    archive("fit", self.fit_);
  }
  void loaded();  // core::Error where parts do not belong together

 private:
  ChaosFit fit_;           // what was learnt
  PolynomialTerms terms_;  // by fit_
};

}  // namespace twin::uq
