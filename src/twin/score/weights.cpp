#include "twin/score/weights.hpp"

#include <algorithm>
#include <string>

#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"
#include "twin/score/checked.hpp"

namespace twin::score {

std::vector<Weighted> sorted_shares(std::span<const double> values,
                                    std::span<const double> weights) {
  need_same_length(values.size(), "values", weights.size(), "weights");
  need_finite(values, "values");
  need_finite(weights, "weights");
  std::vector<Weighted> x;
  x.reserve(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (weights[i] < 0.0) {
      throw core::Error("weights[" + std::to_string(i) + "] = " + core::show_values(weights[i]) +
                        " (must not be negative); is it a logarithm?");
    }
    if (weights[i] > 0.0) x.push_back({values[i], weights[i]});
  }
  if (x.empty())
    throw core::Error("all weights are zero (some value must have weight); has the filter failed?");
  std::ranges::stable_sort(x, {}, &Weighted::value);
  double total = 0.0;
  for (Weighted& w : x) w.share_up_to = total += w.share_up_to;
  for (Weighted& w : x) w.share_up_to /= total;
  return x;
}

}  // namespace twin::score
