// Which points to measure, and how often, where what is measured is linear in its coefficients: exact designs by
// exchange (V. V. Fedorov, Theory of Optimal Experiments, 1972; R. D. Cook and C. J. Nachtsheim, Technometrics 22,
// 1980), and the shares of runs that no design can beat, with the certificate of J. Kiefer and J. Wolfowitz
// (Canadian J. Mathematics 12, 1960).
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "twin/uq/design_problem.hpp"

namespace twin::uq {

enum class Repeats : std::uint8_t { Allowed, None };

struct ExchangeOptions {
  std::size_t runs = 0;
  Repeats repeats = Repeats::Allowed;  // None: each candidate once at most
  std::uint32_t starts = 10;           // by chance: exchanges end where no single one helps
  std::uint64_t seed = 1;
  unsigned threads = 1;
};

struct ExactDesign {
  std::vector<std::size_t> runs;  // [run] candidates, ascending
  double value = 0.0;             // of the criterion
  std::vector<double> of_start;   // [start] value where it ended
  std::uint64_t exchanges = 0;    // of all starts
  bool converged = true;          // false: a start was stopped while an exchange still helped
};

// The best of all starts; the same for any number of threads. core::Error for what is not finite or not as many, a
// precision or moments that are no covariances, columns that depend on each other, and fewer runs than it takes to
// tell the columns apart.
ExactDesign exchange_design(const DesignProblem& problem, const ExchangeOptions& options);

struct ApproximateOptions {
  double runs = 1.0;                  // in all: they matter beside a prior, and scale the value
  double tolerance = 1e-6;            // of the largest sensitivity above 1
  std::uint32_t iterations = 10'000;  // at most
};

struct ApproximateDesign {
  std::vector<double> weights;  // [candidate] shares of the runs
  double value = 0.0;           // of the criterion
  double bound = 0.0;           // no design of as many runs has a better value
  // [candidate] slope of the criterion towards it, over what all together have: d(x) / p for D without a prior. At
  // the optimum 1 where there is weight, and nowhere more.
  std::vector<double> sensitivity;
  double efficiency = 0.0;  // at least: 1 / the largest sensitivity
  std::uint32_t iterations = 0;
  bool converged = false;
};

// Multiplication by sensitivities (S. D. Silvey, D. M. Titterington and B. Torsney, Communications in Statistics A7,
// 1978; powers 1 for D and 1/2 for A and I, with which no step is a loss: Y. Yu, Annals of Statistics 38, 2010), in
// turns with exchanges of weight towards the most sensitive candidate (D. Böhning, Metrika 33, 1986), without which
// candidates near good ones fade slowly. core::Error as above.
ApproximateDesign approximate_design(const DesignProblem& problem,
                                     const ApproximateOptions& options = {});

}  // namespace twin::uq
