// The reliability diagram: how often what was said with probability p came true, and how far from p
// that may lie by chance if the forecasts are reliable.
#pragma once
#include <span>
#include <vector>

#include "twin/score/brier.hpp"

namespace twin::score {

struct ReliabilityPoint {
  ProbabilityBin bin;
  // Consistency bar (after J. Broecker and L. A. Smith, Weather and Forecasting 22, 2007): the
  // frequencies that hold the wanted level of a binomial with the mean probability of the bin. They
  // resample instead; the binomial needs no draws, and is at least as wide as the count of unequal
  // probabilities (W. Hoeffding, Annals of Mathematical Statistics 27, 1956, theorem 4).
  double bar_low = 0.0;
  double bar_high = 1.0;  // 0 to 1 where there is nothing
  [[nodiscard]] bool consistent() const {
    return bin.count == 0 || (bar_low <= bin.frequency && bin.frequency <= bar_high);
  }
};

// [bin], equal widths from 0 to 1. Below a bar and above it lie at most (1 - level) / 2 each. For
// one false alarm a diagram instead of one a bin, take the level 1 - (1 - level) / bins. core::Error
// for no forecasts, a probability outside 0 to 1, a level outside 0 to 1.
std::vector<ReliabilityPoint> reliability_diagram(std::span<const YesNo> forecasts,
                                                  std::size_t bins = 10, double level = 0.95);

}  // namespace twin::score
