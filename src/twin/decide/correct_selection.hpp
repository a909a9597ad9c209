// How probable it is that the alternative that looks best is the best: lower bounds from each rival's
// gap alone, whatever the rivals have in common.
#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "twin/math/statistics.hpp"

namespace twin::decide {

// What stands between one rival and the best: how far behind it is, and how well that is known.
struct Gap {
  double behind = 0.0;          // the rival's mean less the best's; less is better
  double standard_error = 0.0;  // of it
  double degrees = 1.0;         // of freedom of that error; infinite where it is known
};

// Welch's gap of two that were run apart, each with at least two values (B. L. Welch, Biometrika 34,
// 1947); the gap of pairs under common random numbers, over the replications that both have, with the
// two means' difference over just these.
Gap gap_apart(const math::Moments& best, const math::Moments& rival);
Gap gap_apart(std::span<const double> best, std::span<const double> rival);
Gap gap_paired(const math::Moments& rival_less_best);
Gap gap_paired(std::span<const double> best, std::span<const double> rival);

// P(T <= (behind + indifference) / standard_error): that this rival is not better than the best by
// more than `indifference` >= 0 is believed so much (flat prior). Two that are equal and never vary
// are 1: either is a right choice.
double pair_probability(const Gap& gap, double indifference = 0.0);

enum class Bound : std::uint8_t {
  Bonferroni,  // 1 - sum of (1 - p_i): holds always (APCS-B of Chen et al. 2000, eq. 7)
  Slepian      // product of p_i: sharper; holds where gaps are positively correlated, as they are
               // when all share one best that was run apart (J. Branke, S. E. Chick and C. Schmidt,
               // Management Science 53, 2007, eq. 4)
};
// Of a correct (indifference 0) or a good selection, in [0, 1]; 1 without rivals. It is an estimate:
// whoever stops when it is high enough for the first time has picked a lucky moment, and keeps a
// little less than it says.
double probability_of_selection(std::span<const Gap> gaps, double indifference = 0.0,
                                Bound bound = Bound::Bonferroni);

}  // namespace twin::decide
