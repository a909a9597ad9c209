#include "twin/score/pit.hpp"

#include <algorithm>
#include <numeric>

#include "twin/core/expect.hpp"
#include "twin/score/checked.hpp"
#include "twin/score/normal.hpp"
#include "twin/score/weights.hpp"

namespace twin::score {

double normal_pit(double mean, double deviation, double y) {
  need_finite(mean, "mean");
  need_positive(deviation, "deviation");
  need_finite(y, "observation");
  return normal_below((y - mean) / deviation);
}

double ensemble_pit(std::span<const double> ensemble, double y, double u) {
  need_finite(ensemble, "ensemble");
  need_finite(y, "observation");
  TWIN_EXPECT(u > 0.0 && u < 1.0, u);
  double below = 0.0, places = 1.0;
  for (const double x : ensemble) {
    below += x < y ? 1.0 : 0.0;
    places += x == y ? 1.0 : 0.0;
  }
  return (below + u * places) / static_cast<double>(ensemble.size() + 1);
}

double weighted_pit(std::span<const double> values, std::span<const double> weights, double y,
                    double u) {
  need_finite(y, "observation");
  TWIN_EXPECT(u > 0.0 && u < 1.0, u);
  double below = 0.0, up_to = 0.0;
  for (const Weighted& x : sorted_shares(values, weights)) {
    if (x.value < y) below = x.share_up_to;
    if (x.value <= y) up_to = x.share_up_to;
  }
  return below + u * (up_to - below);
}

PitHistogram::PitHistogram(std::size_t bins) : counts_(bins) { TWIN_EXPECT(bins >= 2, bins); }

void PitHistogram::add(double pit) {
  TWIN_EXPECT(!counts_.empty());
  need_probability(pit, "PIT");
  const auto bin = static_cast<std::size_t>(pit * static_cast<double>(counts_.size()));
  ++counts_[std::min(bin, counts_.size() - 1)];
}

void PitHistogram::merge(const PitHistogram& other) {
  TWIN_EXPECT(counts_.size() == other.counts_.size(), counts_.size(), other.counts_.size());
  for (std::size_t i = 0; i < counts_.size(); ++i) counts_[i] += other.counts_[i];
}

std::uint64_t PitHistogram::total() const {
  return std::accumulate(counts_.begin(), counts_.end(), std::uint64_t{0});
}

std::optional<Flatness> PitHistogram::flatness() const {
  if (counts_.empty()) return std::nullopt;
  return score::flatness(counts_);
}

}  // namespace twin::score
