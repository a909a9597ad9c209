#include "twin/score/rank_histogram.hpp"

#include <algorithm>
#include <numeric>
#include <string>

#include "twin/core/error.hpp"
#include "twin/core/expect.hpp"
#include "twin/score/checked.hpp"

namespace twin::score {

std::size_t rank_of(std::span<const double> ensemble, double y, double u) {
  need_finite(ensemble, "ensemble");
  need_finite(y, "observation");
  TWIN_EXPECT(u > 0.0 && u < 1.0, u);
  std::size_t below = 0, ties = 0;
  for (const double x : ensemble) {
    below += x < y ? 1 : 0;
    ties += x == y ? 1 : 0;
  }
  const auto place = static_cast<std::size_t>(u * static_cast<double>(ties + 1));
  return below + std::min(place, ties);
}

RankHistogram::RankHistogram(std::size_t members) : counts_(members + 1) {
  TWIN_EXPECT(members >= 1, members);
}

void RankHistogram::add(std::span<const double> ensemble, double y, double u) {
  if (ensemble.size() + 1 != counts_.size()) {
    throw core::Error("ensemble of " + std::to_string(ensemble.size()) +
                      " members in a rank histogram of " +
                      std::to_string(counts_.empty() ? 0 : counts_.size() - 1) +
                      " (must be as many); was a member lost?");
  }
  ++counts_[rank_of(ensemble, y, u)];
}

void RankHistogram::merge(const RankHistogram& other) {
  TWIN_EXPECT(counts_.size() == other.counts_.size(), counts_.size(), other.counts_.size());
  for (std::size_t i = 0; i < counts_.size(); ++i) counts_[i] += other.counts_[i];
}

std::uint64_t RankHistogram::total() const {
  return std::accumulate(counts_.begin(), counts_.end(), std::uint64_t{0});
}

std::optional<Flatness> RankHistogram::flatness() const {
  if (counts_.empty()) return std::nullopt;
  return score::flatness(counts_);
}

}  // namespace twin::score
