// Whether chains have come to the same law, and how much they tell of it: A. Vehtari, A. Gelman, D. Simpson,
// B. Carpenter and P.-C. Buerkner, "Rank-normalization, folding, and localization", Bayesian Analysis 16, 2021.
#pragma once
#include <cstddef>
#include <span>
#include <vector>

namespace twin::infer {

// Draws of one quantity, [chain][draw], all chains as long.
using ChainsOf = std::vector<std::vector<double>>;

struct Diagnostics {
  double mean = 0.0, deviation = 0.0;
  // The greater of two: by ranks, and by ranks of the distance from the median. Above 1.01 the chains differ, from
  // each other or from themselves a half before; not a number where nothing moves.
  double split_r_hat = 1.0;
  double bulk_ess = 0.0;         // effective draws for the middle of the law
  double tail_ess = 0.0;         // the lesser of those for its 5 % and 95 % quantiles
  double mean_error = 0.0;       // Monte Carlo standard error of the mean
  double deviation_error = 0.0;  // and of the standard deviation, as of draws near a normal law
  // That of the 5 %, 50 % and 95 % quantiles, by the order statistics around them.
  double low_error = 0.0, median_error = 0.0, high_error = 0.0;
};

// core::Error for no chains, chains of different lengths, fewer than 8 draws in each, or what is not finite.
Diagnostics diagnose(const ChainsOf& chains);

// Effective draws for the mean of x (at least 4 draws a chain): of all chains together by Geyer's initial monotone
// sequence (C. J. Geyer, Statistical Science 7, 1992), as Stan has it; chains are not split. All that does not
// move counts once each.
double effective_draws(const ChainsOf& chains);
// How much wider all chains together are than each (A. Gelman and D. B. Rubin, Statistical Science 7, 1992).
double r_hat(const ChainsOf& chains);

// Each value as the normal quantile of (rank - 3/8) / (n + 1/4) among all chains; equal values share a rank.
ChainsOf rank_normalised(const ChainsOf& chains);
ChainsOf split(const ChainsOf& chains);  // each into halves; a middle draw is left out

}  // namespace twin::infer
