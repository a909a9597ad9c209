// How much scores tell that share their luck: the lots of one window and windows that overlap are not independent, so
// a mean over them is surer than it looks. Their variance is taken from the windows, not from the scores.
#pragma once
#include <cstddef>
#include <vector>

#include "twin/score/coverage.hpp"

namespace twins::fab::forecast {

struct Cluster {     // the scores of one window
  double n = 0.0;    // how many
  double sum = 0.0;  // of the scores
};

struct MeanOf {
  double mean = 0.0;
  double error = 0.0;  // standard error
  double n = 0.0;      // scores
};

// The mean over all scores and its standard error: the ratio estimate of cluster sampling (W. G. Cochran, "Sampling
// techniques", 3rd ed. 1977, eq. 6.13), with the covariances of windows up to `lags` apart, weighted as W. K. Newey and
// K. D. West (Econometrica 55, 1987) do so that it is not negative. runs: independent of each other, their windows
// in the order of time. Fewer than two windows: an error of infinity.
MeanOf mean_of(const std::vector<std::vector<Cluster>>& runs, std::size_t lags);

struct Share {
  double share = 0.0, n = 0.0;
  double effective =
      0.0;  // independent trials with this error: share (1 - share) / error^2, at most n
  twin::score::Bounds bounds;  // Clopper-Pearson, 95 %, of so many trials
};

// Of scores that are 0 or 1. Where the windows do not differ (share 0 or 1), each window counts as one trial.
Share share_of(const std::vector<std::vector<Cluster>>& runs, std::size_t lags);

}  // namespace twins::fab::forecast
