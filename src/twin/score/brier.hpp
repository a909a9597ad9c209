// The Brier score of forecasts of yes or no, the mean of (probability - [it happened])^2, and what
// it is made of (A. H. Murphy, Journal of Applied Meteorology 12, 1973), with the two terms that
// bins of unequal forecasts leave over (D. B. Stephenson, C. A. S. Coelho and I. T. Jolliffe,
// Weather and Forecasting 23, 2008, eq. 5), so that the parts sum to the score for any bins.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace twin::score {

struct YesNo {
  double probability = 0.0;  // that it happens, 0 to 1
  bool happened = false;
};

// core::Error for no forecasts or a probability outside 0 to 1, here and in all that follows.
double brier_score(std::span<const YesNo> forecasts);

// Forecasts of nearly the same probability. Bin b of n holds those in [b / n, (b + 1) / n), the
// last one also 1.
struct ProbabilityBin {
  std::uint64_t count = 0;
  double probability = 0.0;  // mean of what was said; 0 if there is nothing
  double frequency = 0.0;    // share of what happened; 0 if there is nothing
};
std::vector<ProbabilityBin> probability_bins(std::span<const YesNo> forecasts, std::size_t bins);

// score = reliability - resolution + uncertainty + within_variance - within_covariance
struct BrierParts {
  double score = 0.0;
  double reliability = 0.0;        // 0: what is said with p happens with p. Small is good
  double resolution = 0.0;         // how far frequencies differ between bins. Large is good
  double uncertainty = 0.0;        // of what happened, the forecast aside
  double within_variance = 0.0;    // of the probabilities inside bins
  double within_covariance = 0.0;  // twice that of probability and outcome inside bins
};
BrierParts brier_parts(std::span<const YesNo> forecasts, std::size_t bins);

}  // namespace twin::score
