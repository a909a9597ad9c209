// Values with weights, as particles are, in order and with their shares: what scores of weighted
// samples start from.
#pragma once
#include <span>
#include <vector>

namespace twin::score {

struct Weighted {
  double value = 0.0;
  double share_up_to = 0.0;  // of all weight, on this value and the ones before it
};

// Ascending by value; values of weight 0 are left out. Weights need not sum to one. core::Error for
// values that are none or not finite, and for weights that are negative, not finite or all zero.
std::vector<Weighted> sorted_shares(std::span<const double> values,
                                    std::span<const double> weights);

}  // namespace twin::score
