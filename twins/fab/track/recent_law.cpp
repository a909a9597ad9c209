#include "twins/fab/track/recent_law.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "twin/core/expect.hpp"
#include "twin/math/elementary.hpp"

namespace twins::fab::track {

RecentLaw::RecentLaw(const std::vector<double>& guess, Tail tail) : kind_(tail) {
  for (const double duration : guess) saw(duration);
  seen_ = 0;
}

void RecentLaw::saw(double duration) {
  TWIN_EXPECT(duration >= 0.0 && duration < 1e300, duration);
  ++seen_;
  if (ring_.size() < Remembered) {
    ring_.push_back(duration);
  } else {
    sorted_.erase(std::ranges::lower_bound(sorted_, ring_[oldest_]));
    ring_[oldest_] = duration;
    oldest_ = (oldest_ + 1) % Remembered;
  }
  sorted_.insert(std::ranges::upper_bound(sorted_, duration), duration);
  shape();
}

void RecentLaw::shape() {
  constexpr std::size_t Greatest = 7;
  constexpr double Harmonic =
      2.592857142857143;  // 1 + 1/2 + ... + 1/7: mean of their sum, exponential law of scale 1
  const std::size_t n = sorted_.size();
  const double spacing =
      n > 1 ? (sorted_.back() - sorted_.front()) / static_cast<double>(n - 1) : 0.0;
  least_ = std::max(0.0, sorted_.front() - spacing);
  tail_ = n > Greatest ? (sorted_.back() - sorted_[n - 1 - Greatest]) / Harmonic : spacing;
}

double RecentLaw::mean() const {
  if (sorted_.empty()) return 0.0;
  return std::accumulate(sorted_.begin(), sorted_.end(), 0.0) / static_cast<double>(sorted_.size());
}

double RecentLaw::beyond(double duration) const {
  if (sorted_.empty()) return 0.0;
  const double cell = 1.0 / (static_cast<double>(sorted_.size()) + 1.0);
  if (duration < sorted_.back()) return 1.0 - below(duration);
  if (!(tail_ > 0.0)) return 0.0;
  const double excess = (duration - sorted_.back()) / tail_;
  if (kind_ == Tail::Light) return cell * twin::math::exp(-excess);
  return cell /
         ((1.0 + 0.5 * excess) * (1.0 + 0.5 * excess));  // of the same slope at its beginning
}

double RecentLaw::below(double duration) const {
  if (sorted_.empty()) return 1.0;
  const double n = static_cast<double>(sorted_.size());
  if (duration >= sorted_.back()) return 1.0 - beyond(duration);
  if (duration < least_) return 0.0;
  const auto above = std::ranges::upper_bound(sorted_, duration);  // exists: duration < back
  const auto rank = static_cast<double>(above - sorted_.begin());
  const double from = above == sorted_.begin() ? least_ : *(above - 1);
  const double part = *above > from ? (duration - from) / (*above - from) : 0.0;
  return (rank + part) / (n + 1.0);
}

double RecentLaw::quantile(double share) const {
  const double n = static_cast<double>(sorted_.size());
  const double rank = share * (n + 1.0);
  if (rank >= n) {
    const double left = std::clamp((1.0 - share) * (n + 1.0), 1e-300, 1.0);  // of the last cell
    const double excess =
        kind_ == Tail::Light ? -twin::math::log(left) : 2.0 / std::sqrt(left) - 2.0;
    return sorted_.back() + tail_ * excess;
  }
  const auto i = static_cast<std::size_t>(std::max(rank, 0.0));
  const double from = i == 0 ? least_ : sorted_[i - 1];
  return from + (rank - static_cast<double>(i)) * (sorted_[i] - from);
}

double RecentLaw::between(double from, double to, double u) const {
  if (sorted_.empty()) return from;
  const double low = from > 0.0 ? below(from) : 0.0, high = below(to);  // 0 itself counts
  if (!(high > low)) return to;
  return std::clamp(quantile(low + u * (high - low)), from, to);
}

}  // namespace twins::fab::track
