// Chance constraints: is the probability of a violation below what is allowed? Answered from counted
// scenarios with exact bounds, so that "no" and "not yet known" are told apart.
#pragma once
#include <cstdint>

#include "twin/score/coverage.hpp"

namespace twin::uq {

enum class Kept : std::uint8_t {
  Unknown,  // more scenarios would tell
  Yes,      // the probability is at most the limit, as sure as it was to be
  No        // it is above
};

struct Chance {
  std::uint64_t violations = 0;
  std::uint64_t scenarios = 0;
  double share = 0.0;  // violations / scenarios; 0 without any
  score::Bounds
      bounds{};  // one-sided each: the probability is below high, and above low, with this
                 // confidence (Clopper and Pearson 1934)
  Kept kept = Kept::Unknown;
};

// Is P(violation) <= limit? core::Error for a limit that is no probability or a confidence that is none;
// more violations than scenarios are our own mistake.
Chance chance(std::uint64_t violations, std::uint64_t scenarios, double limit,
              double confidence = 0.95);

// The least number of scenarios that shows P(violation) <= limit if none of them has a violation:
// (1 - limit)^n <= 1 - confidence. With the usual 0.05 and 0.95: 59.
std::uint64_t scenarios_to_show(double limit, double confidence = 0.95);

// A plan with d free numbers that is optimal for this many scenarios of a convex problem, and feasible
// for all, violates with probability at most epsilon, but for a probability beta of bad luck:
//   n >= (2 / epsilon) (ln(1 / beta) + d)
// (M. C. Campi, S. Garatti and M. Prandini, Annual Reviews in Control 33, 2009).
std::uint64_t scenarios_for_plan(double epsilon, double beta, std::uint64_t d);
// The least such n: P(Binomial(n, epsilon) < d) <= beta, which cannot be bettered (M. C. Campi and
// S. Garatti, SIAM J. Optimization 19, 2008, theorem 1).
std::uint64_t least_scenarios_for_plan(double epsilon, double beta, std::uint64_t d);

}  // namespace twin::uq
